import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { observeDelivered, observeResolved } from './delivered/observe.ts';
import { openChannels } from './delivered/open-channels.ts';
import type { AlertFacts } from './facts.ts';
import { observeFired } from './fired/observe.ts';
import { chooseRule } from './loaded/choose.ts';
import type { Rule } from './loaded/facts.ts';
import { observeLoaded } from './loaded/observe.ts';
import type { AlertRequirement } from './requirement.ts';
import { observeRouted } from './routed/observe.ts';
import { orTrouble } from '../../base/trouble.ts';
import { observeSelectors } from './would-fire/live-selectors.ts';
import { testAlertLastsMs } from './touches.ts';
import { passesItsTests, tryOut } from './would-fire/observe.ts';

/**
 * Looks as far as the grade asks. The tests in virtual time come first, since they take a fraction of a second: nobody is
 * woken and no fault is made for a rule that fails them. After them the long waits run side by side.
 */
export async function observe(requirement: AlertRequirement, context: ProofContext): Promise<AlertFacts> {
  const { signal } = context;
  const grade = context.grade as AlertFacts['grade'];
  const isWanted = (rung: Grade): boolean => rungOf(ladders.alert, grade) >= rungOf(ladders.alert, rung);

  const loaded = await observeLoaded(requirement, context);
  const rule = chooseRule(requirement, loaded.rules);
  if (rule === undefined || !isWanted('would-fire')) return { grade, loaded };

  const [live, tried] = await Promise.all([
    orTrouble(signal, () => observeSelectors(rule, context)),
    orTrouble(signal, () => tryOut(requirement, rule, context)),
  ]);
  const isSound = 'trouble' in tried || passesItsTests(tried.facts);
  const waits = [
    'trouble' in tried ? Promise.resolve(tried) : tried.withMutants(),
    isWanted('routed') ? sendTestAlert(requirement, rule, context, isSound && isWanted('delivered')) : Promise.resolve({}),
    isWanted('fired') && isSound ? orTrouble(signal, () => observeFired(requirement, rule, context)) : Promise.resolve(undefined),
  ] as const;
  // Each undoes what it did before it ends, and that is waited for even when another one fails or the run is stopped.
  await Promise.allSettled(waits);
  const [wouldFire, onItsWay, fired] = await Promise.all(waits);
  return { grade, loaded, live, wouldFire, ...onItsWay, ...(fired === undefined ? {} : { fired }) };
}

/** Sends the test alert on its way, and follows it to the channels where that is wanted, until people were told that it is over. */
async function sendTestAlert(
  requirement: AlertRequirement,
  rule: Rule,
  context: ProofContext,
  follow: boolean,
): Promise<Pick<AlertFacts, 'routed' | 'delivered'>> {
  const channels = follow ? await openChannels(requirement, context) : [];
  const lastsMs = testAlertLastsMs(requirement, follow);
  const meanwhile = follow ? observeDelivered(requirement, context, channels) : () => Promise.resolve(undefined);
  const seen = await orTrouble(context.signal, () => observeRouted(rule, lastsMs, context, meanwhile));
  if ('trouble' in seen) return { routed: seen };
  const { routed, result } = seen;
  if (result === undefined) return { routed };
  return { routed, delivered: await observeResolved(result, requirement, context, channels) };
}
