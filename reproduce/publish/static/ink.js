"use strict";

// Ink of a drawing on clean paper, as reproduce/predict/ink.py finds it in a picture:
// without the faint rim of its strokes and without specks, so that both crop alike.

const MIN_CONTRAST = 16;
const FAINT = 0.1;
const SPECK = 0.04;
const FULL = 255;
const BINS = 256;

// The threshold that parts ink and paper best (Otsu 1979).
function otsu(values) {
  const counts = new Float64Array(BINS);
  const level = (bin) => ((bin + 0.5) * FULL) / BINS;
  for (const value of values) {
    counts[Math.min(BINS - 1, Math.floor((value * BINS) / FULL))] += 1;
  }
  const total = counts.reduce((sum, count, bin) => sum + count * level(bin), 0);
  let [below, sum, best] = [0, 0, { gap: -1, bin: 0 }];
  counts.forEach((count, bin) => {
    below += count;
    sum += count * level(bin);
    const above = values.length - below;
    const gap = below && above ? below * above * (sum / below - (total - sum) / above) ** 2 : 0;
    best = gap > best.gap ? { gap, bin } : best;
  });
  return ((best.bin + 1) * FULL) / BINS;
}

// Regions of pixels that touch, even by a corner: [[index, …], …].
function regions(mask, height, width) {
  const waiting = mask.slice();
  const groups = [];
  for (let start = waiting.indexOf(1); start >= 0; start = waiting.indexOf(1, start)) {
    const region = [start];
    waiting[start] = 0;
    for (let k = 0; k < region.length; k += 1) {
      const [row, column] = [Math.floor(region[k] / width), region[k] % width];
      for (let i = Math.max(0, row - 1); i < Math.min(height, row + 2); i += 1) {
        for (let j = Math.max(0, column - 1); j < Math.min(width, column + 2); j += 1) {
          if (waiting[i * width + j]) {
            waiting[i * width + j] = 0;
            region.push(i * width + j);
          }
        }
      }
    }
    groups.push(region);
  }
  return groups;
}

// Strengths of 0 (paper) to 255, row by row; null where nothing stands out.
function findInk(strength, height, width) {
  const limit = Math.max(otsu(strength), MIN_CONTRAST);
  const strong = strength.filter((value) => value > limit);
  if (!strong.length) {
    return null;
  }
  const usual = median(strong);
  const least = Math.min(limit, FAINT * usual);
  const weigh = (region) => region.reduce((sum, at) =>
    sum + (strength[at] > limit ? strength[at] : 0), 0);
  const parts = regions(Uint8Array.from(strength, (value) => value > least), height, width)
    .map((region) => ({ region, weight: weigh(region) }));
  const heaviest = Math.max(...parts.map(({ weight }) => weight));
  const ink = new Float64Array(strength.length);
  for (const { region, weight } of parts) {
    if (weight >= SPECK * heaviest) {
      region.forEach((at) => {
        ink[at] = Math.min(strength[at] * (FULL / usual), FULL);
      });
    }
  }
  return ink;
}
