import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/alert/channel.ts';
import { verdictOf } from '../../src/gate/verdict.ts';
import redundancy from '../../src/proofs/redundancy.ts';
import { redundancyFacts, type Away, type Parts, type RedundancyFacts, type Trial } from '../../src/proofs/redundancy/facts.ts';
import { observeRedundancy } from '../../src/proofs/redundancy/observe.ts';
import { judgeRedundancy } from '../../src/proofs/redundancy/judge.ts';
import { redundancyRequirement } from '../../src/proofs/redundancy/requirement.ts';
import { connectAlertmanager } from '../../src/stack/alertmanager.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { contextWith } from './context.ts';

const [a, b, am1, am2] = ['http://a:9090', 'http://b:9090', 'http://a:9093', 'http://b:9093'];
const requirement = redundancyRequirement.parse({
  channel: 'chat',
  takeAway: [
    {
      says: 'the first of each is down',
      gone: [a, am1],
      inject: { url: 'http://tool/a/stop' },
      undo: { url: 'http://tool/a/start' },
      lasts: '5m',
    },
    {
      says: 'the second of each is down',
      gone: [b, am2],
      inject: { url: 'http://tool/b/stop' },
      undo: { url: 'http://tool/b/start' },
      lasts: '5m',
    },
  ],
});

const rules = [{ name: 'HighErrorRate', definition: 'errors > 1' }];
const prometheusAt = (url: string, change: object = {}) => ({ url, seen: { rules, alertmanagers: [am1, am2], ...change } });
const watchdog = { labels: { alertname: 'Watchdog' }, updatedAt: '2026-11-21T08:00:00.000Z' };
const alertmanagerAt = (url: string, change: object = {}) => ({
  url,
  seen: { clusterStatus: 'ready', peers: ['one', 'two'], config: 'digest', watchdogs: [watchdog], ...change },
});
const parts: Parts = {
  prometheuses: [prometheusAt(a), prometheusAt(b)],
  alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2)],
};
const arrival: Arrival = { at: '2026-11-21T08:00:01.000Z', place: '#oncall', seenByPeople: true, excerpt: 'lp1' };
const test: NonNullable<Trial['test']> = { nonce: 'lp1', postedTo: [am1, am2], arrivals: [arrival], foundAfterMs: 1_200 };
const away: Away = {
  says: 'the first of each is down',
  answer: { status: 200, excerpt: '' },
  gone: [
    { url: a, afterMs: 200 },
    { url: am1, afterMs: 300 },
  ],
  stayedAway: true,
  renewed: [{ url: am2, afterMs: 2_000 }],
  back: { afterMs: 5_000, parts },
};
const second: Away = {
  ...away,
  says: 'the second of each is down',
  gone: [
    { url: b, afterMs: 200 },
    { url: am2, afterMs: 300 },
  ],
  renewed: [{ url: am1, afterMs: 2_000 }],
};
const good: RedundancyFacts = { parts, trials: [{ test }, { away, test }, { away: second, test }] };

function judged(facts: RedundancyFacts, grade: 'clustered' | 'survived' = 'survived') {
  const { state, reasons } = verdictOf(redundancy.ladder, grade, judgeRedundancy(requirement, redundancyFacts.parse(facts)), 'item');
  return { state, says: reasons.filter(({ holds }) => holds !== 'yes').map(({ says }) => says) };
}

const withParts = (change: Partial<Parts>): RedundancyFacts => ({ parts: { ...parts, ...change } });
const withAway = (change: Partial<Away>, tested: Omit<Trial, 'away'> = { test }): RedundancyFacts => ({
  parts,
  trials: [{ test }, { away: { ...away, ...change }, ...tested }, { away: second, test }],
});
const withTest = (change: Partial<typeof test>): RedundancyFacts => ({
  parts,
  trials: [{ test }, { away, test: { ...test, ...change } }, { away: second, test }],
});

describe('redundant alerting', () => {
  it('refuses a time for a second copy that no timer holds: it would be over at once', () => {
    const parsed = redundancyRequirement.safeParse({ channel: 'chat', settle: '25d' });
    expect(parsed.error?.issues[0]?.message).toContain('a timer waits at most 24d');
  });

  it('is proven when the test alert arrives once, with everything in place and with a part away', () => {
    expect(judged(good)).toEqual({ state: 'proven', says: [] });
    expect(judged({ parts }, 'clustered')).toEqual({ state: 'proven', says: [] });
  });

  it.each<[string, Partial<Parts>, string]>([
    ['only one Prometheus', { prometheuses: [prometheusAt(a)] }, 'the gate names only one Prometheus'],
    ['only one Alertmanager', { alertmanagers: [alertmanagerAt(am1)] }, 'the gate names only one Alertmanager'],
    ['one Prometheus named twice', { prometheuses: [prometheusAt(a), prometheusAt(a)] }, 'the gate names only one Prometheus'],
    ['one Alertmanager named twice', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am1)] }, 'the gate names only one Alertmanager'],
    ['a rule missing on one', { prometheuses: [prometheusAt(a), prometheusAt(b, { rules: [] })] }, 'HighErrorRate is missing'],
    [
      'another rule on one',
      { prometheuses: [prometheusAt(a), prometheusAt(b, { rules: [{ ...rules[0], definition: 'errors > 50' }] })] },
      'HighErrorRate is another rule there',
    ],
    ['a rule on one alone', { prometheuses: [prometheusAt(a, { rules: [] }), prometheusAt(b)] }, 'HighErrorRate is only there'],
    ['one that tells one', { prometheuses: [prometheusAt(a), prometheusAt(b, { alertmanagers: [am2] })] }, `sends alerts only to ${am2}`],
    [
      'one that tells a stranger',
      { prometheuses: [prometheusAt(a), prometheusAt(b, { alertmanagers: [am1, 'http://c:9093'] })] },
      `${b} sends alerts to ${am1}, http://c:9093, and ${a} to ${am1}, ${am2}`,
    ],
    ['one that tells none', { prometheuses: [prometheusAt(a), prometheusAt(b, { alertmanagers: [] })] }, 'to no Alertmanager'],
    [
      'no cluster',
      { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { clusterStatus: 'disabled', peers: [] })] },
      'in no cluster',
    ],
    ['a cluster of one', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { peers: ['two'] })] }, 'is ready and has 1 member'],
    ['a settling cluster', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { clusterStatus: 'settling' })] }, 'is settling'],
    ['other members', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { peers: ['one', 'three'] })] }, 'know other members'],
    ['other routes', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { config: 'other' })] }, 'has another configuration'],
    ['no watchdog', { alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { watchdogs: [] })] }, 'holds no alert Watchdog'],
    [
      'two watchdogs',
      {
        alertmanagers: [alertmanagerAt(am1), alertmanagerAt(am2, { watchdogs: [watchdog, { ...watchdog, labels: { replica: 'b' } }] })],
      },
      'holds 2 alerts Watchdog, which differ in alertname, replica',
    ],
  ])('is refuted with %s', (_, change, says) => {
    const { state, says: reasons } = judged(withParts(change), 'clustered');
    expect(state).toBe('disproven');
    expect(reasons.join('\n')).toContain(says);
  });

  it('is unknown where a part cannot be looked at, or nothing was taken away', () => {
    const trouble = { code: 'stack/unreachable', says: 'Prometheus 2 cannot be reached' };
    expect(judged(withParts({ prometheuses: [prometheusAt(a), { url: b, seen: { trouble } }] }), 'clustered').state).toBe('inconclusive');
    expect(judged(withParts({ prometheuses: [prometheusAt(a), prometheusAt(b, { alertmanagers: undefined })] }), 'clustered').says).toEqual(
      [`${b} does not say to which Alertmanagers it sends`],
    );
    expect(judged({ parts, trials: [{ test }] }).says).toEqual([
      'not tried: the first of each is down',
      'not tried: the second of each is down',
    ]);
    expect(judged({ parts, trials: [] }).state).toBe('inconclusive');
    expect(judged({ parts }).state).toBe('inconclusive');
  });

  it.each<[string, RedundancyFacts, string]>([
    ['does not arrive', withTest({ arrivals: [] }), 'the first of each is down: the test alert did not arrive on chat within 5m'],
    ['arrives twice', withTest({ arrivals: [arrival, arrival] }), 'arrived 2 times on chat'],
    ['arrives late', withTest({ foundAfterMs: 301_000 }), 'arrived on chat only after 5m1s'],
    [
      'arrives twice with all in place',
      { parts, trials: [{ test: { ...test, arrivals: [arrival, arrival] } }] },
      'with everything in place',
    ],
  ])('is refuted when the test alert %s', (_, facts, says) => {
    const { state, says: reasons } = judged(facts);
    expect(state).toBe('disproven');
    expect(reasons.join('\n')).toContain(says);
  });

  it('is refuted when nobody renews the watchdog, and when what was taken away stays away', () => {
    expect(judged(withAway({ renewed: [{ url: am2 }] }))).toMatchObject({
      state: 'disproven',
      says: ['the first of each is down: Watchdog was not renewed any more within 2m30s at http://b:9093'],
    });
    const broken = { ...parts, alertmanagers: [alertmanagerAt(am1, { peers: ['one'] }), alertmanagerAt(am2)] };
    const { state, says } = judged(withAway({ back: { parts: broken } }));
    expect({ state, says: says[0] }).toEqual({
      state: 'disproven',
      says: expect.stringContaining('3m after it was given back not everything was whole'),
    });
  });

  it('is unknown on a channel that takes copies for one', () => {
    expect(judged(withTest({ mergesCopies: true }))).toEqual({
      state: 'inconclusive',
      says: ['the first of each is down: the test alert arrived on chat, which cannot show whether it was told twice'],
    });
  });

  it('is unknown when nothing was really away all the time', () => {
    expect(judged(withAway({ answer: { status: 403, excerpt: 'no' } }, {})).says[0]).toContain('answered with HTTP 403: no');
    expect(judged(withAway({ gone: [{ url: a }] }, {})).says[0]).toContain(`nothing was shown, because ${a} still answered after 30s`);
    expect(judged(withAway({ stayedAway: false })).says[0]).toContain('it was back before the test alert had arrived');
    expect(judged(withAway({}, { test: { ...test, trouble: { code: 'channel/unreachable', says: 'no chat' } } })).says[0]).toContain(
      'whether a test alert arrives on chat could not be seen: no chat',
    );
    expect(judged(withAway({ renewed: [] }, {})).state).toBe('inconclusive');
    const trouble = { code: 'stack/unreachable', says: 'Alertmanager 2 cannot be reached' };
    expect(judged(withAway({ renewed: [{ url: am2, trouble }] }))).toEqual({
      state: 'inconclusive',
      says: ['the first of each is down: whether Watchdog was renewed could not be seen: Alertmanager 2 cannot be reached'],
    });
  });

  it('is unknown when an Alertmanager that was there did not take the test alert: whoever knows nothing tells nothing twice', () => {
    const says = (when: string) => [`${when}: the test alert could not be posted to ${am2}, so that it came once shows little`];
    const posted = { ...test, postedTo: [am1] };
    const others = [
      { away, test },
      { away: second, test },
    ];
    expect(judged({ parts, trials: [{ test: posted }, ...others] })).toEqual({
      state: 'inconclusive',
      says: says('with everything in place'),
    });
    expect(judged(withTest({ postedTo: [am1] }))).toEqual({ state: 'inconclusive', says: says('the first of each is down') });
    expect(judged({ parts, trials: [{ test }, { away, test: { ...test, postedTo: [am2] } }, { away: second, test: posted }] }).state).toBe(
      'proven',
    );
  });

  it('takes nothing away when a later "takeAway" names a server that the stack has not', async () => {
    const context = contextWith({
      grade: 'survived',
      prometheuses: () => [a, 'http://c:9090'].map((url) => connectPrometheus({ name: 'Prometheus', url })),
      alertmanagers: () => [am1, am2].map((url) => connectAlertmanager({ name: 'Alertmanager', url })),
    });
    await expect(observeRedundancy(requirement, context)).rejects.toThrow(`takeAway names ${b} under "gone"`);
  });

  it('is unknown while there is a part that was never away: everything may hang on that one', () => {
    const kept: Away = { ...second, gone: [{ url: am2, afterMs: 300 }] };
    expect(judged({ parts, trials: [{ test }, { away, test }, { away: kept, test }] })).toEqual({
      state: 'inconclusive',
      says: [`${b} was never taken away, so whether alerts arrive without it is not known`],
    });
  });
});
