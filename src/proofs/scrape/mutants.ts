import type { Grade } from '../../gate/grade.ts';
import { includesRung, ladders } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { Series, Target } from '../../stack/prometheus.ts';
import { nameOf, seriesOf } from '../../stack/targets.ts';
import type { ScrapeFacts } from './facts.ts';
import { longestAgeMs } from './on-time.ts';
import type { ScrapeRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<ScrapeFacts>[];

export function scrapeMutants(requirement: ScrapeRequirement, facts: ScrapeFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.target, grade, rung);
  return [
    worse('job-gone', `Prometheus has no target of the job ${requirement.job}`, { ...facts, targets: [] }),
    ...facts.targets.flatMap((target, index) => [
      ...configured(requirement, facts, target, index),
      ...(asks('up') ? down(requirement, facts, target, index) : []),
      ...(asks('on-time') ? late(requirement, facts, target) : []),
    ]),
  ];
}

function configured({ targets: expected }: ScrapeRequirement, facts: ScrapeFacts, target: Target, index: number): Mutants {
  const { targets } = facts;
  const others = targets.toSpliced(index, 1);
  const uncounted = expected === undefined && others.length > 0;
  const slower = { ...target, scrapeIntervalMs: (target.scrapeIntervalMs ?? 0) * 2 };
  return [
    worse(
      'target-gone',
      `Prometheus no longer has the target ${nameOf(target)}`,
      { ...facts, targets: others },
      uncounted ? `the gate does not say how many targets there must be ("targets"), and ${String(others.length)} are left` : undefined,
    ),
    worse('interval-changed', `${nameOf(target)} is configured to be scraped half as often`, {
      ...facts,
      targets: targets.with(index, slower),
    }),
  ];
}

function down({ interval }: ScrapeRequirement, facts: ScrapeFacts, target: Target, index: number): Mutants {
  const { clocks, targets } = facts;
  const name = nameOf(target);
  const longAgo = new Date(clocks.prometheusMs - 10 * longestAgeMs(target.scrapeIntervalMs ?? interval)).toISOString();
  const changed = (change: Partial<Target>): ScrapeFacts => ({ ...facts, targets: targets.with(index, { ...target, ...change }) });
  return [
    worse('target-down', `${name} is down`, changed({ health: 'down', lastError: 'connection refused' })),
    worse('never-scraped', `${name} was never scraped`, changed({ health: 'unknown' })),
    worse('scrape-overdue', `${name} was scraped last long ago`, changed({ lastScrape: longAgo })),
    worse(
      'was-down',
      `${name} was down in one scrape`,
      withUp(facts, target, (samples) => samples.map(([time, value], at) => [time, at === 0 ? 0 : value])),
    ),
    worse('series-dropped', `Prometheus holds no sample of up for ${name}`, {
      ...facts,
      ...history(facts, ({ up }) => ({ up: up.filter((each) => !seriesOf(target, [each]).length) })),
    }),
  ];
}

function late({ interval }: ScrapeRequirement, facts: ScrapeFacts, target: Target): Mutants {
  const name = nameOf(target);
  const agedMs = 10 * longestAgeMs(interval);
  const scraped = (change: (samples: Samples) => Samples): ScrapeFacts => ({
    ...facts,
    ...history(facts, ({ samplesScraped }) => ({ samplesScraped: samplesScraped.map((each) => changedIf(target, each, change)) })),
  });
  return [
    worse(
      'samples-aged',
      `every sample of ${name} is old`,
      withUp(facts, target, (samples) => samples.map(([time, value]) => [time - agedMs, value])),
    ),
    worse(
      'scrape-missed',
      `one scrape of ${name} is missing`,
      withUp(facts, target, (samples) => samples.toSpliced(-2, 1)),
    ),
    worse(
      'scraped-slower',
      `${name} is really scraped half as often`,
      withUp(facts, target, (samples) => stretched(samples, 2)),
    ),
    worse(
      'history-short',
      `Prometheus holds a single sample of ${name}`,
      withUp(facts, target, (samples) => samples.slice(-1)),
    ),
    worse(
      'page-empty',
      `the page of ${name} brings no sample`,
      scraped((samples) => samples.map(([time]) => [time, 0])),
    ),
    worse(
      'count-unknown',
      `how many samples ${name} brings is not told`,
      scraped(() => []),
    ),
  ];
}

type Samples = Series['samples'];

function history(facts: ScrapeFacts, change: (seen: NonNullable<ScrapeFacts['history']>) => Partial<NonNullable<ScrapeFacts['history']>>) {
  return facts.history === undefined ? {} : { history: { ...facts.history, ...change(facts.history) } };
}

function withUp(facts: ScrapeFacts, target: Target, change: (samples: Samples) => Samples): ScrapeFacts {
  return { ...facts, ...history(facts, ({ up }) => ({ up: up.map((each) => changedIf(target, each, change)) })) };
}

function changedIf(target: Target, series: Series, change: (samples: Samples) => Samples): Series {
  return seriesOf(target, [series]).length === 0 ? series : { ...series, samples: change(series.samples) };
}

/** The newest stays where it is. */
function stretched(samples: Samples, times: number): Samples {
  const newest = samples.at(-1)?.[0] ?? 0;
  return samples.map(([time, value]) => [newest - (newest - time) * times, value]);
}
