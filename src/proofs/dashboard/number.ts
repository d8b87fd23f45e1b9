/** What a number on a page counts; numbers of different kinds cannot be compared. */
export type Kind = 'count' | 'percent' | 'time' | 'bytes' | 'rate' | 'bytes-rate';

export interface ReadNumber {
  /** In ms, bytes, percent, or as it stands. */
  readonly value: number;
  readonly kind: Kind;
}

const scales: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, Mil: 1e6, Bil: 1e9, Tri: 1e12, T: 1e12, Quadr: 1e15 };
const times: Readonly<Record<string, number>> = {
  ns: 1e-6,
  µs: 1e-3,
  us: 1e-3,
  ms: 1,
  s: 1e3,
  min: 6e4,
  mins: 6e4,
  hour: 36e5,
  hours: 36e5,
  day: 864e5,
  days: 864e5,
  week: 6048e5,
  weeks: 6048e5,
  year: 31_536e6,
  years: 31_536e6,
};
const bytes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};
const counted = ['', 'c', 'ops', 'req', 'rd', 'wr', 'io', 'evt', 'msg', 'mess', 'rec', 'p'];

/** Every unit that Grafana and liveproof's own pages write behind numbers, with what one of it is. */
const units: ReadonlyMap<string, readonly [number, Kind]> = new Map<string, readonly [number, Kind]>([
  ...entries(scales, 'count'),
  ['%', [1, 'percent']],
  ...entries(times, 'time'),
  ...entries(bytes, 'bytes'),
  ...Object.entries(bytes).map(([unit, factor]): [string, [number, Kind]] => [`${unit}/s`, [factor, 'bytes-rate']]),
  ...counted.map((what): [string, [number, Kind]] => [`${what}/s`, [1, 'rate']]),
  // `B/s` alone are bytes.
  ...['K', 'M', 'B', 'T'].flatMap((scale, power) =>
    counted.filter((what) => what !== '').map((what): [string, [number, Kind]] => [`${scale} ${what}/s`, [1000 ** (power + 1), 'rate']]),
  ),
]);

function entries(factors: Readonly<Record<string, number>>, kind: Kind): [string, [number, Kind]][] {
  return Object.entries(factors).map(([unit, factor]) => [unit, [factor, kind]]);
}

const digits = String.raw`\d{1,3}(?:[,\u00a0\u202f’' ]\d{3})+(?:\.\d+)?|\d*\.?\d+(?:[eE][+-]?\d+)?`;
const unit = [...units.keys()]
  .filter((each) => each !== '')
  .toSorted((a, b) => b.length - a.length)
  .map((each) => each.replaceAll(/[/.]/g, String.raw`\$&`))
  .join('|');

/** A text that is a number and nothing else but its unit. Groups: sign, digits, unit. */
export const numberPattern = String.raw`^\s*([-−–])?\s*[$€£¥]?\s*(${digits})\s*(${unit})?\s*$`;
const pattern = new RegExp(numberPattern);

/** Reads a number as a page writes it (`1.2 K`, `3.4 Mil`, `12.5%`, `250 ms`, `1,234`, `−5`); undefined when it is none (`No data`, `NaN`). */
export function readNumber(text: string): ReadNumber | undefined {
  // Two signs that look alike stand for micro.
  const [, sign = '', written, behind = ''] = pattern.exec(text.replaceAll('μ', 'µ')) ?? [];
  const known = units.get(behind.replaceAll(/\s+/g, ' '));
  if (written === undefined || known === undefined) return undefined;
  const [factor, kind] = known;
  const value = Number(written.replaceAll(/[,\u00a0\u202f’' ]/g, '')) * factor;
  return Number.isFinite(value) ? { value: sign === '' || value === 0 ? value : -value, kind } : undefined;
}

/** The numbers among the texts of a panel, added up; undefined when there are none, or of different kinds. */
export function sumShown(texts: readonly string[]): ReadNumber | undefined {
  const [first, ...rest] = texts.flatMap((text) => readNumber(text) ?? []);
  if (first === undefined || rest.some(({ kind }) => kind !== first.kind)) return undefined;
  return { value: rest.reduce((sum, { value }) => sum + value, first.value), kind: first.kind };
}
