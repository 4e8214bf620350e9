"use strict";

// Starts each part of the page that is there.

// On paper nothing can be unfolded; afterwards only what was open stays so. The
// appendix, which has its files to download, stays off paper.
function unfoldForPrinting() {
  const folded = document.querySelectorAll(
    "main section:not(#appendix) details:not([open])");
  folded.forEach((details) => {
    details.open = true;
  });
  addEventListener("afterprint", () => {
    folded.forEach((details) => {
      details.open = false;
    });
  }, { once: true });
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  WORDS = JSON.parse(document.getElementById("words").textContent);
  const methods = data.methods.map((method) => method.key);
  const asked = readAddress(location.hash, methods);
  const state = asked ?? { ...DEFAULTS, hidden: new Set() };
  if (!asked) {
    const ran = Object.values(data.cells).filter((cell) => cell.runs.stated.length);
    state.architecture = Math.min(...ran.map((cell) => cell.architecture), 5);
  }
  startTheme(document.getElementById("theme"));
  const drawn = {};
  const changed = () => {
    showAddress(state);
  };
  const open = startCell(data, state, () => {
    drawn.curves?.();
    changed();
  });
  drawn.grid = startGrid(data, state, open, () => {
    drawn.curves();
    changed();
  });
  drawn.curves = startCurves(data, state, changed);
  startBothRules(data);
  startRates(data);
  startRace(data);
  startClaims();
  startTables();
  startDownloads(data.files);
  const best = document.getElementById("model");
  if (best.querySelector(".split")) {
    startConfusion(best, data.errors);
  }
  if (data.model) {
    startDrawing(data.model, document.getElementById("weights").textContent);
  }
  if (asked) {
    if (asked.cell && asked.method) {
      open(`${asked.architecture}/${asked.method}`);
    } else if (state.quantity === DEFAULTS.quantity) {
      document.getElementById("curves").scrollIntoView();
    }
  }
  addEventListener("hashchange", () => {
    const next = readAddress(location.hash, methods);
    if (next) {
      Object.assign(state, next);
      drawn.grid();
      drawn.curves();
      if (next.cell && next.method) {
        open(`${next.architecture}/${next.method}`);
      }
    }
  });
  addEventListener("beforeprint", unfoldForPrinting);
}

start();
