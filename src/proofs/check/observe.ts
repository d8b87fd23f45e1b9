import { z } from 'zod';
import { exchange } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { CheckRun } from '../../check/run.ts';
import { faultTouch } from '../../gate/fault-touch.ts';
import { ladders, rungOf } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { checkFacts, type CheckFacts, type Run, type Shown, type Wait } from './facts.ts';
import type { CheckRequirement } from './requirement.ts';
import { shortened } from '../../base/shortened.ts';

/** Between two runs of a check that is waited for: its target is not to be flooded. */
const everyMs = 500;

export async function observeCheck(requirement: CheckRequirement, context: ProofContext): Promise<CheckFacts> {
  const { check, times } = requirement;
  const { progress, runCheck } = context;
  const grade = checkFacts.shape.grade.parse(context.grade);
  const wanted = rungOf(ladders.check, grade) >= rungOf(ladders.check, 'steady') ? times : 1;
  const runs: Run[] = [];
  while (runs.length < wanted) {
    progress(wanted === 1 ? `runs ${check}` : `runs ${check}, ${String(runs.length + 1)} of ${String(wanted)}`);
    const next = recorded(await runCheck(check));
    runs.push(next);
    if (next.outcome.status !== 'pass') break;
  }
  // A check that fails by itself shows nothing when its target is broken.
  if (grade !== 'shown-to-fail' || runs.some(({ outcome }) => outcome.status !== 'pass')) return { grade, runs };
  return { grade, runs, shown: await breakTarget(requirement, context) };
}

/** Makes the fault, runs the check until it fails, undoes the fault, and runs the check until it passes. */
async function breakTarget({ check, fault }: CheckRequirement, context: ProofContext): Promise<Shown> {
  if (fault === undefined) return { outcome: 'no-fault' };
  const { clock, effects, progress, signal } = context;
  const injectedAt = clock.now().toISOString();
  const made = await unlessUnreachable(signal, async () => {
    await context.beforeSignal(async () => [await faultTouch(fault, context)]);
    return await effects.make({ says: fault.says, expiresInMs: fault.lasts, undo: fault.undo }, () => exchange(fault.inject, signal));
  });
  if ('trouble' in made) return { outcome: 'not-made', ...made.trouble };
  const { result, undo } = made;
  const answer = { status: result.status, excerpt: shortened(result.text, 300) };
  let whileBroken: Wait;
  try {
    if (result.status >= 400) return { outcome: 'refused', answer };
    progress(`${fault.says}: runs ${check} until it fails`);
    // What passes after the fault has ended by itself was right to pass.
    whileBroken = await runUntil('fail', Math.min(fault.failsWithin, fault.lasts), check, context);
  } finally {
    await undo();
  }
  progress(`undone that ${fault.says}: runs ${check} until it passes`);
  return { outcome: 'broken', injectedAt, answer, whileBroken, afterwards: await runUntil('pass', fault.recoversWithin, check, context) };
}

/** Runs a check again and again until it has this outcome, or the time is up; the last run starts when the time is up at the latest. */
async function runUntil(
  status: Outcome['status'],
  withinMs: number,
  check: string,
  { clock, signal, runCheck }: ProofContext,
): Promise<Wait> {
  const startedMs = clock.monotonicMs();
  const sinceMs = (): number => Math.round(clock.monotonicMs() - startedMs);
  for (let runsBefore = 0; ; runsBefore += 1) {
    const last = recorded(await runCheck(check));
    const waitedMs = sinceMs();
    if (last.outcome.status === status || waitedMs >= withinMs) return { runsBefore, last, waitedMs };
    await clock.sleep(Math.min(everyMs, withinMs - waitedMs), signal);
  }
}

/** That nobody made the fault does not take away what the check has shown before. */
async function unlessUnreachable<Made>(
  signal: AbortSignal,
  make: () => Promise<Made>,
): Promise<Made | { readonly trouble: { readonly says: string; readonly hint?: string } }> {
  try {
    return await make();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    return { trouble: { says: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
  }
}

function recorded({ startedAt, durationMs, outcome: found, observation }: CheckRun): Run {
  const seen = observation === undefined ? {} : { observation: z.json().parse(JSON.parse(JSON.stringify(observation))) };
  return { startedAt, durationMs: Math.round(durationMs), outcome: { ...found, reasons: [...found.reasons] }, ...seen };
}
