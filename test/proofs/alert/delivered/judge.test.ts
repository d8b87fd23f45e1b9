import { describe, expect, it } from 'vitest';
import { judgeDelivered } from '../../../../src/proofs/alert/delivered/judge.ts';
import { arrived, delivered, posted, required } from '../recorded.ts';

const judged = (facts = delivered(), requirement = required(), routed = posted()) => judgeDelivered(requirement, routed, facts);
const notFound = (failures: ReturnType<typeof delivered>['failures'] = []) => {
  const facts = delivered({}, failures);
  const [email, ...others] = facts.channels;
  const { foundAfterMs: _found, ...rest } = email!;
  return { ...facts, channels: [{ ...rest, arrivals: [] }, ...others] };
};

describe('a delivered alert', () => {
  it('is proven for each channel by itself, with the time that it took', () => {
    expect(judged().map(({ holds, says }) => [holds, says])).toEqual([
      ['yes', 'the test alert arrived on oncall-email in INBOX after 31.4 s, 1m allowed'],
      ['yes', 'the test alert arrived on incident-webhook in 127.0.0.1:9095/alerts after 30.1 s, 1m allowed'],
    ]);
  });

  it('tells when it arrived more than once, and does not count the news that it is over', () => {
    expect(judged(delivered({ arrivals: [arrived(), arrived()] }))[0]).toMatchObject({
      holds: 'yes',
      says: expect.stringMatching(/; it arrived 2 times$/),
    });
    const over = arrived({ excerpt: '[RESOLVED] HighErrorRate' });
    expect(judged(delivered({ arrivals: [arrived(), over] }))[0]?.says).not.toContain('times');
    expect(judged(delivered({ arrivals: [over] }))[0]?.holds).toBe('no');
  });

  it('is refuted where nobody would see it', () => {
    expect(judged(delivered({ arrivals: [arrived({ place: 'Junk', seenByPeople: false })] }))[0]).toMatchObject({
      holds: 'no',
      says: 'the test alert arrived on oncall-email only in Junk, where nobody would see it',
    });
  });

  it('is refuted when it came too late or was another one', () => {
    expect(judged(delivered({ foundAfterMs: 61_000 }))[0]).toMatchObject({
      holds: 'no',
      says: 'the test alert arrived on oncall-email after 1m1s, and 1m are allowed',
    });
    expect(judged(delivered({ arrivals: [arrived({ fingerprint: 'another' })] }))[0]).toMatchObject({
      holds: 'no',
      says: 'what arrived on oncall-email is another alert: its fingerprint is another, ours is 8ea457d2e525f6d5',
    });
  });

  it('is not known where nobody could look, or nobody waited', () => {
    const trouble = { code: 'channel/unreachable', says: 'no answer' };
    expect(judged(delivered({ arrivals: [], trouble }))[0]).toMatchObject({
      holds: 'unknown',
      says: 'oncall-email could not be looked at: no answer',
    });
    expect(judgeDelivered(required(), posted(), { outcome: 'not-awaited' })).toEqual([expect.objectContaining({ holds: 'unknown' })]);
    expect(judged(delivered(), required({ channels: [] }))).toEqual([expect.objectContaining({ holds: 'unknown' })]);
    expect(judged(delivered(), required({ channels: ['pager'] }))).toEqual([
      expect.objectContaining({ holds: 'unknown', says: 'pager was not looked at' }),
    ]);
  });
});

describe('an alert that did not arrive', () => {
  it('is refuted with what is known of its way', () => {
    expect(judged(notFound())[0]).toMatchObject({
      holds: 'no',
      says: 'the test alert did not arrive on oncall-email within 1m',
      hint: expect.stringMatching(/^Alertmanager routed it to p0-oncall; it counts no failed notification/),
    });
  });

  it("names Alertmanager's own failures, those of this way before others", () => {
    const failures = [
      { integration: 'webhook', times: 1 },
      { integration: 'email', reason: 'other', times: 3 },
    ];
    const hint = judged(notFound(failures))[0]?.hint;
    expect(hint).toContain('failed to send by email 3 times meanwhile (other): its log says why');
    expect(hint).not.toContain('webhook');
    expect(judged(notFound(failures.slice(0, 1)))[0]?.hint).toContain('by webhook 1 time meanwhile');
  });

  it('may have had to wait for others, or have been muted', () => {
    const routes = posted().routes;
    expect(judged(notFound(), required(), posted({ others: 2 }))[0]?.hint).toContain("wait for their group's interval of 5m");
    expect(judged(notFound(), required({ deliveredWithin: '20s' }))[0]?.hint).toContain('its group wait of 30s alone takes longer');
    expect(judged(notFound(), required(), posted({ routes: { ...routes, timeIntervals: ['nights'] } }))[0]?.hint).toContain(
      'time interval nights',
    );
  });
});
