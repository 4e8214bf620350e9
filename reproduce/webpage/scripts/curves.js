"use strict";

// Error against epoch, drawn as SVG at the width there is.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { top: 12, right: 24, bottom: 46, left: 60 };
const ENDS = {
  threshold: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  rose: "M-5 4h10l-5-9z",
  epoch_limit: "M-4-4.5L5 0L-4 4.5z",
  diverged: "M-4-4L4 4M4-4L-4 4",
};
const LABEL_PLACES = [0, -13, 13, -26, 26, -39, 39, -52].flatMap((down) => [
  { side: 1, down },
  { side: -1, down },
]);

function svgElement(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function curvePoints(run, x, y) {
  return run.epochs.map((epoch, i) => ({
    epoch,
    error: run.errors[i],
    x: x(epoch),
    y: y(run.errors[i]),
  }));
}

// The range of everything that may be shown, so that axes stay put when toggled.
function curveLimits(methods, log) {
  const runs = methods.flatMap((method) => method.runs);
  const errors = runs.flatMap((run) => run.errors);
  const epochs = runs.map((run) => run.epochs[run.epochs.length - 1]);
  const reported = methods.map((method) => method.reported || 1);
  const last = Math.max(2, ...epochs, ...reported);
  const least = Math.min(...errors.filter((error) => error > 0));
  return {
    x: log.x ? [1, last * 1.9] : [0, last * 1.12],
    y: log.y
      ? [least * 0.5, Math.max(...errors) * 1.3]
      : [0, Math.max(...errors) * 1.05],
  };
}

function drawAxes(svg, size, limits, scales, log) {
  const bottom = size.height - MARGIN.bottom;
  const right = size.width - MARGIN.right;
  const xs = log.x ? logTicks(...limits.x) : linearTicks(...limits.x, size.width / 110);
  const ys = log.y ? logTicks(...limits.y) : linearTicks(...limits.y, 6);
  const grid = svgElement("g", { class: "axes" });
  for (const tick of ys) {
    const y = scales.y(tick);
    grid.append(
      svgElement("line", { x1: MARGIN.left, x2: right, y1: y, y2: y }),
      svgElement("text", { x: MARGIN.left - 8, y: y + 4, class: "end" }, writeTick(tick)),
    );
  }
  for (const tick of xs) {
    const x = scales.x(tick);
    grid.append(
      svgElement("line", { x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
      svgElement("text", { x, y: bottom + 18, class: "middle" }, writeNumber(tick)),
    );
  }
  const middle = (MARGIN.left + right) / 2;
  const centre = (MARGIN.top + bottom) / 2;
  grid.append(
    svgElement("text", { x: middle, y: size.height - 6, class: "middle" }, "epoch"),
    svgElement(
      "text",
      { transform: `translate(13 ${centre}) rotate(-90)`, class: "middle" },
      "average training error",
    ),
  );
  svg.append(grid);
}

function boxesOverlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width &&
    a.y < b.y + b.height && b.y < a.y + a.height;
}

// Beside the end of its curve, where it covers no other label and fewest points.
function placeLabel(label, end, taken, points, size) {
  const box = label.getBBox();
  let best = null;
  for (const { side, down } of LABEL_PLACES) {
    const place = {
      x: side > 0 ? end.x + 9 : end.x - 9 - box.width,
      y: end.y + down - box.height / 2,
      width: box.width,
      height: box.height,
    };
    const outside = place.x < MARGIN.left || place.x + place.width > size.width ||
      place.y < 0 || place.y + place.height > size.height - MARGIN.bottom;
    const hits = points.filter((p) => boxesOverlap(place, { ...p, width: 1, height: 1 }));
    const cost = 1000 * outside + Math.abs(down) / 4 + hits.length + 3 * (side < 0) +
      100 * taken.filter((other) => boxesOverlap(place, other)).length;
    if (best === null || cost < best.cost) {
      best = { ...place, cost };
    }
  }
  label.setAttribute("x", best.x);
  label.setAttribute("y", best.y + box.height * 0.76);
  taken.push(best);
}

function endWords(method, run) {
  const epochs = writeNumber(run.epochs[run.epochs.length - 1]);
  const words = { threshold: epochs, rose: epochs, epoch_limit: `>${epochs}`, diverged: "diverged" };
  return `${method.label} ${words[run.ending]}`;
}

function drawRun(svg, method, run, points, dashed) {
  const path = points.map((p, i) => `${i ? "L" : "M"}${p.x.toFixed(1)} ${p.y.toFixed(1)}`);
  const kind = run.middle ? `median${dashed ? " dashed" : ""}` : "seed";
  svg.append(
    svgElement("path", { d: path.join(""), class: `curve ${kind} m-${method.method}` }),
  );
  if (run.middle) {
    const end = points[points.length - 1];
    svg.append(
      svgElement("path", {
        d: ENDS[run.ending],
        transform: `translate(${end.x} ${end.y})`,
        class: `ending m-${method.method}`,
      }),
    );
  }
}

// A small triangle on the axis where the report's training ended.
function drawReported(svg, method, x, bottom) {
  const title = svgElement("title", {}, `${method.label}, report: ${method.reported} epochs`);
  svg.append(
    svgElement(
      "path",
      {
        d: "M0 0L-4-8H4z",
        transform: `translate(${x(method.reported)} ${bottom})`,
        class: `reported m-${method.method}`,
      },
      title,
    ),
  );
}

// Draws one figure's plot; returns the points of its median and other runs.
function drawPlot(svg, state) {
  const size = { width: svg.clientWidth || 720, height: svg.clientHeight || 420 };
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.replaceChildren();
  const limits = curveLimits(state.methods, state.log);
  const bottom = size.height - MARGIN.bottom;
  const scales = {
    x: makeScale(state.log.x, ...limits.x, MARGIN.left, size.width - MARGIN.right),
    y: makeScale(state.log.y, ...limits.y, bottom, MARGIN.top),
  };
  drawAxes(svg, size, limits, scales, state.log);
  const shown = state.methods.filter((method) => !state.hidden.has(method.method));
  const lines = [];
  for (const method of shown) {
    const dashed = state.methods.indexOf(method) % 2 === 1;
    for (const run of [...method.runs].sort((a, b) => a.middle - b.middle)) {
      const points = curvePoints(run, scales.x, scales.y);
      drawRun(svg, method, run, points, dashed);
      lines.push({ method, run, points });
    }
    if (method.reported) {
      drawReported(svg, method, scales.x, bottom);
    }
  }
  const all = lines.flatMap((line) => line.points);
  const taken = [];
  for (const { method, run, points } of lines.filter((line) => line.run.middle)) {
    const words = endWords(method, run);
    const label = svgElement("text", { class: `label m-${method.method}` }, words);
    svg.append(label);
    placeLabel(label, points[points.length - 1], taken, all, size);
  }
  return lines;
}

function nearestPoint(lines, x, y) {
  let best = null;
  for (const line of lines) {
    line.points.forEach((point, index) => {
      const distance = Math.hypot(point.x - x, point.y - y);
      if (best === null || distance < best.distance) {
        best = { line, index, distance };
      }
    });
  }
  return best;
}

function pointWords({ method, run, points }, index) {
  const { epoch, error } = points[index];
  return `${method.label}, seed ${run.seed}, epoch ${writeNumber(epoch)}: ` +
    `error ${writeNumber(error)}`;
}

function showPoint(svg, readout, chosen) {
  svg.querySelector(".cursor")?.remove();
  const { line, index } = chosen;
  const { x, y } = line.points[index];
  svg.append(
    svgElement("circle", { cx: x, cy: y, r: 6, class: `cursor m-${line.method.method}` }),
  );
  readout.textContent = pointWords(line, index);
}

// Arrow keys: along the curve, or to the nearest point of the next curve.
function moveChoice(lines, chosen, key) {
  const at = lines.indexOf(chosen.line);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const step = key === "ArrowRight" ? 1 : -1;
    const last = chosen.line.points.length - 1;
    return { ...chosen, index: Math.min(Math.max(chosen.index + step, 0), last) };
  }
  const step = key === "ArrowDown" ? 1 : -1;
  const line = lines[(at + step + lines.length) % lines.length];
  const { x, y } = chosen.line.points[chosen.index];
  return nearestPoint([line], x, y);
}

function toggleButton(words, pressed, onPress, ...classes) {
  const button = document.createElement("button");
  button.type = "button";
  button.classList.add("toggle", ...classes);
  button.textContent = words;
  button.setAttribute("aria-pressed", pressed);
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", now);
    onPress(now);
  });
  return button;
}

function curveToolbar(state, redraw) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  for (const { method, label } of state.methods) {
    bar.append(
      toggleButton(label, true, (on) => {
        state.hidden[on ? "delete" : "add"](method);
        redraw();
      }, "swatched", `m-${method}`),
    );
  }
  const axes = document.createElement("span");
  axes.className = "axes-choice";
  for (const [axis, words] of [["x", "log epochs"], ["y", "log error"]]) {
    axes.append(
      toggleButton(words, state.log[axis], (on) => {
        state.log[axis] = on;
        redraw();
      }),
    );
  }
  bar.append(axes);
  return bar;
}

function startCurves(figure, methods) {
  const number = figure.dataset.architecture;
  const state = { methods, hidden: new Set(), log: { x: true, y: true } };
  const svg = svgElement("svg", {
    class: "plot",
    tabindex: 0,
    role: "img",
    "aria-label": `Error curves of architecture ${number}; arrow keys read out points`,
  });
  const readout = document.createElement("p");
  readout.className = "readout";
  readout.setAttribute("role", "status");
  let lines = [];
  let chosen = null;
  function redraw() {
    lines = drawPlot(svg, state);
    chosen = null;
    readout.textContent = "Point at a curve, or use the arrow keys, for its values.";
  }
  function choose(next) {
    chosen = next;
    if (chosen) {
      showPoint(svg, readout, chosen);
    }
  }
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    choose(nearestPoint(lines, event.clientX - box.left, event.clientY - box.top));
  });
  svg.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") && lines.length) {
      event.preventDefault();
      const start = chosen && { line: lines[0], index: 0, ...chosen };
      choose(start ? moveChoice(lines, start, event.key) : { line: lines[0], index: 0 });
    }
  });
  figure.prepend(curveToolbar(state, redraw), svg, readout);
  new ResizeObserver(redraw).observe(svg);
  redraw();
}
