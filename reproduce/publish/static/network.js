"use strict";

// The best model: logistic layers and a softmax over the weights in the page.

const WHITE = 255;

// A float16, given as its two bytes.
function halfFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  return exponent === 31 ? sign * Infinity : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// Kernel and bias of each layer in turn, little-endian float16 in base64.
function decodeLayers(base64, shapes) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  let at = 0;
  function take(count) {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i += 1, at += 2) {
      values[i] = halfFloat(bytes[at] | (bytes[at + 1] << 8));
    }
    return values;
  }
  return shapes.map(([inputs, units]) => ({
    inputs,
    units,
    kernel: take(inputs * units),
    bias: take(units),
  }));
}

function applyLayer({ inputs, units, kernel, bias }, values) {
  const sums = Float64Array.from(bias);
  for (let i = 0; i < inputs; i += 1) {
    if (values[i] !== 0) {
      for (let j = 0; j < units; j += 1) {
        sums[j] += values[i] * kernel[i * units + j];
      }
    }
  }
  return sums;
}

function logistic(x) {
  return 1 / (1 + Math.exp(-x));
}

// 784 numbers, 0 to 255, to what the softmax is given.
function logits(layers, pixels) {
  let values = Float64Array.from(pixels, (pixel) => pixel / WHITE);
  layers.forEach((layer, depth) => {
    values = applyLayer(layer, values);
    if (depth < layers.length - 1) {
      values = values.map(logistic);
    }
  });
  return [...values];
}

function softmax(values) {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}
