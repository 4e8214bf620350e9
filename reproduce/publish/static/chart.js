"use strict";

// Lines on two axes, drawn as SVG at the width there is, and read out point by point.
//
// A line is { method, label, title, kind, ending, points: [{ at, value, ... }] }.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { top: 12, right: 20, bottom: 44, left: 62 };
const ENDS = {
  threshold: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  rose: "M-5 4h10l-5-9z",
  epoch_limit: "M-4-4.5L5 0L-4 4.5z",
  diverged: "M-4-4L4 4M4-4L-4 4",
};
const LABEL_PLACES = [0, -14, 14, -28, 28, -42, 42, -56, 56, -70].flatMap((down) => [
  { side: 1, down },
  { side: -1, down },
]);
const STEP = 6; // pixels
let plots = 0;

function svgElement(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// The range of what is shown, with some room.
function chartLimits(lines, marks, log) {
  const points = lines.flatMap((line) => line.points);
  const xs = [...points.map((p) => p.at), ...marks.map((mark) => mark.at)];
  const ys = points.map((p) => p.value).filter((v) => !log.y || v > 0);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return {
    x: log.x ? [left, right * (right / left || 1) ** 0.16 * 1.05]
      : [Math.min(0, left), right * 1.12 || 1],
    y: log.y ? [low * 0.7, high * 1.3] : [low - room, high + room],
  };
}

function drawAxes(svg, size, limits, scales, chart) {
  const bottom = size.height - MARGIN.bottom;
  const right = size.width - MARGIN.right;
  const xs = chart.log.x ? logTicks(...limits.x)
    : linearTicks(...limits.x, size.width / 120);
  const ys = chart.log.y ? logTicks(...limits.y) : linearTicks(...limits.y, 6);
  const grid = svgElement("g", { class: "axes" });
  for (const tick of ys) {
    const y = scales.y(tick);
    const words = chart.percent ? `${Number((100 * tick).toPrecision(6))} %`
      : writeTick(tick);
    grid.append(
      svgElement("line", { x1: MARGIN.left, x2: right, y1: y, y2: y }),
      svgElement("text", { x: MARGIN.left - 8, y: y + 4, class: "end" }, words),
    );
  }
  for (const tick of xs) {
    const x = scales.x(tick);
    grid.append(
      svgElement("line", { x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
      svgElement("text", { x, y: bottom + 18, class: "middle" }, writeTick(tick)),
    );
  }
  const middle = (MARGIN.left + right) / 2;
  const centre = (MARGIN.top + bottom) / 2;
  grid.append(
    svgElement("text", { x: middle, y: size.height - 6, class: "middle" }, chart.xLabel),
    svgElement("text",
      { transform: `translate(13 ${centre}) rotate(-90)`, class: "middle" }, chart.yLabel),
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
    const overprints = taken.filter((other) => boxesOverlap(place, other)).length;
    const cost = 1000 * (outside || overprints > 0) + Math.abs(down) / 4 +
      hits.length + 3 * (side < 0);
    if (best === null || cost < best.cost) {
      best = { ...place, cost };
    }
  }
  if (best.cost >= 1000) {
    label.remove();
    return;
  }
  label.setAttribute("x", best.x);
  label.setAttribute("y", best.y + box.height * 0.76);
  taken.push(best);
}

// Places along a line, close enough that no label fits between two.
function alongLine(points) {
  return points.flatMap((p, i) => {
    const next = points[i + 1] ?? p;
    const steps = Math.ceil(Math.hypot(next.x - p.x, next.y - p.y) / STEP) || 1;
    return Array.from({ length: steps }, (_, k) => ({
      x: p.x + ((next.x - p.x) * k) / steps, y: p.y + ((next.y - p.y) * k) / steps,
    }));
  });
}

function drawLine(svg, line, points) {
  const path = points.map((p, i) => `${i ? "L" : "M"}${p.x.toFixed(1)} ${p.y.toFixed(1)}`);
  const drawn = svgElement("path", {
    d: path.join(""), class: `curve ${line.kind} m-${line.method}`,
  });
  svg.append(drawn);
  const end = points[points.length - 1];
  if (line.ending && end && line.kind !== "seed") {
    svg.append(svgElement("path", {
      d: ENDS[line.ending],
      transform: `translate(${end.x.toFixed(1)} ${end.y.toFixed(1)})`,
      class: `ending m-${line.method}`,
    }));
  }
  for (const p of line.dots ? points : []) {
    svg.append(svgElement("circle", {
      cx: p.x.toFixed(1), cy: p.y.toFixed(1), r: p.ringed ? 5.5 : 2.8,
      class: `dot${p.ringed ? " ringed" : ""} m-${line.method}`,
    }));
  }
  return drawn;
}

// A small triangle on the axis, or an upright line.
function drawMark(svg, mark, x, { bottom, right }) {
  const title = svgElement("title", {}, mark.title);
  if (!mark.upright) {
    svg.append(svgElement("path", {
      d: "M0 0L-4.5-9H4.5z", transform: `translate(${x.toFixed(1)} ${bottom})`,
      class: `reported m-${mark.method}`,
    }, title));
    return;
  }
  const isLeft = x > (MARGIN.left + right) / 2;
  svg.append(
    svgElement("line", { x1: x, x2: x, y1: MARGIN.top, y2: bottom, class: "upright" }, title),
    svgElement("text", {
      x: x + (isLeft ? -6 : 6), y: MARGIN.top + 9, class: `said${isLeft ? " end" : ""}`,
    }, mark.label),
  );
}

// Draws a chart; returns its lines with the places of their points.
function drawChart(svg, chart, zoom = null) {
  const size = { width: svg.clientWidth || 720, height: svg.clientHeight || 400 };
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.replaceChildren();
  const lines = chart.lines.filter((line) => line.points.length);
  if (!lines.length) {
    return { lines: [], scales: null };
  }
  const limits = zoom ?? chartLimits(lines, chart.marks, chart.log);
  const bottom = size.height - MARGIN.bottom;
  const right = size.width - MARGIN.right;
  const scales = {
    x: makeScale(chart.log.x, ...limits.x, MARGIN.left, right),
    y: makeScale(chart.log.y, ...limits.y, bottom, MARGIN.top),
  };
  drawAxes(svg, size, limits, scales, chart);
  plots += 1;
  const clip = `clip-${plots}`;
  const inner = svgElement("g", { "clip-path": `url(#${clip})` });
  svg.append(
    svgElement("clipPath", { id: clip }, svgElement("rect", {
      x: MARGIN.left - 6, y: 0, width: right - MARGIN.left + 12, height: bottom + 6,
    })),
    inner,
  );
  const drawn = lines.map((line) => {
    const shown = line.points.filter((p) => !chart.log.y || p.value > 0);
    const points = shown.map((p) => ({ ...p, x: scales.x(p.at), y: scales.y(p.value) }));
    return { line, points, path: drawLine(inner, line, points) };
  });
  for (const mark of chart.marks) {
    const x = scales.x(mark.at);
    if (x >= MARGIN.left && x <= right) {
      drawMark(svg, mark, x, { bottom, right });
    }
  }
  const inside = (p) => p.x >= MARGIN.left && p.x <= right && p.y >= 0 && p.y <= bottom;
  const all = drawn.flatMap((curve) => alongLine(curve.points)).filter(inside);
  const taken = [];
  for (const { line, points } of drawn.filter((curve) => curve.line.label)) {
    const end = points.filter(inside).pop();
    if (end) {
      const label = svgElement("text", { class: `label m-${line.method}` }, line.label);
      svg.append(label);
      placeLabel(label, end, taken, all, size);
    }
  }
  return { lines: drawn, scales, limits };
}

function nearestPoint(lines, x, y) {
  let best = null;
  for (const curve of lines) {
    curve.points.forEach((point, index) => {
      const distance = Math.hypot(point.x - x, point.y - y);
      if (best === null || distance < best.distance) {
        best = { curve, index, distance };
      }
    });
  }
  return best;
}

// Arrow keys: along the curve, or to the nearest point of the next; Home and End.
function moveChoice(lines, chosen, key) {
  if (!chosen) {
    return { curve: lines[0], index: 0 };
  }
  const last = chosen.curve.points.length - 1;
  const moves = {
    ArrowLeft: chosen.index - 1, ArrowRight: chosen.index + 1, Home: 0, End: last,
  };
  if (key in moves) {
    return { ...chosen, index: Math.min(Math.max(moves[key], 0), last) };
  }
  const step = key === "ArrowDown" ? 1 : -1;
  const at = lines.indexOf(chosen.curve);
  const curve = lines[(at + step + lines.length) % lines.length];
  const { x, y } = chosen.curve.points[chosen.index];
  return nearestPoint([curve], x, y);
}

// An SVG that is drawn, read out, zoomed and walked along. `plan()` gives the chart.
function startChart(plan, { zoomable = false, classes = "" } = {}) {
  const svg = svgElement("svg", { class: `plot ${classes}`, tabindex: 0, role: "img" });
  const tip = element("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const readout = element("p", { class: "readout", role: "status" });
  const box = element("div", { class: "plot-box" }, svg, tip);
  let shown = { lines: [] };
  let chosen = null;
  let zoom = null;
  let drag = null;
  let frame = null;

  function clear() {
    chosen = null;
    tip.hidden = true;
    svg.querySelector(".cursor")?.remove();
    shown.lines.forEach((curve) => curve.path.classList.remove("near"));
    readout.textContent = shown.lines.length ? say("hint") : "";
  }
  function redraw({ keepZoom = false } = {}) {
    const chart = plan();
    zoom = keepZoom ? zoom : null;
    svg.setAttribute("aria-label", chart.title);
    shown = drawChart(svg, chart, zoom);
    clear();
    readout.textContent = shown.lines.length ? say("hint") : chart.empty ?? "";
  }
  function choose(next) {
    if (!next) {
      return;
    }
    clear();
    chosen = next;
    const { x, y } = next.curve.points[next.index];
    const words = next.curve.line.words(next.curve.points[next.index]);
    svg.append(svgElement("circle", {
      cx: x, cy: y, r: 6, class: `cursor m-${next.curve.line.method}`,
    }));
    next.curve.path.classList.add("near");
    readout.textContent = words;
    tip.textContent = words;
    tip.hidden = false;
    const over = x > svg.clientWidth / 2;
    tip.style.left = over ? "" : `${x + 14}px`;
    tip.style.right = over ? `${svg.clientWidth - x + 14}px` : "";
    tip.style.top = `${Math.max(0, y - 34)}px`;
  }
  function place(event) {
    const area = svg.getBoundingClientRect();
    return { x: event.clientX - area.left, y: event.clientY - area.top };
  }
  function pick(event) {
    const { x, y } = place(event);
    choose(nearestPoint(shown.lines, x, y));
  }
  svg.addEventListener("pointermove", (event) => {
    if (drag) {
      const now = place(event);
      const [x, y] = [Math.min(drag.x, now.x), Math.min(drag.y, now.y)];
      drag.rect ??= svg.appendChild(svgElement("rect", { class: "zoom" }));
      drag.rect.setAttribute("x", x);
      drag.rect.setAttribute("y", y);
      drag.rect.setAttribute("width", Math.abs(now.x - drag.x));
      drag.rect.setAttribute("height", Math.abs(now.y - drag.y));
    } else if (event.pointerType !== "touch") {
      pick(event);
    }
  });
  svg.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") {
      pick(event);
    } else if (zoomable && shown.scales && event.button === 0) {
      drag = place(event);
      svg.setPointerCapture(event.pointerId);
    }
  });
  svg.addEventListener("pointerup", (event) => {
    if (!drag) {
      return;
    }
    const [from, to] = [drag, place(event)];
    drag.rect?.remove();
    drag = null;
    if (Math.abs(from.x - to.x) > 12 && Math.abs(from.y - to.y) > 12) {
      const order = (a, b) => (a < b ? [a, b] : [b, a]);
      const { x, y } = shown.scales;
      zoom = {
        x: order(x.invert(from.x), x.invert(to.x)),
        y: order(y.invert(from.y), y.invert(to.y)),
      };
      redraw({ keepZoom: true });
    }
  });
  svg.addEventListener("pointercancel", () => {
    drag?.rect?.remove();
    drag = null;
  });
  svg.addEventListener("dblclick", () => redraw());
  svg.addEventListener("keydown", (event) => {
    const moves = event.key.startsWith("Arrow") || event.key === "Home" ||
      event.key === "End";
    if (event.key === "Escape" && (chosen || zoom)) {
      event.stopPropagation();
      event.preventDefault();
      redraw();
    } else if (moves && shown.lines.length) {
      event.preventDefault();
      choose(moveChoice(shown.lines, chosen, event.key));
    }
  });
  new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!chosen) {
        redraw({ keepZoom: true });
      }
    });
  }).observe(svg);
  return { box, svg, readout, redraw };
}

// Buttons of which one is pressed; a third entry is shown where there is little room.
function choiceGroup(label, options, current, onChoose) {
  const group = element("div", { class: "choice", role: "group", "aria-label": label });
  function press(value) {
    for (const button of group.children) {
      button.setAttribute("aria-pressed", button.dataset.value === String(value));
    }
  }
  for (const [value, words, short] of options) {
    const shown = short ? [
      element("span", { class: "wide" }, words),
      element("span", { class: "narrow", "aria-hidden": "true" }, short),
    ] : [words];
    const button = element("button", {
      type: "button", "data-value": value, "aria-label": short ? words : null,
    }, ...shown);
    button.addEventListener("click", () => {
      press(value);
      onChoose(value);
    });
    group.append(button);
  }
  press(current);
  return { group, press };
}
