"use strict";

// The methods on a plane of the loss surface, from the same weights, epoch by epoch.

const RACE_SECONDS = 12;

// The surface as shades of grey, low losses light.
function drawSurface(canvas, race) {
  const [rows, columns] = [race.surface.length, race.surface[0].length];
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const logs = race.surface.flat().map((loss) => Math.log(Math.max(loss, 1e-9)));
  const low = Math.min(...logs);
  const span = Math.max(...logs) - low || 1;
  logs.forEach((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const at = 4 * ((rows - 1 - row) * columns + column);
    // In ten steps, whose edges are contours.
    const level = Math.round((10 * (value - low)) / span) / 10;
    image.data.set([128, 128, 128, 20 + 150 * level], at);
  });
  context.putImageData(image, 0, 0);
}

// Where a path is after so many epochs: index of the last place reached.
function placeAt(path, epoch) {
  let index = 0;
  while (index + 1 < path.epochs.length && path.epochs[index + 1] <= epoch) {
    index += 1;
  }
  return index;
}

function startRace(data) {
  const holder = document.getElementById("race-panel");
  const race = data.race;
  if (!holder || !race) {
    return;
  }
  const canvas = element("canvas", { class: "surface", "aria-hidden": "true" });
  const svg = svgElement("svg", { class: "tracks", role: "img", "aria-label": say("raceLabel") });
  const play = element("button", { type: "button", id: "race-play" }, say("play"));
  const slider = element("input", {
    type: "range", min: 0, max: 1000, value: 1000, id: "race-epoch", "aria-label": say("raceSlider"),
  });
  const clock = element("output", { for: "race-epoch" });
  const body = element("tbody", {});
  const last = Math.max(...race.paths.map((path) => path.epochs[path.epochs.length - 1]));
  const [xs, ys] = [race.x, race.y];
  const scales = {
    x: makeScale(false, xs[0], xs[xs.length - 1], 0, 1000),
    y: makeScale(false, ys[0], ys[ys.length - 1], 1000 * (ys.length - 1) / (xs.length - 1), 0),
  };
  svg.setAttribute("viewBox", `0 0 1000 ${1000 * (ys.length - 1) / (xs.length - 1)}`);
  const runners = race.paths.map((path) => {
    const track = svgElement("path", { class: `track-line m-${path.method}` });
    const head = svgElement("circle", { r: 11, class: `head m-${path.method}` });
    svg.append(track, head);
    const cells = [element("td", { class: "number" }), element("td", { class: "number" })];
    body.append(element("tr", {},
      element("th", { scope: "row", class: `swatched m-${path.method}` },
        data.methods[path.method].label), ...cells));
    return { path, track, head, cells };
  });
  function show() {
    const epoch = Math.round((1 + last) ** (slider.value / 1000) - 1);
    clock.textContent = say("raceEpoch", { epoch: writeCount(epoch) });
    for (const { path, track, head, cells } of runners) {
      const index = placeAt(path, epoch);
      const places = path.x.slice(0, index + 1).map((x, i) =>
        `${scales.x(x).toFixed(1)} ${scales.y(path.y[i]).toFixed(1)}`);
      const [x, y] = places[index].split(" ");
      track.setAttribute("d", `M${places.join("L")}`);
      head.setAttribute("cx", x);
      head.setAttribute("cy", y);
      head.classList.toggle("done", index === path.epochs.length - 1);
      cells[0].textContent = writeCount(path.epochs[index]);
      cells[1].textContent = index ? writeError(path.losses[index - 1]) : MISSING;
    }
  }
  let before = null;
  let playing = false;
  function step(now) {
    if (!playing) {
      return;
    }
    const moved = before === null ? 0 : (now - before) / RACE_SECONDS;
    before = now;
    slider.value = Math.min(1000, Number(slider.value) + moved);
    show();
    if (Number(slider.value) >= 1000) {
      pause();
    } else {
      requestAnimationFrame(step);
    }
  }
  function pause() {
    playing = false;
    before = null;
    play.textContent = say("play");
  }
  play.addEventListener("click", () => {
    if (playing) {
      pause();
      return;
    }
    playing = true;
    play.textContent = say("pause");
    if (Number(slider.value) >= 1000) {
      slider.value = 0;
    }
    requestAnimationFrame(step);
  });
  slider.addEventListener("input", () => {
    pause();
    show();
  });
  slider.step = "any";
  play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  drawSurface(canvas, race);
  const head = element("tr", {}, element("td", {}),
    element("th", { scope: "col" }, say("epochs")),
    element("th", { scope: "col" }, say("error")));
  holder.append(
    element("div", { class: "race" },
      element("div", { class: "ground" }, canvas, svg),
      element("table", { class: "race-table" }, element("thead", {}, head), body)),
    element("div", { class: "toolbar race-tools" }, play, slider, clock));
  show();
}
