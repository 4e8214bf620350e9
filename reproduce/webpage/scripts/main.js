"use strict";

// Starts each part of the page that is there.

// On paper nothing can be unfolded; afterwards only what was open stays so.
function unfoldForPrinting() {
  const folded = document.querySelectorAll("details:not([open])");
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
  startTheme(document.getElementById("theme"));
  document.querySelectorAll("table.sortable").forEach(startSorting);
  for (const figure of document.querySelectorAll("figure.curves")) {
    startCurves(figure, data.curves[figure.dataset.architecture] || []);
  }
  const best = document.getElementById("best-model");
  if (best && best.querySelector(".split")) {
    startConfusion(best, data.errors);
  }
  if (data.model) {
    startDrawing(data.model, document.getElementById("weights").textContent);
  }
  addEventListener("beforeprint", unfoldForPrinting);
}

start();
