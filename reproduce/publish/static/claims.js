"use strict";

// Filters of the claims.

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
