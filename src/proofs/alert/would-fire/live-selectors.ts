import type { ProofContext } from '../../../gate/proof.ts';
import type { Prometheus, Series } from '../../../stack/prometheus.ts';
import { parsePromql } from '../../../stack/promql.ts';
import { selectorsOf, type Selector } from '../../../stack/promql/selectors.ts';
import type { Rule } from '../loaded/facts.ts';
import type { LiveSelector } from './facts.ts';

/** So many names or values are enough to see what was meant. */
const mostShown = 20;

/** Looks at what Prometheus has now of every series that the rule asks for: why it fires or not can often be told from that alone. */
export async function observeSelectors({ query }: Rule, context: ProofContext): Promise<LiveSelector[]> {
  const expression = parsePromql(query);
  if (expression === undefined) return [];
  const prometheus = context.prometheus();
  const different = new Map(selectorsOf(expression).map((selector) => [selector.text, selector]));
  return await Promise.all([...different.values()].map((selector) => observeSelector(selector, prometheus, context.signal)));
}

async function observeSelector(selector: Selector, prometheus: Prometheus, signal: AbortSignal): Promise<LiveSelector> {
  const { text, metric } = selector;
  const ask = async (expression: string): Promise<readonly Series[]> => await prometheus.instant(expression, signal);
  const counted = await ask(`count(${text})`);
  const matching = Number(counted[0]?.samples[0]?.[1] ?? 0);
  if (metric === undefined) return { selector: text, matching, types: [], similarNames: [], labelValues: {}, buckets: [] };

  const [types, [example], labelValues, buckets] = await Promise.all([
    typesOf(metric, prometheus, signal),
    ask(`topk(1, ${named(metric)})`),
    valuesOfLabels(selector, ask),
    metric.endsWith('_bucket') ? ask(`group by (le) (${text})`) : [],
  ]);
  const similarNames = example === undefined ? await namesLike(metric, ask) : [];
  return {
    selector: text,
    metric,
    matching,
    types,
    similarNames,
    ...(example === undefined ? {} : { example: { ...example.labels } }),
    labelValues,
    buckets: buckets
      .map(({ labels }) => Number(labels['le']))
      .filter(Number.isFinite)
      .toSorted((a, b) => a - b),
  };
}

function named(metric: string): string {
  return `{__name__=${JSON.stringify(metric)}}`;
}

/** A histogram announces its type under the name without `_bucket`. */
async function typesOf(metric: string, prometheus: Prometheus, signal: AbortSignal): Promise<string[]> {
  const base = metric.replace(/_(?:bucket|sum|count|total)$/, '');
  const found = await Promise.all([...new Set([metric, base])].map((name) => prometheus.metricTypes(name, signal)));
  return [...new Set(found.flat())];
}

async function valuesOfLabels(
  { metric, matchers }: Selector,
  ask: (expression: string) => Promise<readonly Series[]>,
): Promise<Record<string, string[]>> {
  const labels = [...new Set(matchers.map(({ label }) => label))];
  const found = await Promise.all(
    labels.map(async (label) => {
      const groups = await ask(`group by (${label}) (${named(metric ?? '')})`);
      return [
        label,
        groups
          .flatMap(({ labels: values }) => values[label] ?? [])
          .toSorted()
          .slice(0, mostShown),
      ] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** Names with the same first word. */
async function namesLike(metric: string, ask: (expression: string) => Promise<readonly Series[]>): Promise<string[]> {
  const [, first = metric] = /^([a-zA-Z:]+_)/.exec(metric) ?? [];
  const groups = await ask(`group by (__name__) ({__name__=~${JSON.stringify(`${first}.*`)}})`);
  return groups.flatMap(({ labels }) => labels['__name__'] ?? []).toSorted();
}
