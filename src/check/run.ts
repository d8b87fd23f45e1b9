import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import type { Check } from './check.ts';
import type { Outcome } from './outcome.ts';
import type { Probe, ProbeContext } from './probe.ts';

/** One run of a check: what was seen, and what it means. */
export interface CheckRun {
  readonly startedAt: string;
  readonly durationMs: number;
  /** Absent when the probe itself could not run. */
  readonly observation?: unknown;
  readonly outcome: Outcome;
}

/** Runs a check once. Never rejects for the target's sake; rejects only when `context.signal` aborts. */
export async function runCheck(check: Check, probe: Probe, context: ProbeContext): Promise<CheckRun> {
  const startedAt = context.clock.now().toISOString();
  const startedMs = context.clock.monotonicMs();
  const timeout = AbortSignal.timeout(check.timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const durationMs = (): number => context.clock.monotonicMs() - startedMs;
  try {
    const observation = await probe.observe(check.options, { ...context, signal });
    // A probe takes "time is up" for the target's slowness; when it was the caller's time, that would be a false accusation.
    context.signal.throwIfAborted();
    return { startedAt, durationMs: durationMs(), observation, outcome: probe.judge(check.options, observation) };
  } catch (error) {
    context.signal.throwIfAborted();
    return { startedAt, durationMs: durationMs(), outcome: { status: 'error', reasons: [reasonOf(error, timeout, check)] } };
  }
}

function reasonOf(error: unknown, timeout: AbortSignal, check: Check): string {
  if (!(error instanceof Fault)) {
    if (timeout.aborted) return `no result within ${formatDuration(check.timeoutMs)}`;
    throw error;
  }
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}
