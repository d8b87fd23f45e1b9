import type { Arrival, Channel } from '../../../alert/channel.ts';
import { ladders, rungOf } from '../../../gate/grade.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Meanwhile } from '../routed/observe.ts';
import { hindrance, reached } from '../routed/judge.ts';
import { orTrouble } from '../../../base/trouble.ts';
import { isResolved } from '../../../alert/alert-status.ts';
import type { ChannelFacts, DeliveredFacts } from './facts.ts';
import { failuresSoFar, newFailures } from './failures.ts';
import { holdUntilNoted } from './hold.ts';
import type { NamedChannel } from './open-channels.ts';
import { watch } from '../../../alert/watch.ts';

/** Waits, while the test alert is active, until its nonce is read back on every channel, and acknowledged where that is asked for. */
export function observeDelivered(
  requirement: AlertRequirement,
  context: ProofContext,
  channels: readonly NamedChannel[],
): Meanwhile<DeliveredFacts> {
  return async (posted, alertmanager, sincePostedMs) => {
    const { held } = posted;
    const isOnItsWay = held !== undefined && hindrance(held) === undefined && reached(requirement, held, 'routed').length === 0;
    if (!isOnItsWay) return { outcome: 'not-awaited' };
    const before = await failuresSoFar(alertmanager, context.signal);
    const found = await Promise.all(channels.map((each) => awaited(each, requirement, context, sincePostedMs)));
    const after = await failuresSoFar(alertmanager, context.signal);
    const hasArrived = found.some(({ foundAfterMs }) => foundAfterMs !== undefined);
    if (hasArrived && requirement.resolvedWithin !== undefined) await holdUntilNoted(requirement.rule, posted, context, sincePostedMs);
    return { outcome: 'awaited', channels: found, failures: newFailures(before, after) };
  };
}

/** Waits, once the test alert has been ended, until every channel that must tell so has done it. */
export async function observeResolved(
  facts: DeliveredFacts,
  requirement: AlertRequirement,
  context: ProofContext,
  channels: readonly NamedChannel[],
): Promise<DeliveredFacts> {
  const { resolvedWithin, resolvedOn } = requirement;
  if (facts.outcome === 'not-awaited' || resolvedWithin === undefined) return facts;
  const { clock, nonce, signal, progress } = context;
  const endedMs = clock.monotonicMs();
  const awaitedOn = resolvedOn.length === 0 ? requirement.channels : resolvedOn;
  const told = facts.channels.map(async (each): Promise<ChannelFacts> => {
    const channel = channels.find(({ name }) => name === each.channel)?.channel;
    // Nobody is told of the end of something that they were not told of.
    if (channel === undefined || 'trouble' in channel || each.foundAfterMs === undefined || !awaitedOn.includes(each.channel)) return each;
    progress(`waiting for ${each.channel} to tell that the test alert is over`);
    const looked = await watch(channel, context, resolvedWithin, async () => (await channel.readBack(nonce, signal)).find(isResolved));
    if ('seen' in looked) {
      return { ...each, resolved: { outcome: 'seen', arrival: looked.seen, afterMs: Math.round(clock.monotonicMs() - endedMs) } };
    }
    return { ...each, resolved: { outcome: 'not-seen', ...(looked.trouble === undefined ? {} : { trouble: looked.trouble }) } };
  });
  return { ...facts, channels: await Promise.all(told) };
}

async function awaited(
  { name, channel }: NamedChannel,
  requirement: AlertRequirement,
  context: ProofContext,
  sincePostedMs: () => number,
): Promise<ChannelFacts> {
  const { signal, nonce, progress } = context;
  if ('trouble' in channel) return { channel: name, kind: 'unknown', arrivals: [], trouble: channel.trouble };
  const facts = { channel: name, kind: channel.kind };
  progress(`waiting for the test alert on ${name}`);
  const looked = await watch(channel, context, requirement.deliveredWithin - sincePostedMs(), async () => {
    const arrivals = await channel.readBack(nonce, signal);
    return arrivals.some((each) => each.seenByPeople && !isResolved(each)) ? arrivals : undefined;
  });
  // What is only where nobody looks may still be on its way to where people do: that is known when the time is up.
  const found = 'seen' in looked ? looked.seen : await hidden(channel, context);
  if (found === undefined) {
    const trouble = 'trouble' in looked ? looked.trouble : undefined;
    return { ...facts, arrivals: [], ...(trouble === undefined ? {} : { trouble }) };
  }
  const foundAfterMs = sincePostedMs();
  const [arrivals, acknowledged] = await Promise.all([
    lookedAgain(found, channel, context),
    observeAcknowledged(name, channel, requirement, context, sincePostedMs),
  ]);
  return { ...facts, arrivals: [...arrivals], foundAfterMs, ...(acknowledged === undefined ? {} : { acknowledged }) };
}

async function hidden(channel: Channel, { nonce, signal }: ProofContext): Promise<readonly Arrival[] | undefined> {
  const looked = await orTrouble(signal, () => channel.readBack(nonce, signal));
  return 'trouble' in looked || looked.every(isResolved) ? undefined : looked;
}

async function observeAcknowledged(
  name: string,
  channel: Channel,
  { acknowledgedWithin, acknowledgedOn }: AlertRequirement,
  context: ProofContext,
  sincePostedMs: () => number,
): Promise<ChannelFacts['acknowledged']> {
  const isAsked = rungOf(ladders.alert, context.grade) >= rungOf(ladders.alert, 'acknowledged') && acknowledgedWithin !== undefined;
  if (!isAsked || (acknowledgedOn.length > 0 && !acknowledgedOn.includes(name))) return undefined;
  const { nonce, signal, progress } = context;
  const { acknowledgements } = channel;
  if (acknowledgements === undefined) return { outcome: 'cannot-show' };
  progress(`waiting for somebody to acknowledge the test alert on ${name}`);
  const looked = await watch(channel, context, acknowledgedWithin - sincePostedMs(), async () => {
    const signs = await acknowledgements(nonce, signal);
    return signs.length === 0 ? undefined : signs;
  });
  if ('seen' in looked) return { outcome: 'seen', by: [...looked.seen], afterMs: sincePostedMs() };
  return { outcome: 'not-seen', ...(looked.trouble === undefined ? {} : { trouble: looked.trouble }) };
}

/** Where looking is cheap, once more for duplicates. */
async function lookedAgain(
  found: readonly Arrival[],
  channel: Channel,
  { clock, nonce, signal }: ProofContext,
): Promise<readonly Arrival[]> {
  if (channel.readBackEveryMs > 2_000) return found;
  await clock.sleep(channel.readBackEveryMs, signal);
  const again = await orTrouble(signal, () => channel.readBack(nonce, signal));
  return 'trouble' in again ? found : again;
}
