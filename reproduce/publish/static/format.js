"use strict";

// How numbers are written: the formats of publish/text.py, one for one.

const MISSING = "–";
const NEVER = "never";
const MINUS = "−";

// As Python writes `{value:.{decimals}f}`: exact halves go to the even digit.
function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  const exact = Math.abs(value).toFixed(Math.min(100, decimals + 40));
  const rest = exact.slice(exact.length - (Math.min(100, decimals + 40) - decimals));
  if (!/^50*$/.test(rest)) {
    return text;
  }
  const digits = exact.slice(0, exact.length - rest.length).replace(/\.$/, "");
  const sign = value < 0 ? "-" : "";
  return Number(digits[digits.length - 1]) % 2 === 0 ? sign + digits : text;
}

function grouped(text) {
  const [whole, rest] = text.split(".");
  const marked = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest === undefined ? marked : `${marked}.${rest}`;
}

function writeCount(number) {
  if (number === null || number === undefined) {
    return MISSING;
  }
  if (!Number.isFinite(number)) {
    return NEVER;
  }
  return grouped(fixed(number, Number.isInteger(number) ? 0 : 1));
}

function writePercent(fraction, decimals = 2) {
  return fraction === null || fraction === undefined
    ? MISSING : `${fixed(100 * fraction, decimals)} %`;
}

function writeError(number) {
  if (number === null || number === undefined) {
    return MISSING;
  }
  if (!Number.isFinite(number)) {
    return "∞";
  }
  if (number === 0) {
    return "0";
  }
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))));
  if (digits <= 6) {
    return grouped(fixed(number, digits));
  }
  const [mantissa, exponent] = number.toExponential(2).split("e");
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function writeSeconds(number) {
  return number === null || number === undefined ? MISSING : grouped(fixed(number, 1));
}

// As Python writes `{number:g}`.
function writeRate(number) {
  if (number === null || number === undefined) {
    return MISSING;
  }
  if (number !== 0 && (Math.abs(number) < 1e-4 || Math.abs(number) >= 1e6)) {
    const [mantissa, exponent] = number.toExponential(5).split("e");
    return `${Number(mantissa)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return String(Number(number.toPrecision(6)));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (!sorted.length) {
    return null;
  }
  if (sorted.length % 2) {
    return sorted[middle];
  }
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return Number.isFinite(high) ? (low + high) / 2 : high;
}

// Median and range: `41 (36–47)`; of equal values only one is written.
function writeSpread(values, write) {
  if (!values.length) {
    return MISSING;
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = write(median(sorted));
  const [low, high] = [write(sorted[0]), write(sorted[sorted.length - 1])];
  const alone = sorted.length === 1 || (low === high && high === middle);
  return alone ? middle : `${middle} (${low}–${high})`;
}

// The words of the page, with {names} filled in.
let WORDS = {};

function say(key, values = {}) {
  return (WORDS[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
