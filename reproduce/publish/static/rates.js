"use strict";

// Every method at every learning rate, one architecture at a time.

function rateChart(data, state) {
  const sweep = data.sweeps.find((one) => one.architecture === state.architecture);
  const isAccuracy = state.quantity === "accuracy";
  const write = { loss: writeError, accuracy: writePercent, epochs: writeCount }[state.quantity];
  const lines = (sweep?.lines ?? []).map((line) => ({
    method: line.method,
    kind: `median${line.method % 2 ? " dashed" : ""}`,
    label: data.methods[line.method].label,
    dots: true,
    points: line.points
      .map((p) => ({
        at: p.rate, value: p[state.quantity], runs: p.runs, ringed: p.rate === line.best,
      }))
      .filter((p) => p.value !== null),
    words: (point) => say("ratePoint", {
      method: data.methods[line.method].label,
      rate: writeRate(point.at),
      quantity: say(`rate-${state.quantity}`),
      value: write(point.value),
      runs: point.runs,
    }),
  }));
  return {
    lines,
    marks: [{
      at: 0.001, upright: true, label: say("originalMark", { number: writeRate(0.001) }),
      title: say("rate"),
    }],
    log: { x: true, y: !isAccuracy },
    percent: isAccuracy,
    xLabel: say("rate"),
    yLabel: say(`rate-${state.quantity}`),
    title: say("rateLabel", {
      architecture: state.architecture, quantity: say(`rate-${state.quantity}`),
    }),
  };
}

function startRates(data) {
  const panel = document.getElementById("rate-panel");
  if (!panel || !data.sweeps.length) {
    return;
  }
  const state = { architecture: data.sweeps[0].architecture, quantity: "loss" };
  const chart = startChart(() => rateChart(data, state));
  const tabs = choiceGroup(say("architectureGroup"), data.sweeps.map((sweep) => [
    sweep.architecture, say("architecture", { architecture: sweep.architecture }),
    say("short", { architecture: sweep.architecture }),
  ]), state.architecture, (value) => {
    state.architecture = Number(value);
    chart.redraw();
  });
  const quantities = choiceGroup(say("measureGroup"), ["loss", "accuracy", "epochs"].map(
    (quantity) => [quantity, say(`rate-${quantity}`)],
  ), "loss", (value) => {
    state.quantity = value;
    chart.redraw();
  });
  tabs.group.classList.add("tabs");
  panel.append(tabs.group, element("div", { class: "toolbar" }, quantities.group),
    chart.box, chart.readout);
  chart.redraw();
}
