"use strict";

// The side panel of a cell: its runs, the original's numbers, a matrix, a CSV.

const QUANTITIES = ["epochs", "train", "validation"];

// Columns: [key, words, whether they are numbers]; the first one heads its row.
function tableOf(label, columns, rows, classes) {
  const head = element("tr", {}, ...columns.map(([, words, isNumber]) =>
    element("th", { scope: "col", class: isNumber && "number" }, words)));
  const body = rows.map((row) => element("tr", {}, ...columns.map(([key, words, isNumber], i) =>
    (i ? element("td", { class: isNumber && "number", "data-head": words }, row[key])
      : element("th", { scope: "row" }, row[key])))));
  const box = { class: "scroll", tabindex: 0, role: "region", "aria-label": label };
  return element("div", box, element("table", { class: classes },
    element("thead", {}, head), element("tbody", {}, ...body)));
}

function intervalWords(verdict, quantity) {
  if (!verdict || verdict.low === null) {
    return MISSING;
  }
  const write = quantity === "epochs" ? (v) => writeCount(Math.round(v)) : writePercent;
  return say("to", { low: write(verdict.low), high: write(verdict.high) });
}

function spreadWords(data, runs, quantity) {
  const values = runs.map((run) => runValue(run, quantity)).filter((v) => v !== null);
  const words = cellWords(data, runs, quantity);
  return Number.isFinite(median(values) ?? NaN)
    ? writeSpread(values, writeQuantity(quantity)) : words;
}

// A number and what follows it, on a line of its own.
function twoLines(words, mark) {
  const at = words.indexOf(mark);
  return at < 0 ? words : element("span", {}, words.slice(0, at), element("br"),
    element("small", {}, words.slice(at + 1)));
}

function verdictTable(data, name, rule) {
  const cell = data.cells[name];
  const runs = cellRuns(data, name, rule);
  const rows = QUANTITIES.map((quantity) => {
    const verdict = cell.verdicts[rule]?.[quantity] ?? null;
    const label = slugged(verdict?.label ?? "NOT JUDGED");
    const reason = verdict?.reason ? `: ${say(verdict.reason)}` : "";
    return {
      quantity: say(`quantity-${quantity}`),
      original: verdict ? writeOriginal(cell, quantity) : MISSING,
      ours: twoLines(spreadWords(data, runs, quantity), " ("),
      interval: twoLines(intervalWords(verdict, quantity), " to "),
      verdict: element("span", { class: `badge-inline ${label}` }, say(label) + reason),
    };
  });
  const columns = ["quantity", "original", "ours", "interval", "verdict"].map((key) =>
    [key, say(`head-${key}`), !["quantity", "verdict"].includes(key)]);
  return tableOf(`${say("verdictsLabel")}: ${say(rule)}`, columns, rows, "verdict-table");
}

function miniChart(data, cell, runs) {
  const lines = runs.map((run) => ({
    ...runLine(data, cell.method, run, "loss", "epochs"), label: "",
    kind: run.middle ? "median" : "seed",
  }));
  const printed = cell.original.epochs;
  return {
    lines,
    marks: printed === null ? [] : [{
      upright: true,
      at: printed,
      label: say("originalMark", { number: writeCount(printed) }),
      title: say("original", {
        method: data.methods[cell.method].label, epochs: writeCount(printed),
      }),
    }],
    log: { x: true, y: true },
    percent: false,
    xLabel: say("epochs"),
    yLabel: say("loss"),
    title: say("miniLabel", {
      method: data.methods[cell.method].label, architecture: cell.architecture,
    }),
  };
}

function matrixTable(data, run) {
  const head = element("tr", {}, element("td", {}, say("matrixCorner")),
    ...data.digits.map((digit) => element("th", { scope: "col" }, String(digit))));
  const rows = run.matrix.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    return element("tr", {}, element("th", { scope: "row" }, String(data.digits[i])),
      ...row.map((count, j) => {
        const level = count ? Math.max(1, Math.round(10 * (count / total) ** 0.4)) : 0;
        const kind = i === j ? "right" : "wrong";
        return element("td", { class: `${kind} level-${level}` }, writeCount(count));
      }));
  });
  const caption = element("caption", {}, say("cellMatrix", { seed: run.seed }));
  const table = element("table", { class: "heat small" }, caption,
    element("thead", {}, head), element("tbody", {}, ...rows));
  const outside = run.outside
    ? element("p", { class: "note" }, say("outside", { count: writeCount(run.outside) }))
    : null;
  return element("div", {}, table, ...(outside ? [outside] : []));
}

function runsCsv(data, cell, runs) {
  const heads = ["architecture", "method", "seed", "ending", "epochs", "train_accuracy",
    "validation_accuracy", "test_accuracy"];
  const lines = runs.map((run) => [cell.architecture, data.methods[cell.judgedAs].key,
    run.seed, run.ending, run.epochs, run.trainFinal, run.validationFinal, run.testFinal]
    .map((value) => value ?? "").join(","));
  return `${[heads.join(","), ...lines].join("\n")}\n`;
}

function runsTable(data, runs, rule, holder) {
  const rows = runs.map((run) => {
    const seed = run.matrix
      ? element("button", {
        type: "button", class: "seed-button",
        "aria-label": say("showMatrix", { seed: run.seed }),
      }, String(run.seed))
      : String(run.seed);
    if (run.matrix) {
      seed.addEventListener("click", () => holder.replaceChildren(matrixTable(data, run)));
    }
    return {
      seed,
      ending: say(run.ending) + (data.pooled && run.mine ? ` (${say("endedMine")})` : ""),
      epochs: writeCount(run.epochs),
      training: writePercent(run.trainFinal),
      validation: writePercent(run.validationFinal),
      testHead: writePercent(run.testFinal),
    };
  });
  const columns = ["seed", "ending", "epochs", "training", "validation", "testHead"].map(
    (key) => [key, say(key), !["seed", "ending"].includes(key)]);
  return tableOf(`${say("cellRuns")}: ${say(rule)}`, columns, rows, "runs-table");
}

function ruleSection(data, name, rule, several) {
  const cell = data.cells[name];
  const runs = cellRuns(data, name, rule);
  const parts = [];
  if (several) {
    parts.push(element("h3", {}, say(rule)));
  }
  if (cell.verdicts[rule]) {
    parts.push(verdictTable(data, name, rule));
  }
  if (!runs.length) {
    return [...parts, element("p", { class: "note" }, say("cellNoRuns"))];
  }
  const chart = startChart(() => miniChart(data, { ...cell, method: cell.judgedAs }, runs),
    { classes: "mini" });
  const holder = element("div", { class: "matrix-holder" });
  const middle = runs.find((run) => run.middle && run.matrix) ?? runs.find((r) => r.matrix);
  if (middle) {
    holder.append(matrixTable(data, middle));
  }
  const save = element("button", { type: "button", class: "download" }, say("downloadRuns"));
  const stem = `architecture-${cell.architecture}-${data.methods[cell.judgedAs].key}`;
  save.addEventListener("click", () =>
    download(`${stem}-${rule}.csv`, runsCsv(data, cell, runs)));
  requestAnimationFrame(() => chart.redraw());
  return [...parts, chart.box, chart.readout, runsTable(data, runs, rule, holder), holder,
    save];
}

function startCell(data, state, onChange) {
  const dialog = document.getElementById("cell");
  const body = document.getElementById("cell-body");
  function open(name) {
    const cell = data.cells[name];
    if (!cell) {
      return;
    }
    const method = data.methods[cell.method];
    const isTwo = [4, 5].includes(cell.architecture) && cell.verdicts.patient &&
      cellRuns(data, name, "patient").length > 0;
    const order = state.rule === "patient" ? ["patient", "stated"] : ["stated", "patient"];
    const parts = (isTwo ? order : ["stated"]).flatMap((rule) =>
      ruleSection(data, name, rule, isTwo));
    const notes = [];
    if (cell.judgedAs !== cell.method) {
      notes.push(element("p", { class: "note" }, say("judgedAs", {
        method: method.label, judged: data.methods[cell.judgedAs].label,
      })));
    }
    if (!cell.verdicts.stated) {
      notes.push(element("p", { class: "note" }, say("noVerdict")));
    }
    body.replaceChildren(
      element("h2", { id: "cell-title" }, say("cellTitle", {
        method: method.label, architecture: cell.architecture,
      })), ...notes, ...parts);
    state.architecture = cell.architecture;
    state.method = method.key;
    state.cell = true;
    if (!dialog.open) {
      dialog.showModal();
    }
    dialog.scrollTop = 0;
    onChange();
  }
  dialog.addEventListener("close", () => {
    state.cell = false;
    body.replaceChildren();
    onChange();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  return open;
}
