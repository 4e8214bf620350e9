"use strict";

// Crop, scale and centre ink as MNIST was made: reproduce/predict/centring.py,
// step by step. A golden file holds both to the same numbers.

const SIZE = 28;
const BOX = 20;
const CENTRE = 14;
const TIE = 1e-6;

// First and last row (or column) with ink, or null.
function inkBounds(ink, height, width) {
  let bounds = null;
  for (let i = 0; i < height; i += 1) {
    for (let j = 0; j < width; j += 1) {
      if (ink[i * width + j] > 0) {
        bounds ??= { top: i, bottom: i, left: j, right: j };
        bounds.bottom = i;
        bounds.left = Math.min(bounds.left, j);
        bounds.right = Math.max(bounds.right, j);
      }
    }
  }
  return bounds;
}

// How much of old pixel k of n the new pixel i of `size` covers, times size / n.
function areaShare(n, size, i, k) {
  const first = Math.max((i * n) / size, k);
  const last = Math.min(((i + 1) * n) / size, k + 1);
  return (Math.max(0, last - first) * size) / n;
}

// Resamples the rows of a (height x width) array to `rows` rows, by area.
function scaleRows(values, height, width, rows) {
  const scaled = new Float64Array(rows * width);
  for (let i = 0; i < rows; i += 1) {
    const last = Math.min(height, Math.ceil(((i + 1) * height) / rows) + 1);
    for (let k = Math.max(0, Math.floor((i * height) / rows) - 1); k < last; k += 1) {
      const share = areaShare(height, rows, i, k);
      for (let j = 0; j < width && share > 0; j += 1) {
        scaled[i * width + j] += share * values[k * width + j];
      }
    }
  }
  return scaled;
}

function transposed(values, height, width) {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < height; i += 1) {
    for (let j = 0; j < width; j += 1) {
      turned[j * height + i] = values[i * width + j];
    }
  }
  return turned;
}

// Where the first row (or column) goes, from the sums of each.
function offset(mass) {
  const total = mass.reduce((sum, value) => sum + value, 0);
  const moment = mass.reduce((sum, value, i) => sum + i * value, 0);
  const shift = Math.floor(CENTRE - moment / total + 0.5 - TIE);
  return Math.min(Math.max(shift, 0), SIZE - mass.length);
}

function rowSums(values, height, width) {
  return Array.from({ length: height }, (_, i) =>
    values.subarray(i * width, (i + 1) * width).reduce((sum, v) => sum + v, 0));
}

// Ink (height x width, 0 and more, row by row) to 784 numbers, 0 to 255; null
// without ink.
function centre(ink, height, width) {
  const bounds = inkBounds(ink, height, width);
  if (bounds === null) {
    return null;
  }
  const h = bounds.bottom - bounds.top + 1;
  const w = bounds.right - bounds.left + 1;
  const crop = new Float64Array(h * w);
  for (let i = 0; i < h; i += 1) {
    for (let j = 0; j < w; j += 1) {
      crop[i * w + j] = ink[(bounds.top + i) * width + bounds.left + j];
    }
  }
  const longest = Math.max(h, w);
  const rows = Math.max(1, Math.floor((BOX * h) / longest + 0.5));
  const columns = Math.max(1, Math.floor((BOX * w) / longest + 0.5));
  const tall = transposed(scaleRows(crop, h, w, rows), rows, w);
  const turned = scaleRows(tall, w, rows, columns);
  const scaled = transposed(turned, columns, rows);
  const most = scaled.reduce((a, b) => Math.max(a, b), 0);
  const top = offset(rowSums(scaled, rows, columns));
  const left = offset(rowSums(turned, columns, rows));
  const field = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) {
      field[(top + i) * SIZE + left + j] = (scaled[i * columns + j] * 255) / most;
    }
  }
  return field;
}
