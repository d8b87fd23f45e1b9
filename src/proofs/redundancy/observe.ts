import { eventually } from '../../base/eventually.ts';
import { orTrouble } from '../../base/trouble.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { RedundancyFacts, Trial } from './facts.ts';
import { lookAtParts } from './look.ts';
import type { RedundancyRequirement } from './requirement.ts';
import { shortcomingsOf } from './shortcomings.ts';
import { serversAt, takeAway } from './take-away.ts';
import { firingCopies, postTestAlert } from './test-alert.ts';

/** A stack that has just been started or reloaded gets this long: Prometheus discovers its Alertmanagers after 5 s. */
const wholeWithinMs = 15_000;

/**
 * Looks at all parts; then posts a test alert with everything in place, and again with one thing after the other taken away.
 * It stops as soon as something is not whole: whoever is left must not be taken away too.
 */
export async function observeRedundancy(requirement: RedundancyRequirement, context: ProofContext): Promise<RedundancyFacts> {
  const { clock, signal } = context;
  // Before anything is taken away: what is wrong with the last one is wrong from the beginning.
  for (const { gone } of requirement.takeAway) serversAt(gone, context);
  let parts = await lookAtParts(requirement.watchdog, context);
  const isWhole = async (): Promise<true | undefined> => {
    parts = await lookAtParts(requirement.watchdog, context);
    return shortcomingsOf(parts, requirement.watchdog).length === 0 || undefined;
  };
  const whole = await eventually(isWhole, { clock, signal, withinMs: wholeWithinMs, everyMs: 500 });
  if (context.grade === 'clustered') return { parts };
  if (whole === undefined) return { parts, trials: [] };

  const trials: Trial[] = [{ test: await postTestAlert(requirement, context.alertmanagers(), 0, context) }];
  for (const [index, taken] of requirement.takeAway.entries()) {
    const last = trials.at(-1);
    const isDisturbed = last?.test?.arrivals.length !== 1 || (last.away !== undefined && last.away.back.afterMs === undefined);
    if (isDisturbed) break;
    trials.push(await takeAway(taken, requirement, index + 1, context));
  }
  return { parts, trials: await Promise.all(trials.map((trial) => countedAgain(trial, requirement, context))) };
}

/** A copy may come late, from somebody who was given back: all of them are counted once more at the end. */
async function countedAgain(trial: Trial, requirement: RedundancyRequirement, context: ProofContext): Promise<Trial> {
  const { test } = trial;
  if (test === undefined || test.trouble !== undefined) return trial;
  const arrivals = await orTrouble(context.signal, async () =>
    firingCopies(await context.channel(requirement.channel), test.nonce, context),
  );
  return 'trouble' in arrivals ? { ...trial, test: { ...test, ...arrivals } } : { ...trial, test: { ...test, arrivals } };
}
