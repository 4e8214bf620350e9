"use strict";

// The digit to draw: strokes on a canvas, and what the best model makes of them.

const SAMPLE_SCALE = 10;
const MOST_UNDONE = 20;

function padPlace(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) * canvas.width) / box.width,
    y: ((event.clientY - box.top) * canvas.height) / box.height,
  };
}

function drawStroke(context, width, from, to) {
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = "#000";
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

// Grey levels of MNIST as ink, each pixel a square.
function drawSample(context, pixels) {
  pixels.forEach((value, at) => {
    context.fillStyle = `rgba(0, 0, 0, ${value / 255})`;
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    context.fillRect(x * SAMPLE_SCALE, y * SAMPLE_SCALE, SAMPLE_SCALE, SAMPLE_SCALE);
  });
}

// Strength is what is not transparent; its colour is the style sheet's business.
function canvasStrength(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return Float64Array.from({ length: width * height }, (_, i) => data[4 * i + 3]);
}

// Grey levels as `read_image` in Python reads them from a picture; null without ink.
function readDrawing(strength, height, width) {
  const ink = findInk(strength, height, width);
  return ink && centre(ink, height, width).map((value) => Math.floor(value + 0.5));
}

// Digit, probabilities of 0 to 9, and whether it is probably one the model knows.
function judge(pixels, model) {
  const probabilities = new Array(10).fill(0);
  softmax(logits(model.layers, pixels)).forEach((p, unit) => {
    probabilities[model.digits[unit]] = p;
  });
  const digit = probabilities.indexOf(Math.max(...probabilities));
  return { pixels, digit, probabilities, sure: isFamiliar(pixels, digit, model.familiar) };
}

// A model as its parts are used, from what the page has of it.
function decodeModel(settings, base64) {
  return {
    digits: settings.digits,
    layers: decodeLayers(base64, settings.shapes),
    familiar: decodeShapes(settings.familiar),
  };
}

function writeShare(share) {
  return writePercent(share, share >= 0.9995 || share < 0.0005 ? 0 : 1);
}

function showSeen(canvas, pixels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIZE, SIZE);
  pixels.forEach((value, i) => {
    image.data[4 * i + 3] = value;
  });
  context.putImageData(image, 0, 0);
}

function showBars(rows, probabilities, digit) {
  rows.forEach((row, i) => {
    row.querySelector(".bar").style.width = `${100 * probabilities[i]}%`;
    row.cells[2].textContent = writeShare(probabilities[i]);
    row.classList.toggle("top", i === digit);
  });
}

function answerWords({ digit, probabilities, sure }) {
  return sure
    ? say("sure", { digit, share: writeShare(probabilities[digit]) })
    : say("unsure", { digit });
}

function clearAnswer(view) {
  view.answer.textContent = say("nothingDrawn");
  view.answer.classList.remove("unsure");
  view.table.classList.remove("doubted");
  view.seen.getContext("2d").clearRect(0, 0, SIZE, SIZE);
  view.rows.forEach((row) => {
    row.querySelector(".bar").style.width = "0";
    row.cells[2].textContent = "–";
    row.classList.remove("top");
  });
}

function showAnswer(view, answer) {
  if (answer === null) {
    clearAnswer(view);
    return;
  }
  view.answer.textContent = answerWords(answer);
  view.answer.classList.toggle("unsure", !answer.sure);
  view.table.classList.toggle("doubted", !answer.sure);
  showSeen(view.seen, answer.pixels);
  showBars(view.rows, answer.probabilities, answer.digit);
}

function followPointer(pad, pen, onStart, onChange) {
  const context = pad.getContext("2d");
  let last = null;
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    onStart();
    last = padPlace(pad, event);
    drawStroke(context, pen.width, last, last);
    onChange();
  });
  pad.addEventListener("pointermove", (event) => {
    if (last === null) {
      return;
    }
    const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const step of steps.length ? steps : [event]) {
      const next = padPlace(pad, step);
      drawStroke(context, pen.width, last, next);
      last = next;
    }
    onChange();
  });
  for (const ending of ["pointerup", "pointercancel"]) {
    pad.addEventListener(ending, () => {
      last = null;
    });
  }
}

// Buttons for the width of a stroke.
function startPens() {
  const group = document.getElementById("pens");
  const buttons = [...group.querySelectorAll("button")];
  const pen = { width: 0 };
  function choose(chosen) {
    pen.width = Number(chosen.dataset.pen);
    buttons.forEach((button) => button.setAttribute("aria-pressed", button === chosen));
  }
  buttons.forEach((button) => button.addEventListener("click", () => choose(button)));
  choose(buttons.find((button) => button.getAttribute("aria-pressed") === "true"));
  startRoving(group);
  return pen;
}

function startDrawing(settings, base64) {
  const pad = document.getElementById("pad");
  // Read back at every stroke, so better kept where the processor can reach it.
  const context = pad.getContext("2d", { willReadFrequently: true });
  const view = {
    answer: document.getElementById("answer"),
    seen: document.getElementById("seen"),
    table: document.getElementById("bars"),
    rows: [...document.getElementById("bars").tBodies[0].rows],
  };
  let model = null;
  let waiting = false;
  function decode() {
    model ??= decodeModel(settings, base64);
  }
  function classify() {
    waiting = false;
    decode();
    const pixels = readDrawing(canvasStrength(pad), pad.height, pad.width);
    showAnswer(view, pixels && judge(pixels, model));
  }
  function changed() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(classify);
    }
  }
  const undo = document.getElementById("undo");
  const before = [];
  function remember() {
    before.push(context.getImageData(0, 0, pad.width, pad.height));
    before.splice(0, before.length - MOST_UNDONE);
    undo.disabled = false;
  }
  undo.addEventListener("click", () => {
    context.putImageData(before.pop(), 0, 0);
    undo.disabled = !before.length;
    changed();
  });
  function clear() {
    remember();
    context.clearRect(0, 0, pad.width, pad.height);
    changed();
  }
  followPointer(pad, startPens(), remember, changed);
  document.getElementById("clear").addEventListener("click", clear);
  for (const button of document.querySelectorAll("[data-sample]")) {
    button.addEventListener("click", () => {
      clear();
      drawSample(context, settings.samples[button.dataset.sample]);
    });
  }
  (window.requestIdleCallback ?? setTimeout)(decode);
}
