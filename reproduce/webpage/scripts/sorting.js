"use strict";

// Tables whose rows are put in order by a press on a column's heading.

function sortValue(row, column) {
  const text = row.cells[column].dataset.sort;
  return text === undefined ? null : Number(text);
}

// Cells without a number come last whichever way the others go.
function compareRows(a, b, column, sign) {
  const [x, y] = [sortValue(a, column), sortValue(b, column)];
  if (x === null || y === null) {
    return (x === null) - (y === null);
  }
  return sign * (x - y);
}

function sortTable(table, column, descending) {
  const body = table.tBodies[0];
  const sign = descending ? -1 : 1;
  const rows = [...body.rows].sort((a, b) => compareRows(a, b, column, sign));
  body.append(...rows);
  const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
  for (const head of heads) {
    head.removeAttribute("aria-sort");
  }
  heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
}

function startSorting(table) {
  const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
  [...heads].forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      sortTable(table, column, head.getAttribute("aria-sort") === "ascending");
    });
  });
  heads[0].setAttribute("aria-sort", "ascending");
}
