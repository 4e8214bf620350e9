"use strict";

// Starts each part of the page that is there.

function printable(isPrinting) {
  for (const details of document.querySelectorAll("details")) {
    details.open = isPrinting;
  }
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
  addEventListener("beforeprint", () => printable(true));
  addEventListener("afterprint", () => printable(false));
}

start();
