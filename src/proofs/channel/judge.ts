import type { Arrival } from '../../alert/channel.ts';
import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { ChannelFacts, MessageFacts } from './facts.ts';
import type { ChannelRequirement } from './requirement.ts';

/**
 * A refusal disproves; not reaching the provider or the destination is unknown, because it may be our own network.
 * Either way the item does not pass.
 */
export function judgeChannel(requirement: ChannelRequirement, { grade, carries, messages }: ChannelFacts): readonly Finding[] {
  const findings = messages.flatMap((message, index) => {
    const prefix = messages.length === 1 ? '' : `message ${String(index + 1)} of ${String(messages.length)}: `;
    const delivered = message.acceptance?.accepted === true && message.looks > 0 ? [judgeDelivery(requirement, message, carries)] : [];
    const acknowledged = grade === 'acknowledged' && message.seenAfterMs !== undefined ? [judgeAcknowledged(requirement, message)] : [];
    return [judgeAcceptance(requirement, message), ...delivered, ...acknowledged].map((each) => ({ ...each, says: prefix + each.says }));
  });
  const missing = requirement.times - messages.length;
  if (messages.length > 0 && missing > 0) {
    findings.push(
      findingsOn(requirement.channel, 'accepted').unknown(`${String(missing)} of ${String(requirement.times)} messages were not sent`),
    );
  }
  return findings;
}

function judgeAcknowledged({ channel, acknowledgedWithin }: ChannelRequirement, { acknowledged }: MessageFacts): Finding {
  const about = findingsOn(channel, 'acknowledged');
  if (acknowledgedWithin === undefined)
    return about.unknown('the gate does not say within which time somebody must acknowledge it', 'add "acknowledgedWithin"');
  if (acknowledged === undefined) return about.unknown('nobody was asked to acknowledge the message');
  const allowed = formatDuration(acknowledgedWithin);
  if (acknowledged.outcome === 'cannot-show') {
    return about.unknown('this kind of channel cannot show that somebody has seen a message', 'ask for the grade "delivered"');
  }
  if (acknowledged.outcome === 'not-seen') {
    const { trouble, lookedForMs } = acknowledged;
    if (trouble !== undefined) return about.unknown(`nobody could look whether it was acknowledged: ${trouble.says}`, trouble.hint);
    if (lookedForMs < acknowledgedWithin)
      return about.unknown(`not acknowledged after ${formatDuration(lookedForMs)}, and not looked for any longer`);
    return about.no(`nobody acknowledged it within ${allowed}`, 'was somebody on call, awake, and told what to do?');
  }
  const [first] = acknowledged.by;
  const after = formatDuration(Math.round(acknowledged.afterMs));
  const says = `${first?.by ?? 'somebody'} ${first?.how ?? 'acknowledged it'}, seen ${after} after it was sent`;
  return acknowledged.afterMs <= acknowledgedWithin
    ? about.yes(`${says} (allowed: ${allowed})`)
    : about.no(`${says}; ${allowed} are allowed`);
}

function judgeAcceptance({ channel }: ChannelRequirement, { acceptance, sendTrouble }: MessageFacts): Finding {
  const accepted = findingsOn(channel, 'accepted');
  if (acceptance === undefined) return accepted.unknown(sendTrouble?.says ?? 'the message was not sent', sendTrouble?.hint);
  if (acceptance.accepted) return accepted.yes(`the provider took the message: ${acceptance.answer}`);
  return accepted.no(
    `the provider refused the message: ${acceptance.answer}`,
    'alerts sent this way are refused too: change what the answer complains of',
  );
}

function judgeDelivery(requirement: ChannelRequirement, message: MessageFacts, carries: ChannelFacts['carries']): Finding {
  const delivered = findingsOn(requirement.channel, 'delivered');
  const allowed = formatDuration(requirement.deliveredWithin);
  const seen = message.arrivals.filter(({ seenByPeople }) => seenByPeople);
  const elsewhere = message.arrivals.find(({ seenByPeople }) => !seenByPeople);
  const [first] = seen;
  if (first === undefined && elsewhere !== undefined) {
    return delivered.no(
      `arrived in "${elsewhere.place}", where nobody looks, and not where people do`,
      'find out which filter put it there, and let this sender pass',
    );
  }
  if (first === undefined) return judgeAbsence(requirement, message);
  const changed = changesOf(message, seen, carries);
  if (changed !== undefined) {
    return delivered.no(
      `arrived in "${first.place}", but ${changed}`,
      'something on the way rewrites messages: alerts would arrive unreadable',
    );
  }
  // A missing figure is not "in time": evidence that lost it proves nothing.
  if (message.seenAfterMs === undefined) return delivered.unknown(`arrived in "${first.place}", but nobody knows when`);
  const after = formatDuration(message.seenAfterMs);
  if (message.seenAfterMs > requirement.deliveredWithin) {
    return delivered.no(
      `arrived too late: seen in "${first.place}" ${after} after it was sent, ${allowed} are allowed`,
      'find out where messages wait on the way',
    );
  }
  const often = seen.length === 1 ? '' : `, ${String(seen.length)} times`;
  if (seen.length > 1 && requirement.exactlyOnce) {
    return delivered.no(`arrived in "${first.place}"${often}: it was sent once`, 'look for two routes that lead to the same people');
  }
  return delivered.yes(`read back unchanged from "${first.place}" ${after} after it was sent (allowed: ${allowed})${often}`);
}

function judgeAbsence(
  { channel, deliveredWithin }: ChannelRequirement,
  { acceptance, looks, lookedForMs, lookTrouble }: MessageFacts,
): Finding {
  const delivered = findingsOn(channel, 'delivered');
  if (lookTrouble !== undefined) return delivered.unknown(`nobody could look whether it arrived: ${lookTrouble.says}`, lookTrouble.hint);
  // Whoever stopped looking before the time allowed was over has not seen that it is missing.
  if (lookedForMs < deliveredWithin)
    return delivered.unknown(`not there after ${formatDuration(lookedForMs)}, and not looked for any longer`);
  return delivered.no(
    `taken by the provider (${acceptance?.answer ?? 'no answer'}) and never seen to arrive: not there ${formatDuration(lookedForMs)} after it was sent, ` +
      `in ${String(looks)} looks (allowed: ${formatDuration(deliveredWithin)})`,
    'accepted is not delivered: check the address, and ask the provider what became of the message',
  );
}

/** What is wrong with every copy that people see; undefined when one of them is whole. */
function changesOf({ subject, text }: MessageFacts, seen: readonly Arrival[], carries: ChannelFacts['carries']): string | undefined {
  const parts = [
    ['its subject', subject],
    ['its text', text],
  ].slice(0, { everything: 2, subject: 1, token: 0 }[carries]);
  const changes = seen.map(({ excerpt }) => {
    const lost = parts.filter(([, part = '']) => !plain(excerpt).includes(plain(part)));
    return lost.map(([name]) => name).join(' and ');
  });
  const worst = changes.find((lost) => lost !== '');
  return worst === undefined || changes.includes('') ? undefined : `${worst} did not arrive as sent`;
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
