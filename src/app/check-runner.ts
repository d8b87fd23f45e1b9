import { canonicalJson } from '../base/canonical-json.ts';
import type { Clock } from '../base/clock.ts';
import { sha256, type Sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { Redactor } from '../base/redact.ts';
import { readingOf } from '../check/assertion/judge.ts';
import type { Check } from '../check/check.ts';
import type { HeartbeatReader } from '../check/heartbeat.ts';
import type { Measure } from '../check/measure.ts';
import type { Kept, Probe } from '../check/probe.ts';
import type { Reading } from '../check/reading.ts';
import { judge, runCheck, type CheckRun } from '../check/run.ts';
import type { FailedRun } from '../schedule/outcome-on.ts';

export interface RunnerOptions {
  readonly probes: ReadonlyMap<string, Probe>;
  readonly clock: Clock;
  /** Takes secrets out of whatever leaves a run. */
  readonly redactor: Redactor;
  readonly kept: Kept;
  readonly heartbeats?: HeartbeatReader | undefined;
}

/** A run of a check as it may be told and stored. */
export interface ToldRun extends Pick<CheckRun, 'startedAt' | 'durationMs' | 'attempts'> {
  readonly status: CheckRun['outcome']['status'];
  readonly reasons: readonly string[];
  /** Of what was observed. */
  readonly observation?: Sha256 | undefined;
  readonly measures: readonly Measure[];
  /** What was tried, and how it went; absent when the probe does not tell. */
  readonly met?: Met | undefined;
  /** Screenshots, traces and the like, as the probe kept them; empty when it passed. */
  readonly evidence: readonly Uint8Array[];
}

export interface Met extends Pick<FailedRun, 'way' | 'isLocal'> {
  readonly target: string;
  readonly answered: boolean;
}

export type CheckRunner = (check: Check, signal: AbortSignal) => Promise<ToldRun>;

/** So much evidence of one run is held; what comes after it is let go. */
const mostEvidenceBytes = 64 * 1024 * 1024;

/** Runs checks with what all of them share. Rejects only when the signal aborts, and for bugs of ours. */
export function checkRunner({ probes, clock, redactor, kept, heartbeats }: RunnerOptions): CheckRunner {
  return async (check, signal) => {
    const probe = probes.get(check.probe);
    if (probe === undefined) throw new Fault('config/unknown-kind', `there is no probe "${check.probe}"`);
    // Attempts that saw the same kept the same.
    const evidence = new Map<Sha256, Uint8Array>();
    let room = mostEvidenceBytes;
    const run = await runCheck(check, probe, {
      clock,
      signal,
      kept,
      heartbeats,
      keep: (given) => {
        const bytes = redactor.bytes(given);
        const digest = sha256(bytes);
        if (bytes.length <= room && !evidence.has(digest)) {
          room -= bytes.length;
          evidence.set(digest, bytes);
        }
        return Promise.resolve(digest);
      },
    });
    const { startedAt, durationMs, attempts, observation, outcome } = run;
    const { status } = outcome;
    const isSeen = observation !== undefined;
    const atMs = Date.parse(startedAt) + durationMs;
    return {
      startedAt,
      // Beyond microseconds a clock in JavaScript says nothing.
      durationMs: Math.round(durationMs * 1000) / 1000,
      attempts,
      status,
      reasons: outcome.reasons.map(redactor.text),
      observation: isSeen ? sha256(redactor.text(canonicalJson(observation))) : undefined,
      measures: isSeen ? (probe.measures?.(check.options, observation, atMs) ?? []) : [],
      met: isSeen ? metBy(check, probe, run) : undefined,
      evidence: status === 'pass' ? [] : [...evidence.values()],
    };
  };
}

/** How long the run took, or a part of it. */
function isTimed(reading: Reading | undefined): boolean {
  return reading?.unit === 'ms' && reading.isLifetime !== true;
}

/** An answer that fails by assertions about time alone was no wrong answer: a busy machine makes any target slow. */
function metBy(check: Check, probe: Probe, { observation, readings, outcome }: CheckRun): Met | undefined {
  const reach = probe.reach?.(check.options, observation);
  if (reach === undefined) return undefined;
  const { target, isLocal, way } = reach;
  if (way !== 'answered') return { target, isLocal, way, answered: way === 'too-slow' };
  const untimed = (): Check => ({ ...check, assertions: check.assertions.filter((each) => !isTimed(readingOf(each, readings))) });
  const isWrong = outcome.status !== 'pass' && judge(untimed(), probe, observation, readings).status === 'fail';
  return { target, isLocal, way: isWrong ? 'wrong-answer' : 'too-slow', answered: true };
}
