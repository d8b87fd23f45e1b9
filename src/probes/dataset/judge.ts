import type { Outcome } from '../../check/outcome.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import { casesToTell, wilson, type Interval } from './interval.ts';
import type { DatasetObservation } from './observation.ts';
import type { DatasetOptions } from './options.ts';

/** So many hits among so many tries, and what the cases that were not told could add to either. */
interface Measure {
  readonly name: string;
  readonly hits: number;
  readonly tries: number;
  /** If everything untold went badly, and if it went well. */
  readonly worst: { readonly hits: number; readonly tries: number };
  readonly best: { readonly hits: number; readonly tries: number };
}

/**
 * A bound holds when the whole interval is on its good side, and fails when the whole interval is on its bad side.
 * Anything between is an error: there are too few cases to tell.
 */
export function judgeDataset({ expect, confidence }: DatasetOptions, seen: DatasetObservation): Outcome {
  const measures = measuresOf(seen);
  const findings = [
    findingOf(measures.accuracy, expect.accuracy?.atLeast, 'at least', confidence),
    findingOf(measures.precision, expect.precision?.atLeast, 'at least', confidence),
    findingOf(measures.recall, expect.recall?.atLeast, 'at least', confidence),
    findingOf(measures.falsePositiveRate, expect.falsePositiveRate?.atMost, 'at most', confidence),
  ].filter((each) => each !== undefined);
  const statuses = findings.map(({ status }) => status);
  const status = statuses.includes('fail') ? 'fail' : statuses.includes('error') || findings.length === 0 ? 'error' : 'pass';
  const untold = untoldReasons(seen);
  if (status === 'pass') return { status, reasons: untold };
  const reasons = findings.filter((each) => each.status !== 'pass').map(({ says }) => says);
  return { status, reasons: [...reasons, ...mistakeReasons(seen), ...untold] };
}

export function datasetReadings(_options: DatasetOptions, seen: DatasetObservation): Readings {
  const measures = measuresOf(seen);
  const ratio = (name: string, measure: Measure | undefined): (readonly [string, Reading])[] =>
    measure === undefined || measure.tries === 0 ? [] : [[name, { value: measure.hits / measure.tries, unit: 'ratio' }]];
  return new Map<string, Reading>([
    ['cases', { value: seen.cases }],
    ['answered', { value: seen.cases === 0 ? 0 : (seen.right + seen.wrong) / seen.cases, unit: 'ratio' }],
    ...ratio('accuracy', measures.accuracy),
    ...ratio('precision', measures.precision),
    ...ratio('recall', measures.recall),
    ...ratio('false positive rate', measures.falsePositiveRate),
    ...(seen.p50Ms === undefined ? [] : [['p50', { value: seen.p50Ms, unit: 'ms' }] as const]),
    ...(seen.p95Ms === undefined ? [] : [['p95', { value: seen.p95Ms, unit: 'ms' }] as const]),
  ]);
}

function measuresOf({ right, wrong, untold, positives, negatives }: DatasetObservation) {
  const share = (name: string, hits: number, tries: number, unknown: number): Measure => ({
    name,
    hits,
    tries,
    worst: { hits, tries: tries + unknown },
    best: { hits: hits + unknown, tries: tries + unknown },
  });
  const accuracy = share('accuracy', right, right + wrong, untold);
  if (positives === undefined || negatives === undefined) return { accuracy };
  const claimed = positives.positive + negatives.positive;
  return {
    accuracy,
    recall: share('recall', positives.positive, positives.positive + positives.negative, positives.untold),
    falsePositiveRate: share('false positive rate', negatives.positive, negatives.positive + negatives.negative, negatives.untold),
    precision: {
      name: 'precision',
      hits: positives.positive,
      tries: claimed,
      // At worst every untold negative is claimed to be positive; at best every untold positive is.
      worst: { hits: positives.positive, tries: claimed + negatives.untold },
      best: { hits: positives.positive + positives.untold, tries: claimed + positives.untold },
    },
  };
}

function findingOf(
  measure: Measure | undefined,
  bound: number | undefined,
  side: 'at least' | 'at most',
  confidence: number,
): { readonly status: Outcome['status']; readonly says: string } | undefined {
  if (bound === undefined) return undefined;
  const expected = `expected ${side} ${String(bound)}`;
  if (measure === undefined) return { status: 'error', says: `no positive label was told, ${expected}` };
  const { name, hits, tries, worst, best } = measure;
  const { low } = wilson(worst.hits, worst.tries, confidence);
  const { high } = wilson(best.hits, best.tries, confidence);
  const holds = side === 'at least' ? low >= bound : high <= bound;
  const fails = side === 'at least' ? high < bound : low > bound;
  if (tries === 0) return { status: 'error', says: `${name} cannot be told: no case counts for it, ${expected}` };
  const figure = `${name} ${(hits / tries).toFixed(3)} (${String(hits)} of ${String(tries)}; ${interval({ low, high }, confidence)}), ${expected}`;
  if (holds) return { status: 'pass', says: figure };
  if (fails) return { status: 'fail', says: figure };
  const needed = casesToTell(hits / tries, bound, confidence);
  const enough = needed === undefined || needed <= tries ? '' : `: at this share some ${String(needed)} would tell`;
  return { status: 'error', says: `${figure}: too few cases to tell${enough}` };
}

function interval({ low, high }: Interval, confidence: number): string {
  return `${String(Math.round(confidence * 10_000) / 100)}% interval ${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function untoldReasons({ untold, cases, causes }: DatasetObservation): string[] {
  if (untold === 0) return [];
  const shown = causes.slice(0, 3).map(({ says, cases: count }) => `${String(count)} times ${says}`);
  return [`${String(untold)} of ${String(cases)} cases were not answered${shown.length === 0 ? '' : `: ${shown.join('; ')}`}`];
}

function mistakeReasons({ mistakes, wrong }: DatasetObservation): string[] {
  if (mistakes.length === 0) return [];
  const shown = mistakes
    .slice(0, 3)
    .map(({ line, label, answer }) => `line ${String(line)} is ${JSON.stringify(label)}, answered ${JSON.stringify(answer)}`);
  return [`${String(wrong)} wrong: ${shown.join('; ')}${wrong > shown.length ? '; …' : ''}`];
}
