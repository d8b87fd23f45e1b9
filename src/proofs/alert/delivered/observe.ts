import type { Arrival, Channel } from '../../../alert/channel.ts';
import { eventually } from '../../../base/eventually.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { Alertmanager } from '../../../stack/alertmanager.ts';
import { parseExposition } from '../../../stack/exposition.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Meanwhile } from '../routed/observe.ts';
import { hindrance, reached } from '../routed/judge.ts';
import { orTrouble, type Trouble } from '../trouble.ts';
import { isResolved, type ChannelFacts, type DeliveredFacts, type Failures } from './facts.ts';

/** Waits, while the test alert is active, until its nonce is read back on every channel or the time is up. */
export function observeDelivered(requirement: AlertRequirement, context: ProofContext): Meanwhile<DeliveredFacts> {
  return async ({ held }, alertmanager, sincePostedMs) => {
    const isOnItsWay = held !== undefined && hindrance(held) === undefined && reached(requirement, held, 'routed').length === 0;
    if (!isOnItsWay) return { outcome: 'not-awaited' };
    const before = await failuresSoFar(alertmanager, context.signal);
    const channels = await Promise.all(requirement.channels.map((name) => watched(name, requirement, context, sincePostedMs)));
    const after = await failuresSoFar(alertmanager, context.signal);
    return { outcome: 'awaited', channels, failures: newFailures(before, after) };
  };
}

async function watched(
  name: string,
  { deliveredWithin }: AlertRequirement,
  context: ProofContext,
  sincePostedMs: () => number,
): Promise<ChannelFacts> {
  const { clock, signal, nonce, progress } = context;
  const channel = await orTrouble(signal, () => context.channel(name));
  if ('trouble' in channel) return { channel: name, kind: 'unknown', arrivals: [], trouble: channel.trouble };
  const facts = { channel: name, kind: channel.kind };
  progress(`waiting for the test alert on ${name}`);

  let trouble: Trouble | undefined;
  const found = await eventually(
    async () => {
      const looked = await orTrouble(signal, () => channel.readBack(nonce, signal));
      trouble = 'trouble' in looked ? looked.trouble : undefined;
      return 'trouble' in looked || looked.every(isResolved) ? undefined : looked;
    },
    { clock, signal, withinMs: Math.max(0, deliveredWithin - sincePostedMs()), everyMs: channel.readBackEveryMs },
  );
  if (found === undefined) return { ...facts, arrivals: [], ...(trouble === undefined ? {} : { trouble }) };
  const foundAfterMs = sincePostedMs();
  return { ...facts, arrivals: [...(await lookedAgain(found, channel, context))], foundAfterMs };
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

/** Attempts that failed; older servers count only what they gave up, which is long after our time is up. */
const counters = ['alertmanager_notification_requests_failed_total', 'alertmanager_notifications_failed_total'];

/** Alertmanager's own count of what it failed to send, by integration and reason; none when it does not tell. */
async function failuresSoFar(alertmanager: Alertmanager, signal: AbortSignal): Promise<readonly Failures[]> {
  const metrics = await orTrouble(signal, () => alertmanager.ownMetrics(signal));
  if (typeof metrics !== 'string') return [];
  const { families } = parseExposition(metrics);
  const family = counters.map((counter) => families.find(({ name }) => name === counter)).find((found) => found !== undefined);
  return (family?.samples ?? []).map(({ labels, value }) => {
    const { integration = 'unknown', reason } = labels;
    return { integration, times: Number(value), ...(reason === undefined ? {} : { reason }) };
  });
}

function newFailures(before: readonly Failures[], after: readonly Failures[]): Failures[] {
  const earlier = ({ integration, reason }: Failures): number =>
    before.find((each) => each.integration === integration && each.reason === reason)?.times ?? 0;
  return after.map((each) => ({ ...each, times: each.times - earlier(each) })).filter(({ times }) => times > 0);
}
