import { describe, expect, it } from 'vitest';
import { inOrder, ownHop, theirHop, timeline, type Timeline } from '../../src/gate/timeline.ts';
import { timelines as ofAlert } from '../../src/proofs/alert/timelines.ts';
import type { MessageFacts } from '../../src/proofs/channel/facts.ts';
import { channelRequirement } from '../../src/proofs/channel/requirement.ts';
import { timelines as ofChannel } from '../../src/proofs/channel/timelines.ts';
import { redundancyRequirement } from '../../src/proofs/redundancy/requirement.ts';
import { timelines as ofRedundancy } from '../../src/proofs/redundancy/timelines.ts';
import { watchdogRequirement } from '../../src/proofs/watchdog/requirement.ts';
import { timelines as ofWatchdog } from '../../src/proofs/watchdog/timelines.ts';
import { allFacts, arrived, delivered, nonce, now, posted, required } from './alert/recorded.ts';

/** `+31 s destination*: what was seen`; the star marks another's clock. */
function told(found: readonly Timeline[]) {
  return found.map((each) => {
    const { says, hops, startedAt } = timeline.parse(each);
    const way = hops.map(({ stage, at, clock, says: seen }) => {
      return `+${String((Date.parse(at) - Date.parse(startedAt)) / 1000)} s ${stage}${clock === 'theirs' ? '*' : ''}: ${seen}`;
    });
    return [says, each.nonce, ...way];
  });
}

const later = (ms: number): string => new Date(now + ms).toISOString();

describe('the way of an alert', () => {
  it('goes from the fault to Alertmanager, and from there to the people and back', () => {
    const hops = [{ hop: 'taken by mx.example.org', at: later(30_500) }];
    const by = [{ by: 'ada', how: 'replied', at: later(40_000) }];
    const over = { outcome: 'seen' as const, arrival: arrived({ at: later(95_000), status: 'resolved' }), afterMs: 5_000 };
    const facts = delivered({ arrivals: [arrived({ hops })], acknowledged: { outcome: 'seen', by, afterMs: 41_000 }, resolved: over });
    expect(told(ofAlert(required(), allFacts({ delivered: facts })))).toEqual([
      [
        'real fault: AccuBooks fails',
        undefined,
        '+0 s signal: the fault was made (HTTP 202)',
        '+16 s rule: HighErrorRate is pending, its value is 0.08',
        '+316.5 s rule: HighErrorRate is firing, its value is 0.12',
        '+317 s alertmanager: Alertmanager holds it (active) and routes it to p0-oncall',
      ],
      [
        'test alert HighErrorRate',
        nonce,
        '+0 s signal: the test alert was posted',
        '+0.04 s alertmanager: Alertmanager holds it (active) and routes it to p0-oncall',
        '+30.5 s provider*: oncall-email: taken by mx.example.org',
        '+31 s destination*: oncall-email: in INBOX; read back 31.4 s after the posting',
        '+31 s destination*: incident-webhook: in 127.0.0.1:9095/alerts; read back 30.1 s after the posting',
        '+40 s acknowledgement*: oncall-email: ada replied',
        '+95 s resolution*: oncall-email: told as over, 5.0 s after its end',
      ],
    ]);
  });

  it('ends where it ended', () => {
    const { held: _held, ...unheld } = posted();
    expect(
      told(ofAlert(required(), { ...allFacts(), routed: unheld, delivered: { outcome: 'not-awaited' }, fired: { outcome: 'no-fault' } })),
    ).toEqual([['test alert HighErrorRate', nonce, '+0 s signal: the test alert was posted']]);
    const { routed: _routed, fired: _fired, delivered: _delivered, ...loadedOnly } = allFacts();
    expect(ofAlert(required(), loadedOnly)).toEqual([]);
    const nowhere = delivered({ arrivals: [] });
    expect(told(ofAlert(required(), allFacts({ delivered: nowhere })))[1]?.join()).not.toContain('oncall-email');
  });

  it('says where nobody would have seen it', () => {
    const junk = delivered({ arrivals: [arrived({ place: 'Junk', seenByPeople: false })] });
    expect(told(ofAlert(required(), allFacts({ delivered: junk })))[1]).toContain(
      '+31 s destination*: oncall-email: in Junk, where nobody would see it; read back 31.4 s after the posting',
    );
  });
});

it('tells the way of each test message', () => {
  const requirement = channelRequirement.parse({ channel: 'oncall-email', deliveredWithin: '30s' });
  const message: MessageFacts = {
    nonce: 'lp1n1',
    subject: '[TEST]',
    text: 'Hello',
    sentAt: later(0),
    acceptance: { accepted: true, answer: '250 Ok', at: later(300) },
    looks: 1,
    lookedForMs: 1_200,
    seenAfterMs: 1_200,
    arrivals: [arrived({ at: later(1_000) })],
  };
  const refusedMessage = { ...message, nonce: 'lp1n2', acceptance: { accepted: false, answer: '550 no', at: later(300) }, arrivals: [] };
  expect(
    told(ofChannel(requirement, { kind: 'email', carries: 'everything', grade: 'delivered', messages: [message, refusedMessage] })),
  ).toEqual([
    [
      'test message 1 of 2 on oncall-email',
      'lp1n1',
      '+0 s signal: the message was sent',
      '+0.3 s provider: oncall-email: it was taken: 250 Ok',
      '+1 s destination*: oncall-email: in INBOX; read back 1.2 s after it was sent',
    ],
    [
      'test message 2 of 2 on oncall-email',
      'lp1n2',
      '+0 s signal: the message was sent',
      '+0.3 s provider: oncall-email: it was refused: 550 no',
    ],
  ]);
});

it('tells the way of the test alert while something is away, where its posting was recorded', () => {
  const requirement = redundancyRequirement.parse({
    channel: 'chat',
    takeAway: [
      { says: 'a is down', gone: ['http://a:9090'], inject: { url: 'http://t/stop' }, undo: { url: 'http://t/start' }, lasts: '5m' },
    ],
  });
  const parts = { prometheuses: [], alertmanagers: [] };
  const test = { nonce: 'lp1r0z', postedTo: ['a', 'b'], arrivals: [arrived({ at: later(1_000), place: '#oncall' })], foundAfterMs: 1_500 };
  expect(ofRedundancy(requirement, { parts, trials: [{ test }] })).toEqual([]);
  expect(ofRedundancy(requirement, { parts })).toEqual([]);
  expect(told(ofRedundancy(requirement, { parts, trials: [{ test: { ...test, postedAt: later(0) } }] }))).toEqual([
    [
      'test alert while everything is in place',
      'lp1r0z',
      '+0 s signal: the test alert was posted to a, b',
      '+1 s destination*: chat: in #oncall; read back 1.5 s after the posting',
    ],
  ]);
});

it('tells the way of a silence to whoever was told of it', () => {
  const requirement = watchdogRequirement.parse({ rule: 'Watchdog', receiver: 'dead-man', noticedWithin: '5m', tells: 'email' });
  const facts = { grade: 'noticed' as const, rule: { names: [], found: [] }, deadMan: {} };
  expect(ofWatchdog(requirement, facts)).toEqual([]);
  const read = { afterMs: 60_500, lookedForMs: 60_500, arrivals: [arrived({ at: later(60_000) })] };
  const noticed = {
    outcome: 'watched' as const,
    stoppedAt: later(0),
    how: 'Watchdog was silenced',
    watchedMs: 90_000,
    statuses: [{ status: 'grace', afterMs: 20_000 }],
    downAfterMs: 50_000,
    pings: [],
    told: read,
  };
  expect(told(ofWatchdog(requirement, { ...facts, noticed }))).toEqual([
    [
      'the alert that always fires was stopped',
      undefined,
      '+0 s signal: Watchdog was silenced',
      '+20 s provider: the switch says "grace"',
      '+50 s provider: the switch has written down its alarm',
      '+60 s destination*: email: in INBOX; read back 1m1s after the stop',
    ],
  ]);
});

it('sorts hops by time, at the same time by station, and never lets something arrive before it was sent', () => {
  const at = later(0);
  const hops = [theirHop('destination', 'd', at), ownHop('signal', 's', at, 0), ownHop('rule', 'r', at, 5), theirHop('provider', 'p', at)];
  expect(inOrder(hops).map(({ says }) => says)).toEqual(['s', 'r', 'p', 'd']);
});
