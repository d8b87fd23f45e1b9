import { systemClock } from '../../src/base/clock.ts';
import { onDemand, type Check } from '../../src/check/check.ts';
import type { Readings } from '../../src/check/reading.ts';
import { runCheck, type CheckRun } from '../../src/check/run.ts';
import http from '../../src/probes/http.ts';
import { httpObservation, type HttpObservation, type StepSeen } from '../../src/probes/http/observation.ts';

export interface HttpRun extends CheckRun {
  readonly seen: HttpObservation;
  readonly readings: Readings;
}

interface How {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly wanted?: readonly string[];
  readonly assertions?: Check['assertions'];
}

/** Runs an http check once, as a gate and a schedule do. What was seen is read back by its own schema. */
export async function runHttp(
  own: object,
  { timeoutMs = 30_000, signal = new AbortController().signal, wanted, assertions = [] }: How = {},
): Promise<HttpRun> {
  const options = http.options.parse(own);
  const check = { name: 'c', ...onDemand, assertions, ref: [], statement: 'c', probe: 'http', timeoutMs, options };
  const keep = (): Promise<string> => Promise.reject(new Error('keeps nothing'));
  const done = await runCheck(check, http, { clock: systemClock, signal, keep, wanted });
  const seen = done.observation === undefined ? { steps: [] } : httpObservation.parse(done.observation);
  return { ...done, seen, readings: http.readings?.(options, seen) ?? new Map() };
}

/** The one step of a check that has no other. */
export function onlyStep({ seen }: HttpRun): StepSeen {
  const [step] = seen.steps;
  if (step === undefined || seen.steps.length !== 1) throw new Error(`there are ${String(seen.steps.length)} steps`);
  return step;
}
