import { satisfiesAll, formatMatcher } from '../../../stack/label-matcher.ts';
import { splice } from '../../../stack/promql.ts';
import { similarName } from '../../../stack/similar-name.ts';
import { callsAround, selectorsOf, type Selector } from '../../../stack/promql/selectors.ts';
import type { Situation } from '../requirement.ts';
import type { LiveSelector } from '../would-fire/facts.ts';
import { formatSeries, seriesIn } from '../would-fire/input-series.ts';
import { liveOf, type Diagnosis, type Examined } from './examined.ts';
import { isHistogramNamedWhole } from './histogram.ts';
import { readable } from './readable.ts';

/** Functions that give something exactly when there are no series. */
const aboutAbsence = new Set(['absent', 'absent_over_time']);

/** The rule asks for series that are not there: in the gate's situation, in Prometheus, or in both. */
export function seriesNotThere(examined: Examined): readonly Diagnosis[] {
  const { query, requirement, symptoms } = examined;
  const [failed] = symptoms.get('stays-silent') ?? [];
  const situation = requirement.firesWhen.find(({ say }) => say === failed);
  if (situation === undefined || situation.series.length === 0) return [];
  return selectorsOf(query)
    .filter(
      (selector) =>
        !isHistogramNamedWhole(selector, examined) &&
        selector.matchers.every(readable) &&
        !callsAround(selector).some((call) => aboutAbsence.has(call)),
    )
    .filter(
      (selector) =>
        !seriesIn(situation).some(({ metric, labels }) => metric === selector.metric && satisfiesAll(labels, selector.matchers)),
    )
    .flatMap((selector) => explained(selector, situation, liveOf(examined, selector), examined));
}

function explained(selector: Selector, situation: Situation, live: LiveSelector | undefined, examined: Examined): readonly Diagnosis[] {
  const alike = seriesIn(situation).filter(({ metric }) => metric === selector.metric);
  const given = alike.length === 0 ? seriesIn(situation) : alike;
  const says = `the rule asks for \`${selector.text}\`, and when ${situation.say} there are only ${shown(given.map(formatSeries))}`;
  if (live === undefined) return [{ says, hint: 'name the same series in the rule and in the gate' }];
  if (live.matching > 0) {
    const example =
      live.example === undefined ? '' : ` as they are: ${formatSeries({ metric: selector.metric ?? '', labels: live.example })}`;
    return [{ says: `${says}; Prometheus has ${String(live.matching)} that match`, hint: `write the series of the situation${example}` }];
  }
  return live.example === undefined ? noSuchMetric(selector, live, says, examined) : noSuchLabels(selector, live, live.example, says);
}

function noSuchMetric(selector: Selector, live: LiveSelector, says: string, { rule }: Examined): readonly Diagnosis[] {
  const { metric = '' } = selector;
  const meant = similarName(metric, live.similarNames);
  return [
    {
      says: `${says}; Prometheus has no series named ${metric} at all`,
      hint:
        meant === undefined
          ? `does the application export ${metric}, and is it scraped?`
          : `did you mean ${meant}? write: ${splice(rule.query, selector, selector.text.replace(metric, meant))}`,
    },
  ];
}

function noSuchLabels(
  selector: Selector,
  live: LiveSelector,
  example: Readonly<Record<string, string>>,
  says: string,
): readonly Diagnosis[] {
  const { metric = '', matchers } = selector;
  const unknown = matchers.find(
    ({ label, operator }) => (operator === '=' || operator === '=~') && (live.labelValues[label] ?? []).length === 0,
  );
  if (unknown !== undefined) {
    const labels = Object.keys(example).filter((label) => label !== '__name__');
    const meant = similarName(unknown.label, labels);
    return [
      {
        says: `${says}; the series of ${metric} in Prometheus have no label ${unknown.label}, only ${labels.join(', ')}`,
        hint: meant === undefined ? `use a label that they have instead of ${formatMatcher(unknown)}` : `did you mean ${meant}?`,
      },
    ];
  }
  const values = matchers.map(({ label }) => `${label} is ${shown(live.labelValues[label] ?? [])}`);
  return [{ says: `${says}; in Prometheus ${values.join(', ')}`, hint: 'name values that exist, in the rule or in the gate' }];
}

function shown(all: readonly string[]): string {
  const most = 4;
  return all.length <= most ? all.join(', ') : `${all.slice(0, most).join(', ')} and ${String(all.length - most)} more`;
}

/** Nothing compared with anything is nothing: a rule about a value does not notice that the value is gone. */
export function silentWithoutData({ query, requirement, symptoms, rule }: Examined): readonly Diagnosis[] {
  const failed = symptoms.get('stays-silent') ?? [];
  const situation = requirement.firesWhen.find(({ say, series }) => failed.includes(say) && series.length === 0);
  const [selector] = selectorsOf(query);
  if (situation === undefined || selector === undefined) return [];
  return [
    {
      says: `when ${situation.say} there are no series at all, and without series \`${rule.query}\` has no value that could be compared`,
      hint: `write: (${rule.query}) or absent(${selector.text})`,
    },
  ];
}
