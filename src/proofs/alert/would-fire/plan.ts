import { formatDuration } from '../../../base/duration.ts';
import type { AlertRequirement, Situation } from '../requirement.ts';
import type { Check } from './facts.ts';
import { inputSeriesOf, type InputSeries } from './input-series.ts';
import { roundUp, type Timeline } from './timeline.ts';

/** An expression at a moment of virtual time, and the value that it must have; none when it must give nothing. */
export interface Expectation {
  readonly expression: string;
  readonly atMs: number;
  readonly value?: number | undefined;
}

export interface PlannedCheck extends Expectation {
  readonly check: Check;
}

/** A situation played to the rule, and what the rule must do in it. */
export interface PlannedSituation {
  readonly situation: Situation;
  readonly input: readonly InputSeries[];
  readonly checks: readonly PlannedCheck[];
}

/** What must be tried in a situation: the same list for whoever plans the tests and whoever judges them. */
export function checksFor(situation: Situation, { firesWhen, silentWhen }: AlertRequirement, forMs: number): readonly Check[] {
  if (!firesWhen.includes(situation)) return ['stays-silent'];
  return [...(forMs > 0 ? (['waits'] as const) : []), 'fires', ...(silentWhen.length > 0 ? (['recovers'] as const) : [])];
}

const expectations: Readonly<Record<Check, (alert: string, forMs: number, timeline: Timeline) => Expectation>> = {
  waits,
  fires,
  recovers,
  'stays-silent': staysSilent,
};

/** Plans what the rule must do in every situation of the gate; `forMs` is the time for which it must wait. */
export function planTests(requirement: AlertRequirement, alert: string, forMs: number, timeline: Timeline): readonly PlannedSituation[] {
  const { firesWhen, silentWhen } = requirement;
  const [calm] = silentWhen;
  return [...firesWhen, ...silentWhen].map((situation) => ({
    situation,
    input: played(timeline, situation, firesWhen.includes(situation) ? calm : situation),
    checks: checksFor(situation, requirement, forMs).map((check) => ({ check, ...expectations[check](alert, forMs, timeline) })),
  }));
}

/** First the situation, then the calm in which the rule must be silent again. */
function played(
  { sampleEveryMs, firingByMs, recoveredByMs }: Timeline,
  situation: Situation,
  calm: Situation | undefined,
): readonly InputSeries[] {
  const samples = Math.floor(firingByMs / sampleEveryMs) + 1;
  const after = Math.floor(recoveredByMs / sampleEveryMs) + 1 - samples;
  return inputSeriesOf([{ situation, samples }, ...(calm === undefined ? [] : [{ situation: calm, samples: after }])], sampleEveryMs);
}

function alerts(alert: string, state: 'pending' | 'firing'): string {
  return `ALERTS{alertname=${JSON.stringify(alert)},alertstate="${state}"}`;
}

/** Measured from the first pending alert: when the condition first holds depends on how the rule's windows fill. */
function waits(alert: string, forMs: number, { evaluateEveryMs, firingByMs }: Timeline): Expectation {
  const first = (state: 'pending' | 'firing'): string =>
    `min(min_over_time(timestamp(${alerts(alert, state)})[${formatDuration(firingByMs)}:${formatDuration(evaluateEveryMs)}]))`;
  const value = roundUp(forMs, evaluateEveryMs) / 1000;
  return { expression: `round(${first('firing')} - ${first('pending')}, 0.001)`, atMs: firingByMs, value };
}

function fires(alert: string, _forMs: number, { firingByMs }: Timeline): Expectation {
  return { expression: `count(${alerts(alert, 'firing')}) > bool 0`, atMs: firingByMs, value: 1 };
}

function recovers(alert: string, _forMs: number, { recoveredByMs }: Timeline): Expectation {
  return { expression: alerts(alert, 'firing'), atMs: recoveredByMs };
}

function staysSilent(alert: string, _forMs: number, { recoveredByMs }: Timeline): Expectation {
  return { expression: `count_over_time(${alerts(alert, 'firing')}[${formatDuration(recoveredByMs)}])`, atMs: recoveredByMs };
}
