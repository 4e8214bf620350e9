"use strict";

// What is shown, in the address: #a4/nag/log, #a4/nag/cell, #ledger.

const DEFAULTS = {
  architecture: 1, method: null, cell: false, measure: "error", split: "training",
  unit: "epochs", scale: "log", rule: "stated", quantity: "epochs",
};
const TOKENS = {
  accuracy: ["measure", "accuracy"], error: ["measure", "error"],
  training: ["split", "training"], validation: ["split", "validation"],
  epochs: ["unit", "epochs"], updates: ["unit", "updates"], seconds: ["unit", "seconds"],
  log: ["scale", "log"], linear: ["scale", "linear"],
  "grid-epochs": ["quantity", "epochs"], "grid-train": ["quantity", "train"],
  "grid-validation": ["quantity", "validation"], stated: ["rule", "stated"], patient: ["rule", "patient"], cell: ["cell", true],
};

// State from an address, or null where it names a section.
function readAddress(hash, methods) {
  const [first, ...rest] = decodeURIComponent(hash.replace(/^#/, "")).split("/");
  if (!/^a[1-5]$/.test(first)) {
    return null;
  }
  const state = { ...DEFAULTS, architecture: Number(first[1]), hidden: new Set() };
  for (const token of rest) {
    if (TOKENS[token]) {
      state[TOKENS[token][0]] = TOKENS[token][1];
    } else if (methods.includes(token)) {
      state.method = token;
    } else if (token[0] === "-" && methods.includes(token.slice(1))) {
      state.hidden.add(token.slice(1));
    }
  }
  return state;
}

function writeAddress(state) {
  const parts = [`a${state.architecture}`];
  if (state.method) {
    parts.push(state.method);
  }
  if (state.cell) {
    parts.push("cell");
  }
  if (state.quantity !== DEFAULTS.quantity) {
    parts.push(`grid-${state.quantity}`);
  }
  for (const key of ["measure", "split", "unit", "rule"]) {
    if (state[key] !== DEFAULTS[key]) {
      parts.push(state[key]);
    }
  }
  parts.push(state.scale, ...[...state.hidden].map((method) => `-${method}`));
  return `#${parts.join("/")}`;
}

function showAddress(state) {
  // Pages opened from disk may be refused a history.
  try {
    history.replaceState(null, "", writeAddress(state));
  } catch {
    // Then the address stays as it was.
  }
}
