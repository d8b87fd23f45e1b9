import type { PromqlNode } from '../../../stack/promql.ts';
import { reachMs, windowsMs } from '../../../stack/promql/selectors.ts';
import type { Rule } from '../loaded/facts.ts';

/** When things happen in the virtual time of a test, in which the condition is true from 0 to `firingByMs` and then no more. */
export interface Timeline {
  /** Time between two samples of a series. */
  readonly sampleEveryMs: number;
  /** Time between two evaluations of the rule; the two moments below are multiples of it. */
  readonly evaluateEveryMs: number;
  /** When the rule fires at the latest. */
  readonly firingByMs: number;
  /** When it is silent again at the latest. */
  readonly recoveredByMs: number;
}

export interface Pace {
  /** How often the real series get a sample. */
  readonly scrapeEveryMs: number;
  readonly forMs: number;
}

/** So many are enough to tell the times apart, and keep a test quick whether the rule looks back for weeks or is evaluated every second. */
const evaluationsWanted = 200;
const samplesWanted = 100;
/** A rate needs two samples in its window, wherever the window begins. */
const samplesPerWindow = 4;
/** Without a newer sample for five minutes Prometheus takes a series for gone. */
const longestGapMs = 240_000;

/** Lays out a test from the rule itself: its windows must be full before anybody can say that `for` has passed. */
export function timelineOf(
  rule: Pick<Rule, 'groupIntervalMs' | 'keepFiringForMs'>,
  query: PromqlNode,
  { scrapeEveryMs, forMs }: Pace,
): Timeline {
  const reach = reachMs(query);
  const coarsest = Math.min(reach / samplesWanted, longestGapMs, ...windowsMs(query).map((window) => window / samplesPerWindow));
  const sampleEveryMs = Math.max(scrapeEveryMs, wholeSeconds(coarsest));
  const evaluateEveryMs = Math.max(rule.groupIntervalMs, wholeSeconds((reach + forMs) / evaluationsWanted));
  const late = 2 * evaluateEveryMs + sampleEveryMs;
  const firingByMs = roundUp(reach + forMs + late, evaluateEveryMs);
  const recoveredByMs = firingByMs + roundUp(reach + rule.keepFiringForMs + late, evaluateEveryMs);
  return { sampleEveryMs, evaluateEveryMs, firingByMs, recoveredByMs };
}

/** The first multiple of `step` that is not before `ms`: when a rule that is evaluated every `step` can notice something. */
export function roundUp(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
