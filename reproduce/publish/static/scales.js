"use strict";

// Axes: from numbers to places, and where to put their ticks.

function makeScale(isLog, low, high, start, end) {
  const warp = isLog ? Math.log10 : (value) => value;
  const [a, b] = [warp(low), warp(high)];
  const scale = (value) => start + ((warp(value) - a) / (b - a || 1)) * (end - start);
  scale.invert = (place) => {
    const value = a + ((place - start) / (end - start)) * (b - a);
    return isLog ? 10 ** value : value;
  };
  return scale;
}

// 1, 2 or 5 times a power of ten, such that about `count` steps fill the range.
function niceStep(range, count) {
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough * 0.999);
  return factor * power;
}

function linearTicks(low, high, count) {
  const step = niceStep(high - low || 1, count);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-9); i += 1) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

// Powers of ten; 2 and 5 times them as well where there are few.
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.6) {
    return linearTicks(low, high, 5);
  }
  const ticks = [];
  const factors = decades < 2.6 ? [1, 2, 5] : [1];
  for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e += 1) {
    for (const factor of factors) {
      const tick = factor * 10 ** e;
      if (tick >= low * 0.999 && tick <= high * 1.001) {
        ticks.push(Number(tick.toPrecision(12)));
      }
    }
  }
  return ticks;
}

function writeTick(value) {
  if (value > 0 && value < 0.001) {
    return powerOfTen(value);
  }
  return value >= 1e6 ? `${Number((value / 1e6).toPrecision(3))} M`
    : grouped(String(Number(value.toPrecision(4))));
}

function powerOfTen(value) {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const factor = Number((value / 10 ** exponent).toPrecision(4));
  const raised = [...String(-exponent)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
  return `${factor === 1 ? "" : `${factor}·`}10⁻${raised}`;
}
