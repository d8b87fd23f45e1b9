import { formatDuration, parseDuration } from '../../base/duration.ts';
import type { Unit } from '../assertion.ts';

/** A number in the base unit of what it measures: milliseconds, bytes, a ratio from 0 to 1; without a unit, a bare number. */
export interface Quantity {
  readonly value: number;
  readonly unit?: Unit | undefined;
}

const bare = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const fractionOfTime = /^(\d+\.\d+)(ms|s|m|h|d)$/;
const bytes = /^(\d+(?:\.\d+)?)([kmg]?i?b)$/i;
const percent = /^(\d+(?:\.\d+)?)%$/;

const perUnit: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/** Reads `500ms`, `1.5s`, `14d`, `1MB`, `64KiB`, `99.5%` and bare numbers; undefined when the text is none of them. */
export function parseQuantity(text: string): Quantity | undefined {
  if (bare.test(text)) return { value: Number(text) };
  const [, share] = percent.exec(text) ?? [];
  // Not divided by 100: 99.9 / 100 is not the same number as 0.999.
  if (share !== undefined) return { value: Number(`${share}e-2`), unit: 'ratio' };
  const [, count, size = ''] = bytes.exec(text) ?? [];
  const factor = perUnit[size.toLowerCase()];
  if (count !== undefined && factor !== undefined) return { value: Number(count) * factor, unit: 'bytes' };
  const [, some, ofWhat = ''] = fractionOfTime.exec(text) ?? [];
  const ms = some === undefined ? parseDuration(text) : Number(some) * (parseDuration(`1${ofWhat}`) ?? Number.NaN);
  return ms === undefined || !Number.isSafeInteger(Math.ceil(ms)) ? undefined : { value: ms, unit: 'ms' };
}

const meant: Readonly<Record<string, string>> = {
  msec: 'ms',
  msecs: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  week: 'w',
  weeks: 'w',
  byte: 'B',
  bytes: 'B',
  k: 'kB',
  g: 'GB',
  percent: '%',
};

/** How a quantity whose unit nobody knows was probably meant to be written; undefined when it looks like none. */
export function meantQuantity(text: string): string | undefined {
  const [, number, unit = ''] = /^(-?\d+(?:\.\d+)?)\s*([A-Za-z]+|%)$/.exec(text) ?? [];
  const known = parseQuantity(`1${unit}`) === undefined ? meant[unit.toLowerCase()] : unit;
  const written = `${number ?? ''}${known ?? ''}`;
  return known !== undefined && parseQuantity(written) !== undefined ? written : undefined;
}

const longMs = 60_000;
const dayMs = 86_400_000;

/** Writes a quantity as people would; rounded unless `exact`. */
export function showQuantity({ value, unit }: Quantity, exact = false): string {
  const rounded = (number: number, digits: number): string => String(exact ? number : Number(number.toFixed(digits)));
  switch (unit) {
    case undefined:
      return String(value);
    case 'ratio':
      return `${rounded(Number((value * 100).toPrecision(15)), 2)}%`;
    case 'bytes':
      return showBytes(value, exact);
    case 'ms': {
      if (Math.abs(value) < longMs) {
        const inSeconds = Number.isInteger(value / 1000) && value !== 0;
        return inSeconds ? `${String(value / 1000)}s` : `${rounded(value, value < 10 ? 2 : 1)}ms`;
      }
      const step = exact ? 1 : Math.abs(value) < dayMs ? 1_000 : longMs;
      return formatDuration(Math.trunc(value / step) * step);
    }
  }
}

function showBytes(value: number, exact: boolean): string {
  const whole = Object.entries({ GiB: 2 ** 30, GB: 1e9, MiB: 2 ** 20, MB: 1e6, KiB: 2 ** 10, kB: 1e3 }).find(
    ([, size]) => value !== 0 && Number.isInteger(value / size),
  );
  if (whole !== undefined) return `${String(value / whole[1])}${whole[0]}`;
  const [name, size] = Object.entries({ GB: 1e9, MB: 1e6, kB: 1e3 }).find(([, each]) => Math.abs(value) >= each) ?? ['B', 1];
  return exact || size === 1 ? `${String(value)}B` : `${String(Number((value / size).toFixed(2)))}${name}`;
}
