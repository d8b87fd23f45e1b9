import type { Channel, TestMessage } from '../../alert/channel.ts';
import { passing } from '../../alert/watch.ts';
import { formatDuration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import { troubleOf, type Trouble } from '../../base/trouble.ts';
import { ladders, rungOf } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { channelFacts, type ChannelFacts, type MessageFacts } from './facts.ts';
import type { ChannelRequirement } from './requirement.ts';

/** After the time allowed it is looked for a little longer: "too late" tells people more than "not at all". */
const longestGraceMs = 15_000;

export async function observeChannel(requirement: ChannelRequirement, context: ProofContext): Promise<ChannelFacts> {
  const channel = await context.channel(requirement.channel);
  const messages: MessageFacts[] = [];
  while (messages.length < requirement.times) messages.push(await follow(channel, messages.length + 1, requirement, context));
  return { kind: channel.kind, carries: channel.carries ?? 'everything', grade: channelFacts.shape.grade.parse(context.grade), messages };
}

async function follow(channel: Channel, number: number, requirement: ChannelRequirement, context: ProofContext): Promise<MessageFacts> {
  const { deliveredWithin, times } = requirement;
  const { clock, signal, progress } = context;
  const which = times === 1 ? 'the test message' : `test message ${String(number)} of ${String(times)}`;
  const message = testMessage(`${context.nonce}n${String(number)}`, channel.name);
  const sentAt = clock.now().toISOString();
  const sentMs = clock.monotonicMs();
  const nothing = { ...message, sentAt, looks: 0, lookedForMs: 0, arrivals: [] };
  progress(`sends ${which} on ${channel.name}`);
  let acceptance = await attempt(() => channel.send(message, signal));
  // Asked to wait, we wait: the message was not taken yet, so it is not sent twice.
  while ('trouble' in acceptance && acceptance.trouble.code === 'channel/rate-limited' && clock.monotonicMs() - sentMs < deliveredWithin) {
    await clock.sleep(channel.readBackEveryMs, signal);
    acceptance = await attempt(() => channel.send(message, signal));
  }
  if ('trouble' in acceptance) return { ...nothing, sendTrouble: acceptance.trouble };
  const sent = { ...nothing, acceptance: acceptance.result };
  if (!acceptance.result.accepted || !isDeliveryAsked(context)) return sent;

  const patienceMs = deliveredWithin + Math.min(deliveredWithin, longestGraceMs);
  for (let looks = 1; ; looks += 1) {
    const startedMs = clock.monotonicMs() - sentMs;
    progress(
      `waits for ${which} on ${channel.name}: ${formatDuration(Math.floor(startedMs / 1000) * 1000)} of ${formatDuration(deliveredWithin)}`,
    );
    const look = await attempt(() => channel.readBack(message.nonce, signal));
    if ('trouble' in look) {
      // Being refused does not change by asking again, and servers lock accounts that do.
      if (!passing.includes(look.trouble.code) || startedMs >= patienceMs) {
        return { ...sent, looks, lookedForMs: startedMs, lookTrouble: look.trouble };
      }
    } else if (look.result.length > 0) {
      await clock.sleep(channel.readBackEveryMs, signal);
      const again = await attempt(() => channel.readBack(message.nonce, signal));
      const arrivals = 'trouble' in again ? look.result : again.result;
      const delivered = { ...sent, looks: looks + 1, lookedForMs: startedMs, arrivals: [...arrivals], seenAfterMs: startedMs };
      const acknowledged = await observeAcknowledged(channel, message.nonce, requirement, context, () => clock.monotonicMs() - sentMs);
      return acknowledged === undefined ? delivered : { ...delivered, acknowledged };
    } else if (startedMs >= patienceMs) {
      return { ...sent, looks, lookedForMs: startedMs };
    }
    await clock.sleep(untilNextLookMs(clock.monotonicMs() - sentMs, deliveredWithin, patienceMs, channel.readBackEveryMs), signal);
  }
}

/** Waits for a sign that a person has seen the message. */
async function observeAcknowledged(
  { acknowledgements, readBackEveryMs, name }: Channel,
  nonce: string,
  { acknowledgedWithin }: ChannelRequirement,
  { grade, clock, signal, progress }: ProofContext,
  sinceSentMs: () => number,
): Promise<MessageFacts['acknowledged']> {
  if (grade !== 'acknowledged' || acknowledgedWithin === undefined) return undefined;
  if (acknowledgements === undefined) return { outcome: 'cannot-show' };
  progress(`waits for somebody to acknowledge the message on ${name}`);
  for (;;) {
    const looked = await attempt(() => acknowledgements(nonce, signal));
    const afterMs = sinceSentMs();
    if ('result' in looked && looked.result.length > 0) return { outcome: 'seen', by: [...looked.result], afterMs };
    const trouble = 'trouble' in looked ? { trouble: looked.trouble } : {};
    const isHopeless = 'trouble' in looked && !passing.includes(looked.trouble.code);
    if (isHopeless || afterMs >= acknowledgedWithin) return { outcome: 'not-seen', lookedForMs: afterMs, ...trouble };
    await clock.sleep(Math.min(readBackEveryMs, acknowledgedWithin - afterMs), signal);
  }
}

/** A look falls right before the time allowed is over, so that what arrived in time is also seen in time. */
function untilNextLookMs(elapsedMs: number, allowedMs: number, patienceMs: number, everyMs: number): number {
  const lastInTimeMs = allowedMs - Math.min(allowedMs / 10, 100);
  const nextStopMs = elapsedMs < lastInTimeMs ? lastInTimeMs : patienceMs;
  return Math.max(0, Math.min(everyMs, nextStopMs - elapsedMs));
}

function testMessage(nonce: string, channel: string): TestMessage {
  return {
    nonce,
    subject: `[TEST] liveproof: is ${channel} delivered? ${nonce}`,
    text:
      `This is a test of ${channel} by liveproof. Nothing is wrong and nothing has to be done. ` +
      `It is read back where it arrives, to prove that alerts do. These characters must survive: é ü ñ € µ ✓ & < > ". Token: ${nonce}`,
  };
}

async function attempt<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result } | { readonly trouble: Trouble }> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { trouble: troubleOf(error) };
  }
}

function isDeliveryAsked({ grade }: ProofContext): boolean {
  return rungOf(ladders.channel, grade) >= rungOf(ladders.channel, 'delivered');
}
