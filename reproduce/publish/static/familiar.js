"use strict";

// Whether ink is like any that the model was trained on: reproduce/data/familiar.py,
// step by step, with its shapes, weights and threshold.

const SIDE = 14;

// Shapes as vectors, from two levels of 0 to 15 a byte.
function decodeShapes({ shapes, digits, blur, similarity }) {
  const bytes = Uint8Array.from(atob(shapes), (c) => c.charCodeAt(0));
  const levels = Uint8Array.from({ length: 2 * bytes.length }, (_, i) =>
    (i % 2 ? bytes[i >> 1] & 15 : bytes[i >> 1] >> 4));
  return {
    blur,
    similarity,
    known: digits.map((digit, i) => {
      const values = levels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      return { digit, values, length: Math.sqrt(dot(values, values)) };
    }),
  };
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    sum += a[i] * b[i];
  }
  return sum;
}

// A shifted image, blurred, at half its size.
function blurred(pixels, blur, down, right) {
  const margin = (blur.length - 2) / 2;
  const grey = (i, j) => (i >= 0 && i < SIZE && j >= 0 && j < SIZE ? pixels[i * SIZE + j] : 0);
  const rows = new Float64Array(SIDE * SIZE);
  const both = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < SIDE; i += 1) {
    for (let j = 0; j < SIZE; j += 1) {
      blur.forEach((weight, k) => {
        rows[i * SIZE + j] += weight * grey(2 * i + k - margin - down, j);
      });
    }
    for (let j = 0; j < SIDE; j += 1) {
      blur.forEach((weight, k) => {
        const column = 2 * j + k - margin - right;
        both[i * SIDE + j] += column >= 0 && column < SIZE ? weight * rows[i * SIZE + column] : 0;
      });
    }
  }
  return both;
}

// Whether the most similar shape is similar, and of the same digit.
function isFamiliar(pixels, digit, { blur, known, similarity }) {
  let best = { similarity: -1, digit: -1 };
  for (const down of [-1, 0, 1]) {
    for (const right of [-1, 0, 1]) {
      const moved = blurred(pixels, blur, down, right);
      const length = Math.sqrt(dot(moved, moved));
      for (const shape of known) {
        const cosine = dot(moved, shape.values) / Math.max(1, length * shape.length);
        best = cosine > best.similarity ? { similarity: cosine, digit: shape.digit } : best;
      }
    }
  }
  return best.similarity >= similarity && best.digit === digit;
}
