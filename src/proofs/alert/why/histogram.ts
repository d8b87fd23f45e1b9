import { argumentsOf, calledBy, childOf, partsOf, splice, type PromqlNode } from '../../../stack/promql.ts';
import { thresholdsOf } from '../../../stack/promql/comparisons.ts';
import { callsAround, selectorsOf, type Selector } from '../../../stack/promql/selectors.ts';
import { liveOf, sensibleWindow, type Diagnosis, type Examined } from './examined.ts';

/** `http_request_duration_ms` is the name of a histogram and of no series. */
export function histogramNamedWhole(examined: Examined): readonly Diagnosis[] {
  const { query, rule, symptoms } = examined;
  if (!symptoms.has('stays-silent')) return [];
  return selectorsOf(query).flatMap((selector) => {
    const { metric } = selector;
    if (metric === undefined || !isHistogramNamedWhole(selector, examined)) return [];
    const parts = `${metric}_bucket, ${metric}_sum and ${metric}_count`;
    const quantile = quantileAround(selector) === undefined ? 'the comparison' : 'histogram_quantile';
    return [
      {
        says: `\`${selector.text}\` matches no series: ${metric} is a histogram, and its series are ${parts}; ${quantile} gets nothing to work on, so the rule can never fire`,
        hint: `write: ${overBuckets(rule.query, selector, examined)}`,
      },
    ];
  });
}

/** Whether the metric's own name stands where one of its three series would have to. */
export function isHistogramNamedWhole(selector: Selector, examined: Examined): boolean {
  const { metric } = selector;
  const live = liveOf(examined, selector);
  if (live !== undefined && live.matching > 0) return false;
  const { firesWhen, silentWhen } = examined.requirement;
  const observed = [...firesWhen, ...silentWhen].flatMap(({ series }) => series.filter((stimulus) => 'observe' in stimulus));
  return live?.similarNames.includes(`${metric}_bucket`) === true || observed.some(({ series }) => series.split('{')[0] === metric);
}

/** The expression with the selector turned to the histogram's buckets, and whatever a quantile needs around them. */
function overBuckets(query: string, selector: Selector, examined: Examined): string {
  const { metric = '', rangeMs } = selector;
  const buckets = selector.text.replace(metric, `${metric}_bucket`);
  const quantile = quantileAround(selector);
  const series = quantile && argumentsOf(quantile)[1];
  const counted = rangeMs === undefined ? `rate(${buckets}[${sensibleWindow(examined)}])` : buckets;
  if (series === undefined) return splice(query, selector, `histogram_quantile(0.95, sum by (le) (${counted}))`);
  const inner = splice(series.text, { from: selector.from - series.from, to: selector.to - series.from }, counted);
  return splice(query, series, series.kind === 'AggregateExpr' ? inner : `sum by (le) (${inner})`);
}

/** Counters in buckets only grow: without a rate the quantile is that of all time since the process began. */
export function quantileOfAllTime(examined: Examined): readonly Diagnosis[] {
  const { query, rule, symptoms } = examined;
  if (symptoms.size === 0) return [];
  return selectorsOf(query).flatMap((selector) => {
    if (quantileAround(selector) === undefined || selector.rangeMs !== undefined || !selector.metric?.endsWith('_bucket')) return [];
    const rated = splice(rule.query, selector, `rate(${selector.text}[${sensibleWindow(examined)}])`);
    return [
      {
        says: `\`${selector.text}\` counts everything since the process began, and so does the quantile: an hour of slow answers is lost in a week of quick ones, and it hardly ever recovers`,
        hint: `write: ${rated}`,
      },
    ];
  });
}

/** An aggregation that drops `le` leaves histogram_quantile without buckets. */
export function quantileWithoutBounds({ query, rule, symptoms }: Examined): readonly Diagnosis[] {
  if (!symptoms.has('stays-silent')) return [];
  return [...partsOf(query)].flatMap(({ node, around }) => {
    if (node.kind !== 'AggregateExpr' || !around.some(isQuantile) || keepsBounds(node)) return [];
    return [
      {
        says: `\`${node.text}\` drops the label le, which tells the buckets apart, so histogram_quantile has nothing to work on and the rule can never fire`,
        hint: `write: ${splice(rule.query, node, withBounds(node))}`,
      },
    ];
  });
}

function keepsBounds(aggregation: PromqlNode): boolean {
  const modifier = childOf(aggregation, 'AggregateModifier');
  if (modifier === undefined) return false;
  const named = (childOf(modifier, 'GroupingLabels')?.children ?? []).some(({ text }) => text === 'le');
  return childOf(modifier, 'Without') === undefined ? named : !named;
}

function withBounds(aggregation: PromqlNode): string {
  const modifier = childOf(aggregation, 'AggregateModifier');
  const labels = (modifier && childOf(modifier, 'GroupingLabels')?.children) ?? [];
  const kept = modifier !== undefined && childOf(modifier, 'Without') === undefined ? labels.map(({ text }) => text) : [];
  return `${calledBy(aggregation) ?? 'sum'} by (${['le', ...kept].join(', ')}) ${childOf(aggregation, 'FunctionCallBody')?.text ?? ''}`;
}

/** A quantile is never above the bound of the largest finite bucket; known from the live series, whatever the tests assumed. */
export function thresholdBeyondBuckets({ query, rule, live }: Examined): readonly Diagnosis[] {
  return thresholdsOf(query).flatMap(({ measured, limit, value, operator }) => {
    const selectors = selectorsOf(measured).filter((selector) => callsAround(selector).includes('histogram_quantile'));
    const [selector] = selectors;
    const bounds = live.find(({ selector: text }) => text === selector?.text)?.buckets ?? [];
    const largest = bounds.at(-1);
    if (largest === undefined || (operator.text !== '>' && operator.text !== '>=') || !isBeyond(value, largest, operator.text)) return [];
    const scaled = value / 1000;
    const metric = selector?.metric ?? '';
    return [
      {
        says: `the largest finite bucket of ${metric} ends at ${String(largest)}, and no quantile is ever above that: "${operator.text} ${limit.text}" can never be true`,
        hint:
          /_seconds/.test(metric) && !isBeyond(scaled, largest, operator.text)
            ? `${metric} counts seconds and ${limit.text} reads like milliseconds; write: ${splice(rule.query, limit, String(scaled))}`
            : `give the histogram a bucket well above ${limit.text}, or choose a threshold below ${String(largest)}`,
      },
    ];
  });
}

function isBeyond(value: number, largest: number, operator: string): boolean {
  return operator === '>' ? value >= largest : value > largest;
}

function isQuantile(node: PromqlNode): boolean {
  return calledBy(node) === 'histogram_quantile';
}

function quantileAround({ around }: Selector): PromqlNode | undefined {
  return around.find(isQuantile);
}
