import type { Labels } from '../labels.ts';

/** One sample of a metrics page. Values are numbers, NaN and infinities as text. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number | string;
  /** Only where the page states it. */
  readonly timestampMs?: number | undefined;
}

const name = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const labelValue = /"((?:[^"\\]|\\.)*)"/y;
const blanks = /[ \t]*/y;
const word = /[^ \t]+/y;
/** As Go reads a number, without its hexadecimal and underscored forms, which Prometheus refuses. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads one line of samples; a text says what is wrong with it. */
export function parseSample(line: string, openMetrics: boolean): ExposedSample | string {
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | undefined => {
    token.lastIndex = at;
    const found = token.exec(line);
    if (found === null) return undefined;
    at = token.lastIndex;
    return found;
  };
  const takeText = (text: string): boolean => {
    take(blanks);
    if (!line.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const takeWord = (): string | undefined => {
    take(blanks);
    return take(word)?.[0];
  };

  const takeLabels = (): Record<string, string> | string => {
    const labels = new Map<string, string>();
    while (!takeText('}')) {
      const label = take(labelName)?.[0];
      if (label === undefined)
        return at >= line.length ? 'the labels are not closed by "}"' : `no label name at "${line.slice(at, at + 20)}"`;
      if (!takeText('=')) return `label ${label} is not followed by "="`;
      take(blanks);
      const value = take(labelValue)?.[1];
      if (value === undefined) return `the value of label ${label} is not in double quotes, or they are not closed`;
      if (labels.has(label)) return `label ${label} is there twice`;
      labels.set(
        label,
        value.replaceAll(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
      );
      if (!takeText(',') && line[at] !== '}') return `label ${label} is followed neither by "," nor by "}"`;
      take(blanks);
    }
    return Object.fromEntries(labels);
  };

  const metric = take(name)?.[0];
  if (metric === undefined) return 'it does not begin with the name of a metric';
  const labels = takeText('{') ? takeLabels() : {};
  if (typeof labels === 'string') return labels;
  const written = takeWord();
  if (written === undefined) return 'it has no value';
  const value = parseValue(written);
  if (value === undefined) return `${JSON.stringify(written)} is not a value`;
  const sample = { name: metric, labels, value };
  const left = openMetrics ? withoutExemplar(line.slice(at)) : line.slice(at);
  const [stamp, trailing] = left.split(/[ \t]+/).filter((token) => token !== '');
  return trailing === undefined ? stamped(sample, stamp, openMetrics) : `${JSON.stringify(trailing)} is too much`;
}

/** What OpenMetrics may add to a sample: a trace that is an example of it. Nothing here depends on it. */
function withoutExemplar(text: string): string {
  return text.replace(/#[ \t]*\{.*$/, '');
}

function stamped(sample: ExposedSample, stamp: string | undefined, openMetrics: boolean): ExposedSample | string {
  if (stamp === undefined) return sample;
  if (openMetrics && decimal.test(stamp)) return { ...sample, timestampMs: Math.round(Number(stamp) * 1000) };
  if (/^-?\d+$/.test(stamp)) return { ...sample, timestampMs: Number(stamp) };
  return `${JSON.stringify(stamp)} is not a timestamp`;
}

function parseValue(text: string): number | string | undefined {
  const lower = text.toLowerCase();
  if (lower === 'nan') return 'NaN';
  const [, sign, infinite] = /^([+-]?)(inf(?:inity)?)$/.exec(lower) ?? [];
  if (infinite !== undefined) return sign === '-' ? '-Inf' : '+Inf';
  const value = decimal.test(text) ? Number(text) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}

/** A series as the format writes it: `requests_total{method="GET"}`. */
export function formatSeries({ name: metric, labels }: Pick<ExposedSample, 'name' | 'labels'>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabelValue(value)}"`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
}

export function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
