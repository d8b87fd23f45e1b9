import type { HistogramMetric } from './metric.ts';
import { isHistogram, type Distribution, type Family, type Labels, type Sample } from './series.ts';

/**
 * A metric in the text format of Prometheus, version 0.0.4, line by line. Our own, since the usual library keeps every series and makes an object of
 * every line: with a thousand checks, megabytes and a tenth of a second at each scrape, in which no probe can be timed.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function* linesOf(family: Family): Generator<string> {
  const { name, help, type } = family.metric;
  yield `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  if (isHistogram(family)) for (const each of family.look()) yield linesOfHistogram(family.metric, each);
  else for (const each of family.look()) yield lineOf(name, each);
}

function lineOf(name: string, { labels, more, value }: Sample): string {
  return `${name}${inBraces(rememberedTextOf(labels), more === undefined ? '' : textOf(more))} ${written(value)}\n`;
}

function linesOfHistogram({ name, buckets }: HistogramMetric, { labels, counts, sum }: Distribution): string {
  const own = rememberedTextOf(labels);
  let count = 0;
  let lines = '';
  for (let index = 0; index <= buckets.length; index += 1) {
    count += counts[index] ?? 0;
    const bound = buckets[index];
    lines += `${name}_bucket${inBraces(own, `le="${bound === undefined ? '+Inf' : String(bound)}"`)} ${String(count)}\n`;
  }
  return `${lines}${name}_sum${inBraces(own, '')} ${written(sum)}\n${name}_count${inBraces(own, '')} ${String(count)}\n`;
}

function inBraces(labels: string, more: string): string {
  if (labels === '' && more === '') return '';
  return `{${labels}${labels === '' || more === '' ? '' : ','}${more}}`;
}

/** The labels of a check stand in every one of its lines. */
const texts = new WeakMap<Labels, string>();

function rememberedTextOf(labels: Labels): string {
  const text = texts.get(labels) ?? textOf(labels);
  texts.set(labels, text);
  return text;
}

function textOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`)
    .join(',');
}

function written(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
