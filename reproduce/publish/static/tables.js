"use strict";

// Tables that are wider than the page, and their files to download.

// Where the first column is only a number, the next one says what the row is about.
function isKeyed(table) {
  const [first, second] = table.tHead.rows[0].cells;
  return first.classList.contains("number") && second?.classList.contains("number") === false;
}

function startTables() {
  for (const box of document.querySelectorAll("main .scroll")) {
    const table = box.querySelector("table");
    table.classList.toggle("keyed", isKeyed(table));
    box.addEventListener("scroll", () => box.classList.toggle("moved", box.scrollLeft > 0));
  }
}

function startDownloads(files) {
  for (const button of document.querySelectorAll("[data-file]")) {
    const name = button.dataset.file;
    button.addEventListener("click", () => download(`${name}.csv`, files[name]));
    button.hidden = false;
  }
}
