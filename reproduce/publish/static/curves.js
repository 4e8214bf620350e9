"use strict";

// The panel of curves: one architecture at a time, every method and seed.

const SERIES = {
  error: { training: "loss", validation: "validation_loss" },
  accuracy: { training: "accuracy", validation: "validation_accuracy" },
};

function unitFactor(run, unit) {
  return { epochs: 1, updates: run.updates, seconds: run.seconds }[unit] ?? 1;
}

function writeUnit(value, unit) {
  return unit === "seconds" ? writeSeconds(value) : writeCount(value);
}

// The points of a run that have a number.
function runPoints(run, series, unit) {
  const factor = unitFactor(run, unit);
  return run.at
    .map((epoch, i) => ({ epoch, at: epoch * factor, value: run[series][i] }))
    .filter((point) => point.value !== null && point.at > 0);
}

function endWords(method, run, unit) {
  if (run.ending === "diverged") {
    return `${method.label} ${say("diverged")}`;
  }
  const more = run.ending === "epoch_limit" ? ">" : "";
  return `${method.label} ${more}${writeUnit(run.epochs * unitFactor(run, unit), unit)}`;
}

function runLine(data, index, run, series, unit) {
  const method = data.methods[index];
  const isAccuracy = series.endsWith("accuracy");
  return {
    method: index,
    kind: run.middle ? `median${index % 2 ? " dashed" : ""}` : "seed",
    ending: run.ending,
    label: run.middle ? endWords(method, run, unit) : "",
    points: runPoints(run, series, unit),
    words: (point) => say("run", {
      method: method.label,
      seed: run.seed,
      unit: say(unit.replace(/s$/, "")),
      at: writeUnit(point.at, unit),
      quantity: say(series),
      value: isAccuracy ? writePercent(point.value) : writeError(point.value),
    }),
  };
}

function curveChart(data, state) {
  const series = SERIES[state.measure][state.split];
  const lines = [];
  const marks = [];
  const isLog = state.scale === "log";
  data.methods.forEach((method, index) => {
    const cell = data.cells[`${state.architecture}/${method.key}`];
    if (!cell || state.hidden.has(method.key)) {
      return;
    }
    const runs = cellOwnRuns(cell, state.rule);
    for (const run of runs) {
      const line = runLine(data, index, run, series, state.unit);
      line.kind += run.middle && state.method === method.key ? " picked" : "";
      lines.push(line);
    }
    const printed = cell.original.epochs;
    const judged = data.methods[cell.judgedAs];
    const judgedRuns = cellOwnRuns(data.cells[`${state.architecture}/${judged.key}`], state.rule);
    const middle = judgedRuns.find((run) => run.middle);
    if (printed !== null && middle && !state.hidden.has(judged.key)) {
      marks.push({
        method: cell.judgedAs,
        at: printed * unitFactor(middle, state.unit),
        title: say("original", { method: method.label, epochs: writeCount(printed) }),
      });
    }
  });
  return {
    lines: lines.sort((a, b) => (a.kind !== "seed") - (b.kind !== "seed")),
    marks: lines.some((line) => line.points.length) ? marks : [],
    log: { x: isLog, y: isLog && state.measure === "error" },
    percent: state.measure === "accuracy",
    xLabel: say(state.unit),
    yLabel: say(series),
    title: say("plotLabel", {
      architecture: state.architecture, quantity: say(series), unit: say(state.unit),
    }),
    empty: say("noRuns", { architecture: state.architecture }),
  };
}

function cellOwnRuns(cell, rule) {
  const patient = rule === "patient" && [4, 5].includes(cell.architecture);
  return patient && cell.runs.patient.length ? cell.runs.patient : cell.runs.stated;
}

// Press a method to hide it, twice to see it alone, twice again for all.
function curveLegend(data, state, changed) {
  const bar = element("div", {
    class: "legend-bar", role: "toolbar", "aria-label": say("legendGroup"),
  });
  function press() {
    for (const button of bar.children) {
      button.setAttribute("aria-pressed", !state.hidden.has(button.dataset.method));
      const cell = data.cells[`${state.architecture}/${button.dataset.method}`];
      button.hidden = !cell || !cell.runs.stated.length;
    }
  }
  data.methods.forEach((method, index) => {
    const button = element("button", {
      type: "button", class: `toggle swatched m-${index}`, "data-method": method.key,
    }, method.label);
    button.addEventListener("click", () => {
      state.hidden[state.hidden.has(method.key) ? "delete" : "add"](method.key);
      changed();
    });
    button.addEventListener("dblclick", () => {
      const others = data.methods.map((one) => one.key).filter((key) => key !== method.key);
      const isAlone = others.every((key) => state.hidden.has(key));
      state.hidden.clear();
      if (!isAlone) {
        others.forEach((key) => state.hidden.add(key));
      }
      changed();
    });
    bar.append(button);
  });
  press();
  return { bar, press };
}

function startCurves(data, state, onChange) {
  const panel = document.getElementById("curve-panel");
  const chart = startChart(() => curveChart(data, state), { zoomable: true });
  const legend = curveLegend(data, state, changed);
  const choices = [];
  const note = element("p", { class: "note rule-note", hidden: true }, say("ruleNote"));
  function redraw() {
    note.hidden = state.rule !== "patient" || ![4, 5].includes(state.architecture);
    legend.press();
    chart.redraw();
  }
  function changed() {
    redraw();
    onChange();
  }
  function choice(key, label, options) {
    const buttons = choiceGroup(label, options, state[key], (value) => {
      state[key] = key === "architecture" ? Number(value) : value;
      changed();
    });
    choices.push([key, buttons]);
    return buttons.group;
  }
  const tabs = choice("architecture", say("architectureGroup"), [1, 2, 3, 4, 5].map((a) => [
    a, say("architecture", { architecture: a }), say("short", { architecture: a }),
  ]));
  tabs.classList.add("tabs");
  const tools = element("div", {
    class: "toolbar", role: "toolbar", "aria-label": say("toolsGroup"),
  },
    choice("measure", say("measureGroup"),
      [["error", say("error")], ["accuracy", say("accuracyTab")]]),
    choice("split", say("splitGroup"),
      [["training", say("training")], ["validation", say("validation")]]),
    choice("unit", say("unitGroup"), ["epochs", "updates", "seconds"].map((unit) => [
      unit, say(unit)])),
    choice("scale", say("scaleGroup"), [["log", say("log")], ["linear", say("linear")]]));
  panel.append(
    tabs,
    tools,
    legend.bar, note, chart.box, chart.readout,
  );
  [tabs, tools, legend.bar].forEach((group) => startRoving(group));
  redraw();
  return () => {
    choices.forEach(([key, buttons]) => buttons.press(state[key]));
    redraw();
  };
}
