/** @typedef {{ text: string, suffix: string }} Formatted */

const spans = /** @type {const} */ ([
  [1, 'ms'],
  [1_000, 's'],
  [60_000, 'min'],
  [3_600_000, 'hour'],
  [86_400_000, 'day'],
  [604_800_000, 'week'],
]);

/** Enough decimals for three figures; none for whole numbers. @param {number} value */
function figures(value) {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.max(0, Math.min(10, 2 - Math.floor(Math.log10(Math.abs(value))))));
}

/** @param {number} value @param {number} base @param {readonly string[]} steps @param {string} unit @returns {Formatted} */
function scaled(value, base, steps, unit) {
  let index = 0;
  let left = value;
  while (Math.abs(left) >= base && index < steps.length - 1) {
    left /= base;
    index += 1;
  }
  return { text: figures(left), suffix: `${steps[index] ?? ''}${unit}` };
}

/** @param {number} ms @returns {Formatted} */
function time(ms) {
  if (Math.abs(ms) < 1 && ms !== 0) return { text: figures(ms * 1_000), suffix: ' µs' };
  const [size, unit] = spans.findLast(([from]) => Math.abs(ms) >= from) ?? spans[0];
  return { text: figures(ms / size), suffix: ` ${unit}` };
}

const binary = [' ', ' Ki', ' Mi', ' Gi', ' Ti'];
const decimal = [' ', ' k', ' M', ' G', ' T'];
const simple = ['', 'K', 'M', 'B', 'T'];

/** @type {Readonly<Record<string, (value: number) => Formatted>>} */
const formats = {
  none: (value) => ({ text: figures(value), suffix: '' }),
  locale: (value) => ({ text: value.toLocaleString('en-US', { maximumFractionDigits: 3 }), suffix: '' }),
  short: (value) => scaled(value, 1_000, ['', ' K', ' Mil', ' Bil', ' Tri'], ''),
  percent: (value) => ({ text: figures(value), suffix: '%' }),
  percentunit: (value) => ({ text: figures(value * 100), suffix: '%' }),
  ms: time,
  s: (value) => time(value * 1_000),
  bytes: (value) => scaled(value, 1_024, binary, 'B'),
  decbytes: (value) => scaled(value, 1_000, decimal, 'B'),
  Bps: (value) => scaled(value, 1_000, decimal, 'B/s'),
  cps: (value) => scaled(value, 1_000, simple, ' c/s'),
  reqps: (value) => scaled(value, 1_000, simple, ' req/s'),
};

/**
 * A value as Grafana writes it in a unit: what stands before the unit, and the unit with its space.
 * @param {number} value
 * @param {string} unit
 * @returns {Formatted}
 */
export function format(value, unit) {
  return (formats[unit] ?? formats['none'] ?? time)(value);
}
