"use strict";

// Confusion matrices: one split at a time, and the images behind a cell.

function digitImage(split, cell, [index, address]) {
  const [truth, predicted] = cell.split("-");
  const image = document.createElement("img");
  image.src = address;
  image.width = 56;
  image.height = 56;
  image.alt = say("image", { split: say(split), index, true: truth, predicted });
  image.title = image.alt;
  return image;
}

function showCell(button, part, images) {
  const { split } = part.dataset;
  const { cellImages: cell, count } = button.dataset;
  const [truth, predicted] = cell.split("-");
  const panel = part.querySelector(".images");
  for (const other of part.querySelectorAll("[data-cell-images]")) {
    other.setAttribute("aria-expanded", other === button);
  }
  const shown = images[cell];
  const key = shown.length < Number(count) ? "imagesFirst" : "imagesOf";
  const words = document.createElement("p");
  words.textContent = say(key, {
    count, true: truth, predicted, shown: shown.length,
  });
  panel.replaceChildren(words, ...shown.map((image) => digitImage(split, cell, image)));
}

function hideCell(button, part) {
  button.setAttribute("aria-expanded", false);
  part.querySelector(".images").replaceChildren();
}

function startConfusion(section, errors) {
  const parts = [...section.querySelectorAll(".split")];
  const tabs = [...section.querySelectorAll("#split-tabs button")];
  function choose(split) {
    parts.forEach((part) => part.classList.toggle("folded", part.dataset.split !== split));
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", tab.dataset.split === split));
  }
  tabs.forEach((tab) => tab.addEventListener("click", () => choose(tab.dataset.split)));
  document.getElementById("split-tabs").hidden = false;
  choose(parts[0].dataset.split);
  for (const part of parts) {
    for (const button of part.querySelectorAll("[data-cell-images]")) {
      button.addEventListener("click", () => {
        const isOpen = button.getAttribute("aria-expanded") === "true";
        const show = isOpen ? hideCell : showCell;
        show(button, part, errors[part.dataset.split]);
      });
    }
  }
}
