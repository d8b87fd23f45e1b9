import { formatMatcher, satisfies } from '../../../stack/label-matcher.ts';
import { calledBy, partsOf, splice, unwrapped, type PromqlNode } from '../../../stack/promql.ts';
import { thresholdsOf } from '../../../stack/promql/comparisons.ts';
import { selectorsOf, type PlacedMatcher, type Selector } from '../../../stack/promql/selectors.ts';
import { seriesIn } from '../would-fire/input-series.ts';
import type { Diagnosis, Examined } from './examined.ts';
import { readable } from './readable.ts';
import { unitOf } from './unit.ts';

/** `rate(errors[5m]) > 0.01` is meant as one percent and asks for one every hundred seconds. */
export function rateTakenForShare(examined: Examined): readonly Diagnosis[] {
  const { query, symptoms } = examined;
  if (symptoms.size === 0) return [];
  return thresholdsOf(query).flatMap(({ node, measured, limit, value, operator }) => {
    const rate = [...partsOf(measured)].find(({ node: part }) => calledBy(part) === 'rate' || calledBy(part) === 'irate')?.node;
    if (rate === undefined || value <= 0 || value >= 1 || unitOf(measured) !== 'a second') return [];
    const perHour = Number((value * 3600).toPrecision(3));
    return [
      {
        says:
          `\`${measured.text}\` is how many there are a second${unwrapped(measured).kind === 'AggregateExpr' ? '' : ', for each series by itself'}, and not a share of all requests: ` +
          `"${operator.text} ${limit.text}" asks for ${String(perHour)} an hour, however many requests there are${shownBy(measured, examined)}`,
        hint: repair(node, rate, `${operator.text} ${limit.text}`, examined),
      },
    ];
  });
}

/** The situation in which that went wrong, with the figure. */
function shownBy(measured: PromqlNode, { symptoms, measurements }: Examined): string {
  const [situation] = symptoms.get('fires-anyway') ?? [];
  const values = measurements.find((each) => each.situation === situation && each.expression === measured.text)?.values ?? [];
  const largest = Math.max(...values.map(Number));
  return situation === undefined || !Number.isFinite(largest) ? '' : `; when ${situation} it is ${String(Number(largest.toPrecision(3)))}`;
}

function repair(comparison: PromqlNode, rate: PromqlNode, condition: string, examined: Examined): string {
  const [selector] = selectorsOf(rate);
  const bad = selector && telling(selector, examined);
  if (selector === undefined || bad === undefined)
    return `divide by the rate of all requests: sum(${rate.text}) / sum(rate(…all requests…)) ${condition}`;
  const rest = selector.matchers.filter((matcher) => matcher !== bad).map(formatMatcher);
  const everything = `${selector.metric ?? ''}${rest.length === 0 ? '' : `{${rest.join(', ')}}`}`;
  const all = splice(rate.text, { from: selector.from - rate.from, to: selector.to - rate.from }, everything);
  return `write: ${splice(examined.rule.query, comparison, `sum(${rate.text}) / sum(${all}) ${condition}`)}`;
}

/** The matcher that tells the bad ones from the rest: the one that some series of the gate's situations satisfy and others do not. */
function telling(selector: Selector, { requirement }: Examined): PlacedMatcher | undefined {
  const series = [...requirement.firesWhen, ...requirement.silentWhen].flatMap(seriesIn).filter(({ metric }) => metric === selector.metric);
  const divides = (matcher: PlacedMatcher): boolean => new Set(series.map(({ labels }) => satisfies(labels, matcher))).size === 2;
  return (
    selector.matchers.filter(readable).find(divides) ??
    selector.matchers.find(({ label }) => /status|code|outcome|result|error|success/i.test(label))
  );
}

/** `{{ $value }}%`, whatever is done to the value in between, unless it is turned into a percentage. */
const percentOfValue = /\{\{(?![^}]*humanizePercentage)(?![^}]*\bmul\b)[^}]*(?:\$value|\.Value)[^}]*\}\}\s*%/;

const meanings = {
  'a share': { is: 'a share from 0 to 1, a hundredth of what the sign says', before: '' },
  'a second': { is: 'how many there are a second', before: 'once the expression is a share of all requests, ' },
  'at all': { is: 'how many there were in the window', before: 'once the expression is a share of all requests, ' },
} as const;

/** Whoever is woken must not read a figure that is not what it says. */
export function valueTakenForPercentage({ query, rule }: Examined): readonly Diagnosis[] {
  const [threshold] = thresholdsOf(query);
  const unit = threshold && unitOf(threshold.measured);
  if (unit === undefined || unit === 'percent') return [];
  const { is, before } = meanings[unit];
  return Object.entries(rule.annotations).flatMap(([annotation, text]) => {
    const [found] = percentOfValue.exec(text) ?? [];
    if (found === undefined) return [];
    return [
      {
        says: `the ${annotation} prints "${found}", but the value is not a percentage: it is ${is}`,
        hint: `${before}write {{ $value | humanizePercentage }}`,
      },
    ];
  });
}
