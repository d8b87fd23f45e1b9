import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/alert/channel.ts';
import { judgeChannel } from '../../src/proofs/channel/judge.ts';
import type { MessageFacts } from '../../src/proofs/channel/facts.ts';
import { channelRequirement } from '../../src/proofs/channel/requirement.ts';

const at = '2026-02-01T12:00:00.000Z';
const requirement = channelRequirement.parse({ channel: 'oncall-email', deliveredWithin: '30s' });
const arrival: Arrival = { at, place: 'INBOX', seenByPeople: true, excerpt: '[TEST] lp1n1 | Hello, lp1n1' };
const good: MessageFacts = {
  nonce: 'lp1n1',
  subject: '[TEST] lp1n1',
  text: 'Hello,\nlp1n1',
  sentAt: at,
  acceptance: { accepted: true, answer: '250 Ok', at },
  looks: 3,
  lookedForMs: 1_200,
  seenAfterMs: 1_200,
  arrivals: [arrival],
};
const { seenAfterMs: _seen, acceptance: _acceptance, ...unseen } = { ...good, arrivals: [], lookedForMs: 45_000, looks: 46 };
const absent: MessageFacts = { ...unseen, acceptance: good.acceptance };

function judged(messages: readonly MessageFacts[], required = requirement) {
  const findings = judgeChannel(required, { kind: 'email', carries: 'everything', grade: 'delivered', messages: [...messages] });
  return findings.map(({ grade, holds, says }) => [grade, holds, says]);
}

function delivery(message: MessageFacts, required = requirement) {
  return judged([message], required)
    .find(([grade]) => grade === 'delivered')
    ?.slice(1);
}

describe('a message that is read back', () => {
  it('in time and unchanged is delivered', () => {
    expect(judged([good])).toEqual([
      ['accepted', 'yes', 'the provider took the message: 250 Ok'],
      ['delivered', 'yes', 'read back unchanged from "INBOX" 1s200ms after it was sent (allowed: 30s)'],
    ]);
  });

  it('exactly when the time is over is still in time, and a millisecond later is not', () => {
    expect(delivery({ ...good, seenAfterMs: 30_000 })?.[0]).toBe('yes');
    expect(delivery({ ...good, seenAfterMs: 30_001 })).toEqual([
      'no',
      'arrived too late: seen in "INBOX" 30s1ms after it was sent, 30s are allowed',
    ]);
  });

  it('twice is delivered and said, and refused when it must come exactly once', () => {
    const twice = { ...good, arrivals: [arrival, arrival] };
    expect(delivery(twice)).toEqual(['yes', 'read back unchanged from "INBOX" 1s200ms after it was sent (allowed: 30s), 2 times']);
    expect(delivery(twice, { ...requirement, exactlyOnce: true })).toEqual(['no', 'arrived in "INBOX", 2 times: it was sent once']);
    expect(delivery(good, { ...requirement, exactlyOnce: true })?.[0]).toBe('yes');
  });

  it('from Junk is not delivered, unless people see a copy', () => {
    const junk = { ...arrival, place: 'Junk', seenByPeople: false };
    expect(delivery({ ...good, arrivals: [junk] })).toEqual(['no', 'arrived in "Junk", where nobody looks, and not where people do']);
    expect(delivery({ ...good, arrivals: [junk, arrival] })?.[0]).toBe('yes');
  });

  it.each([
    ['its text', '[TEST] lp1n1 | removed'],
    ['its subject', '(none) | Hello, lp1n1'],
    ['its subject and its text', 'lp1n1'],
  ])('without %s is not delivered', (lost, excerpt) => {
    expect(delivery({ ...good, arrivals: [{ ...arrival, excerpt }] })).toEqual([
      'no',
      `arrived in "INBOX", but ${lost} did not arrive as sent`,
    ]);
  });

  it('at a time that nobody knows is unknown', () => {
    const { seenAfterMs: _lost, ...timeless } = good;
    expect(delivery(timeless)).toEqual(['unknown', 'arrived in "INBOX", but nobody knows when']);
  });
});

describe('a message that is not read back', () => {
  it('was only accepted, which is never delivered', () => {
    expect(judged([absent])).toEqual([
      ['accepted', 'yes', 'the provider took the message: 250 Ok'],
      [
        'delivered',
        'no',
        'taken by the provider (250 Ok) and never seen to arrive: not there 45s after it was sent, in 46 looks (allowed: 30s)',
      ],
    ]);
  });

  it('is unknown when nobody could look', () => {
    const blind = { ...absent, lookTrouble: { code: 'channel/refused', says: 'the IMAP server does not let "x" in' } };
    expect(delivery(blind)).toEqual(['unknown', 'nobody could look whether it arrived: the IMAP server does not let "x" in']);
  });

  it('is unknown when it was not looked for as long as allowed', () => {
    expect(delivery({ ...absent, lookedForMs: 29_000 })?.[0]).toBe('unknown');
  });

  it('was refused, in the words of the provider', () => {
    const refused = { ...absent, looks: 0, acceptance: { accepted: false, answer: '550 no such user', at } };
    expect(judged([refused])).toEqual([['accepted', 'no', 'the provider refused the message: 550 no such user']]);
  });

  it('is unknown when the provider could not be reached', () => {
    const unsent = { ...unseen, looks: 0, sendTrouble: { code: 'channel/unreachable', says: 'the SMTP server gives no answer' } };
    expect(judged([unsent])).toEqual([['accepted', 'unknown', 'the SMTP server gives no answer']]);
  });
});

describe('several messages', () => {
  it('must all be delivered, and each speaks for itself', () => {
    expect(judged([good, absent], { ...requirement, times: 2 }).map(([grade, holds]) => [grade, holds])).toEqual([
      ['accepted', 'yes'],
      ['delivered', 'yes'],
      ['accepted', 'yes'],
      ['delivered', 'no'],
    ]);
  });

  it('are unknown when some were not sent', () => {
    expect(judged([good], { ...requirement, times: 2 }).at(-1)).toEqual(['accepted', 'unknown', '1 of 2 messages were not sent']);
  });
});

describe('a message that somebody has to acknowledge', () => {
  const asked = channelRequirement.parse({ channel: 'oncall-slack', deliveredWithin: '30s', acknowledgedWithin: '1m' });
  const last = (acknowledged: MessageFacts['acknowledged'], required = asked) => {
    const message = acknowledged === undefined ? good : { ...good, acknowledged };
    const findings = judgeChannel(required, { kind: 'slack', carries: 'everything', grade: 'acknowledged', messages: [message] });
    return findings.filter(({ grade }) => grade === 'acknowledged').map(({ holds, says }) => [holds, says])[0];
  };

  it('is acknowledged by a person, in time', () => {
    const by = [{ at, by: 'U0ADA', how: 'reacted with :eyes:' }];
    expect(last({ outcome: 'seen', by, afterMs: 2_000 })).toEqual([
      'yes',
      'U0ADA reacted with :eyes:, seen 2s after it was sent (allowed: 1m)',
    ]);
    expect(last({ outcome: 'seen', by, afterMs: 60_001 })?.[0]).toBe('no');
    expect(last({ outcome: 'not-seen', lookedForMs: 60_000 })).toEqual(['no', 'nobody acknowledged it within 1m']);
  });

  it('is not known to be while nobody has looked for long enough, or nothing can show it', () => {
    expect(last(undefined)?.[0]).toBe('unknown');
    expect(last({ outcome: 'not-seen', lookedForMs: 59_000 })?.[0]).toBe('unknown');
    expect(last({ outcome: 'not-seen', lookedForMs: 60_000, trouble: { code: 'channel/unreachable', says: 'no answer' } })?.[0]).toBe(
      'unknown',
    );
    expect(last({ outcome: 'cannot-show' })?.[0]).toBe('unknown');
    expect(last({ outcome: 'not-seen', lookedForMs: 60_000 }, requirement)?.[0]).toBe('unknown');
  });
});

describe('a channel with little room', () => {
  const carried = (carries: 'subject' | 'token', excerpt: string) =>
    judgeChannel(requirement, {
      kind: 'sms',
      carries,
      grade: 'delivered',
      messages: [{ ...good, arrivals: [{ ...arrival, excerpt }] }],
    }).at(-1)?.holds;

  it('must bring what it can carry, and no more', () => {
    expect(carried('subject', good.subject)).toBe('yes');
    expect(carried('subject', 'cut')).toBe('no');
    expect(carried('token', '')).toBe('yes');
  });
});

it('is never delivered without a whole copy that people see, in time', () => {
  const arrivals = fc.array(
    fc.record({ at: fc.constant(at), place: fc.string(), seenByPeople: fc.boolean(), excerpt: fc.constantFrom(arrival.excerpt, 'cut') }),
  );
  fc.assert(
    fc.property(arrivals, fc.option(fc.nat(60_000), { nil: undefined }), fc.boolean(), (some, seenAfterMs, accepted) => {
      const { seenAfterMs: _own, ...rest } = good;
      const message = {
        ...rest,
        arrivals: some,
        acceptance: { accepted, answer: '', at },
        ...(seenAfterMs === undefined ? {} : { seenAfterMs }),
      };
      const whole = some.some((each) => each.seenByPeople && each.excerpt === arrival.excerpt);
      const inTime = seenAfterMs !== undefined && seenAfterMs <= requirement.deliveredWithin;
      expect(delivery(message)?.[0] === 'yes').toBe(accepted && whole && inTime);
    }),
  );
});
