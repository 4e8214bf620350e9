"use strict";

// The grid of the cells: each with its seeds, its interval and the original's mark.

const STRIP = { epochs: Math.log(2.5), accuracy: 0.04 }; // to either side
const EDGE = 3; // per cent of the strip that are kept free

function slugged(label) {
  return label.toLowerCase().replaceAll(" ", "-");
}

function writeQuantity(quantity) {
  return quantity === "epochs" ? writeCount : writePercent;
}

// The original's number, as it is printed.
function writeOriginal(cell, quantity) {
  const value = cell.original[quantity];
  if (value === null) {
    return "?";
  }
  return quantity === "epochs" ? writeCount(value)
    : writePercent(value, Math.max(0, cell.decimals[quantity] - 2));
}

// The runs that a cell shows, of the rule or, outside 4 and 5, of the only one.
function cellRuns(data, name, rule) {
  const cell = data.cells[name];
  const judged = `${cell.architecture}/${data.methods[cell.judgedAs].key}`;
  const runs = data.cells[judged].runs;
  const isPatient = rule === "patient" && [4, 5].includes(cell.architecture);
  return isPatient && cell.verdicts.stated ? runs.patient : runs.stated;
}

function runValue(run, quantity) {
  if (quantity !== "epochs") {
    return run[`${quantity}Final`];
  }
  return ["threshold", "rose"].includes(run.ending) ? run.epochs : Infinity;
}

// What stands for a cell's runs: a median, `diverged`, or more than the limit.
function cellWords(data, runs, quantity) {
  const values = runs.map((run) => runValue(run, quantity)).filter((v) => v !== null);
  const lost = runs.filter((run) => run.ending === "diverged").length;
  if (!runs.length) {
    return MISSING;
  }
  const middle = median(values);
  if (middle !== null && Number.isFinite(middle)) {
    return writeQuantity(quantity)(middle);
  }
  return 2 * lost >= runs.length ? say("diverged") : `>${writeCount(data.maxEpochs)}`;
}

function stripPlace(value, reference, quantity) {
  const half = quantity === "epochs" ? STRIP.epochs : STRIP.accuracy;
  const away = quantity === "epochs" ? Math.log(value / reference) : value - reference;
  const place = 50 + (50 - EDGE) * (away / half);
  return {
    at: Math.min(100 - EDGE, Math.max(EDGE, place)),
    beyond: !(place >= EDGE && place <= 100 - EDGE),
  };
}

function drawStrip(runs, quantity, original, verdict) {
  const strip = svgElement("svg", { class: "strip", "aria-hidden": "true" });
  const known = runs
    .map((run) => ({ run, value: runValue(run, quantity) }))
    .filter(({ value }) => value !== null);
  const reference = original ?? median(known.map(({ value }) => value));
  if (reference === null || !Number.isFinite(reference)) {
    return strip;
  }
  strip.append(svgElement("line", { x1: "0%", x2: "100%", y1: 8, y2: 8, class: "rule" }));
  if (verdict && verdict.low !== null) {
    const [a, b] = [verdict.low, verdict.high].map((v) =>
      stripPlace(Math.max(v, 1e-9), reference, quantity).at);
    strip.append(svgElement("rect", {
      x: `${a}%`, width: `${Math.max(0, b - a)}%`, y: 4.5, height: 7, rx: 2, class: "interval",
    }));
  }
  if (original !== null) {
    strip.append(svgElement("line", { x1: "50%", x2: "50%", y1: 0, y2: 16, class: "mark" }));
  }
  for (const { run, value } of known) {
    const { at, beyond } = Number.isFinite(value)
      ? stripPlace(value, reference, quantity) : { at: 100 - EDGE, beyond: true };
    strip.append(svgElement("circle", {
      cx: `${at}%`, cy: 8, r: 2.7,
      class: `seed${beyond ? " beyond" : ""}${run.mine ? " mine" : ""}`,
    }));
  }
  return strip;
}

function drawSign(label) {
  return svgElement("svg", { class: "sign", "aria-hidden": "true" },
    svgElement("use", { href: `#sign-${label}` }));
}

function drawCell(button, data, { quantity, rule }) {
  const cell = data.cells[button.dataset.cell];
  const runs = cellRuns(data, button.dataset.cell, rule);
  const verdict = cell.verdicts[rule]?.[quantity] ?? null;
  const label = slugged(verdict?.label ?? "NOT JUDGED");
  const ours = cellWords(data, runs, quantity);
  const original = verdict ? writeOriginal(cell, quantity) : null;
  const numbers = element("span", { class: "numbers" },
    element("b", {}, ours),
    original && element("span", { class: "quiet" }, ` / ${original}`));
  button.className = `cell ${label}`;
  button.replaceChildren(element("span", { class: "top-line" }, drawSign(label), numbers),
    drawStrip(runs, quantity, cell.original[quantity], verdict));
  button.setAttribute("aria-label", say("cellLabel", {
    method: data.methods[cell.method].label,
    architecture: cell.architecture,
    quantity: say(`quantity-${quantity}`),
    ours,
    original: original ?? MISSING,
    label: say(label) + (verdict?.reason ? ` (${say(verdict.reason)})` : ""),
  }));
}

// Architectures 4 and 5 by both rules, strip beside strip.
function startBothRules(data) {
  const holder = document.getElementById("both-rules");
  if (!holder) {
    return;
  }
  for (const architecture of [4, 5]) {
    const rows = data.methods.map((method) => `${architecture}/${method.key}`)
      .filter((name) => data.cells[name]?.original.epochs !== null)
      .filter((name) => cellRuns(data, name, "patient").length)
      .map((name) => {
        const cell = data.cells[name];
        const parts = ["stated", "patient"].map((rule) => {
          const verdict = cell.verdicts[rule].epochs;
          const runs = cellRuns(data, name, rule);
          const words = `${cellWords(data, runs, "epochs")} / ${writeOriginal(cell, "epochs")}`;
          const label = slugged(verdict.label);
          return element("td", { class: `strip-cell ${label}` },
            element("span", { class: "top-line" }, drawSign(label),
              element("span", {}, words, element("span", { class: "unseen" }, ` ${say(label)}`))),
            drawStrip(runs, "epochs", cell.original.epochs, verdict));
        });
        return element("tr", {},
          element("th", { scope: "row" }, data.methods[cell.method].label), ...parts);
      });
    const head = element("tr", {},
      element("th", { scope: "col" }, say("architecture", { architecture })),
      element("th", { scope: "col" }, say("stated")),
      element("th", { scope: "col" }, say("patient")));
    if (rows.length) {
      holder.append(element("table", { class: "both" }, element("thead", {}, head),
        element("tbody", {}, ...rows)));
    }
  }
}

function startGrid(data, state, onOpen, onChange) {
  const grid = document.getElementById("grid");
  const tools = document.getElementById("grid-tools");
  const buttons = [...grid.querySelectorAll("button.cell")];
  function draw() {
    buttons.forEach((button) => drawCell(button, data, state));
    document.getElementById("grid-caption").textContent = say(`caption-${state.quantity}`);
    for (const kind of ["quantity", "rule"]) {
      for (const button of tools.querySelectorAll(`[data-${kind}]`)) {
        button.setAttribute("aria-pressed", button.dataset[kind] === state[kind]);
      }
    }
  }
  for (const button of tools.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const kind = button.dataset.quantity ? "quantity" : "rule";
      state[kind] = button.dataset[kind];
      draw();
      onChange();
    });
  }
  buttons.forEach((button) =>
    button.addEventListener("click", () => onOpen(button.dataset.cell)));
  tools.hidden = false;
  draw();
  startRoving(tools);
  startRoving(grid, 5);
  return draw;
}
