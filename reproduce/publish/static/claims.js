"use strict";

// Filters of the claims, and files to download.

function startClaims() {
  const bar = document.getElementById("claim-filters");
  const claims = [...document.querySelectorAll(".claims > li")];
  for (const button of bar.children) {
    button.addEventListener("click", () => {
      for (const other of bar.children) {
        other.setAttribute("aria-pressed", other === button);
      }
      claims.forEach((claim) => {
        claim.hidden = Boolean(button.dataset.filter) &&
          claim.dataset.verdict !== button.dataset.filter;
      });
    });
  }
  bar.hidden = false;
  startRoving(bar);
}

function startDownloads(files) {
  for (const button of document.querySelectorAll("[data-file]")) {
    const name = button.dataset.file;
    button.addEventListener("click", () => download(`${name}.csv`, files[name]));
    button.hidden = false;
  }
}
