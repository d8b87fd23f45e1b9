import { ranOutOfTime, timeLimited } from '../base/abortable.ts';
import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import { rememberingEach } from '../base/remembering.ts';
import { judgeAssertions, readingOf } from './assertion/judge.ts';
import type { Check } from './check.ts';
import type { Outcome } from './outcome.ts';
import type { Probe, ProbeContext } from './probe.ts';
import type { Readings } from './reading.ts';

/** One run of a check: what was seen, and what it means. Where it was tried again, all of it is the last attempt's. */
export interface CheckRun {
  readonly startedAt: string;
  readonly durationMs: number;
  /** 1 when it was not tried again. */
  readonly attempts: number;
  /** Absent when the probe itself could not run. */
  readonly observation?: unknown;
  /** What the probe read out of the observation; empty when it could not run. */
  readonly readings: Readings;
  readonly outcome: Outcome;
}

/**
 * Runs a check once, and again as its retries say; each attempt has the whole timeout. Trouble of the target and Faults of the probe are
 * outcomes. Rejects when `context.signal` aborts, and with whatever else the probe throws in time: that is a bug of ours.
 */
export async function runCheck(check: Check, probe: Probe, context: ProbeContext): Promise<CheckRun> {
  const { times, afterMs, on } = check.retries;
  const wanted = context.wanted ?? subjectsOf(check.assertions);
  for (let attempts = 1; ; attempts += 1) {
    const attempt = await tryOnce(check, probe, { ...context, wanted });
    const { status } = attempt.outcome;
    if (status === 'pass' || attempts > times || !on.includes(status)) return { ...attempt, attempts };
    await context.clock.sleep(afterMs, context.signal);
  }
}

const subjectsOf = rememberingEach((assertions: Check['assertions']) => [...new Set(assertions.map(({ subject }) => subject))]);

async function tryOnce(check: Check, probe: Probe, context: ProbeContext): Promise<Omit<CheckRun, 'attempts'>> {
  const startedAt = context.clock.now().toISOString();
  const startedMs = context.clock.monotonicMs();
  using limited = timeLimited(context.signal, check.timeoutMs);
  const durationMs = (): number => context.clock.monotonicMs() - startedMs;
  try {
    const observation = await probe.observe(check.options, { ...context, signal: limited.signal });
    // A probe takes "time is up" for the target's slowness; when it was the caller's time, that would be a false accusation.
    context.signal.throwIfAborted();
    const tookMs = durationMs();
    const readings = probe.readings?.(check.options, observation) ?? new Map();
    return { startedAt, durationMs: tookMs, observation, readings, outcome: judge(check, probe, observation, readings) };
  } catch (error) {
    context.signal.throwIfAborted();
    const outcome: Outcome = { status: 'error', reasons: [reasonOf(error, limited.signal, check)] };
    return { startedAt, durationMs: durationMs(), readings: new Map(), outcome };
  }
}

/** The probe's own judgement, and then the assertions. Pure. */
export function judge({ options, assertions }: Check, probe: Probe, observation: unknown, readings: Readings): Outcome {
  const own = probe.judge(options, observation);
  if (assertions.length === 0 || own.status === 'error') return own;
  // Of a target that is down, most cannot be read: that is its failure, and no trouble of ours.
  const judged = own.status === 'fail' ? assertions.filter((each) => readingOf(each, readings)?.value !== undefined) : assertions;
  const { failed, untold } = judgeAssertions(judged, readings);
  const reasons = [...new Set([...own.reasons, ...failed, ...untold])];
  if (own.status === 'fail' || failed.length > 0) return { status: 'fail', reasons };
  return untold.length > 0 ? { status: 'error', reasons } : own;
}

function reasonOf(error: unknown, signal: AbortSignal, check: Check): string {
  if (!(error instanceof Fault)) {
    if (ranOutOfTime(signal)) return `no result within ${formatDuration(check.timeoutMs)}`;
    throw error;
  }
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}
