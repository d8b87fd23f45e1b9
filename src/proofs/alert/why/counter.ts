import { splice } from '../../../stack/promql.ts';
import { callsAround, selectorsOf, type Selector } from '../../../stack/promql/selectors.ts';
import { liveOf, sensibleWindow, type Diagnosis, type Examined } from './examined.ts';

/** Calls for which a counter's total is the right thing to look at. */
const fineWithTotals = new Set(['absent', 'absent_over_time', 'count', 'group', 'timestamp']);

/** A counter only grows: once above a threshold it stays there until the process restarts. */
export function counterTakenAsItStands(examined: Examined): readonly Diagnosis[] {
  const { query, rule, symptoms } = examined;
  const totals = symptoms.size === 0 ? [] : selectorsOf(query).filter((selector) => isTotal(selector, examined));
  const [first] = totals;
  if (first === undefined) return [];
  // From the end, so that the places of those before it stay right.
  const repaired = totals.reduceRight(
    (text, selector) => splice(text, selector, `increase(${selector.text}[${sensibleWindow(examined)}])`),
    rule.query,
  );
  return [
    {
      says: `${first.metric ?? first.text} is a counter, which only ever grows: \`${first.text}\` is the total since the process began, so the alert says nothing about now and does not end with the trouble`,
      hint: `write: ${repaired}`,
    },
  ];
}

function isTotal(selector: Selector, examined: Examined): boolean {
  const { metric = '', rangeMs, around } = selector;
  const types = liveOf(examined, selector)?.types ?? [];
  const isCounter = types.length > 0 ? types.includes('counter') : metric.endsWith('_total');
  const isWindowed = rangeMs !== undefined || around.some(({ kind }) => kind === 'SubqueryExpr');
  const isFine = callsAround(selector).some((call) => fineWithTotals.has(call));
  return isCounter && !isWindowed && !isFine && !isComparedWithItsPast(metric, examined);
}

/** `x - x offset 5m` is an increase by other means. */
function isComparedWithItsPast(metric: string, { query }: Examined): boolean {
  return selectorsOf(query).some((other) => other.metric === metric && other.around.some(({ kind }) => kind === 'OffsetExpr'));
}
