import { isResolved } from '../../alert/alert-status.ts';
import type { Arrival, Channel } from '../../alert/channel.ts';
import { watch } from '../../alert/watch.ts';
import { orTrouble } from '../../base/trouble.ts';
import { activateAlert } from '../../gate/activate-alert.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { Alertmanager } from '../../stack/alertmanager.ts';
import { parseAlertmanagerConfig } from '../../stack/alertmanager/config.ts';
import { formatInhibitRule } from '../../stack/alertmanager/routing.ts';
import { harmless, testAlert, testLabels } from '../../stack/alertmanager/test-alert.ts';
import type { Trial } from './facts.ts';
import { nameOf } from './look.ts';
import { stillToSettleMs } from './settle.ts';
import { testAlertLastsMs, testRule } from './touches.ts';
import type { RedundancyRequirement } from './requirement.ts';

/** Posts a test alert to each of these Alertmanagers, as Prometheus does, and counts the copies of it that arrive. */
export async function postTestAlert(
  { labels, channel: channelName, deliveredWithin, settle }: RedundancyRequirement,
  alertmanagers: readonly Alertmanager[],
  trial: number,
  context: ProofContext,
): Promise<NonNullable<Trial['test']>> {
  const { clock, signal, progress } = context;
  // The end of the number is marked: 1 would be found in 10.
  const nonce = `${context.nonce}r${String(trial)}z`;
  const notPosted = { nonce, postedTo: [], arrivals: [] };
  const opened = await orTrouble(signal, () => context.channel(channelName));
  if ('trouble' in opened) return { ...notPosted, trouble: opened.trouble };
  const [first] = alertmanagers;
  if (first === undefined) throw new Error('without an Alertmanager nothing can be posted: the parts were not whole');

  const rule = testRule(labels, nonce);
  const config = await orTrouble(signal, async () => parseAlertmanagerConfig((await first.status(signal)).config));
  if ('trouble' in config) return { ...notPosted, trouble: config.trouble };
  const safe = harmless(config, testLabels(rule, nonce), nonce);
  if ('because' in safe) {
    const says = `no test alert was posted: by ${formatInhibitRule(safe.because)} it would have held back real alerts`;
    return { ...notPosted, trouble: { code: 'stack/not-configured', says, hint: 'give the item other labels' } };
  }
  const lastsMs = testAlertLastsMs({ deliveredWithin, settle });
  const alert = testAlert(rule, safe.labels, nonce, clock.now(), lastsMs);
  const postedMs = clock.monotonicMs();
  const active = await orTrouble(signal, () => activateAlert(alert, lastsMs, alertmanagers, context));
  if ('trouble' in active) return { ...notPosted, trouble: active.trouble };
  const { takenBy, undo } = active;
  try {
    const merges = opened.mergesCopies === undefined ? {} : { mergesCopies: opened.mergesCopies };
    const facts = { nonce, postedAt: alert.startsAt, postedTo: takenBy.map(nameOf), arrivals: [], ...merges };
    progress(`waiting for the test alert on ${channelName}`);
    const copies = async (): Promise<readonly Arrival[] | undefined> => {
      const found = await firingCopies(opened, nonce, context);
      return found.length === 0 ? undefined : found;
    };
    const looked = await watch(opened, context, deliveredWithin, copies);
    if (!('seen' in looked)) return { ...facts, ...(looked.trouble === undefined ? {} : { trouble: looked.trouble }) };
    const foundAfterMs = Math.round(clock.monotonicMs() - postedMs);
    progress(`waiting whether a second copy arrives on ${channelName}`);
    // A look before the channel's next one might be the last one again.
    await clock.sleep(Math.max(opened.readBackEveryMs, stillToSettleMs(looked, settle, clock.now())), signal);
    const again = await orTrouble(signal, () => firingCopies(opened, nonce, context));
    return 'trouble' in again
      ? { ...facts, arrivals: [...looked.seen], foundAfterMs, ...again }
      : { ...facts, arrivals: again, foundAfterMs };
  } finally {
    await undo();
  }
}

/** What people can see of the test alert on the channel; the news that it is over does not count. */
export async function firingCopies(channel: Channel, nonce: string, { signal }: ProofContext): Promise<Arrival[]> {
  return (await channel.readBack(nonce, signal)).filter((arrival) => arrival.seenByPeople && !isResolved(arrival));
}
