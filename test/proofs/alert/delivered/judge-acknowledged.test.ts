import { describe, expect, it } from 'vitest';
import { judgeAcknowledged } from '../../../../src/proofs/alert/delivered/judge-acknowledged.ts';
import { judgeDelivered } from '../../../../src/proofs/alert/delivered/judge.ts';
import { arrived, delivered, posted, required, type Awaited } from '../recorded.ts';

type Acknowledged = NonNullable<Awaited['channels'][number]['acknowledged']>;
type Resolved = NonNullable<Awaited['channels'][number]['resolved']>;

const at = new Date(0).toISOString();
const seen: Acknowledged = { outcome: 'seen', by: [{ at, by: 'Ada', how: 'acknowledged the incident' }], afterMs: 40_000 };
const asked = { acknowledgedWithin: '5m' };
const judged = (acknowledged: Acknowledged | undefined, requirement: Readonly<Record<string, unknown>> = asked) =>
  judgeAcknowledged(required(requirement), delivered(acknowledged === undefined ? {} : { acknowledged })).map(({ holds, says }) => [
    holds,
    says,
  ]);

describe('an alert that somebody has to take up', () => {
  it('is acknowledged when a person shows it in time, with who, how and when', () => {
    expect(judged(seen)).toEqual([['yes', 'Ada acknowledged the incident on oncall-email, seen 40.0 s after it was posted, 5m allowed']]);
  });

  it('is not when nobody does, or too late', () => {
    expect(judged({ outcome: 'not-seen' })).toEqual([['no', 'nobody acknowledged it on oncall-email within 5m']]);
    expect(judged({ ...seen, afterMs: 300_001 })[0]?.[0]).toBe('no');
    expect(judged({ ...seen, afterMs: 300_000 })[0]?.[0]).toBe('yes');
  });

  it('is not known to be when nobody could look, nothing can show it, or no time is given', () => {
    const trouble = { code: 'channel/unreachable', says: 'no answer' };
    expect(judged({ outcome: 'not-seen', trouble })[0]).toEqual([
      'unknown',
      'whether somebody acknowledged it on oncall-email could not be seen: no answer',
    ]);
    expect(judged({ outcome: 'cannot-show' })[0]?.[0]).toBe('unknown');
    expect(judged(undefined)[0]?.[0]).toBe('unknown');
    expect(judged(seen, {})[0]).toEqual(['unknown', 'the gate does not say within which time somebody must acknowledge it']);
    expect(judgeAcknowledged(required(asked), { outcome: 'not-awaited' })[0]?.holds).toBe('unknown');
  });

  it('must be on every channel that is named, and on one where none is', () => {
    const facts = delivered({ acknowledged: { outcome: 'not-seen' } });
    const [email, webhook] = facts.channels;
    const both = { ...facts, channels: [email!, { ...webhook!, acknowledged: seen }] };
    const holds = (requirement: Readonly<Record<string, unknown>>) =>
      judgeAcknowledged(required({ ...asked, ...requirement }), both).map((each) => each.holds);
    expect(holds({})).toEqual(['yes']);
    expect(holds({ acknowledgedOn: ['oncall-email', 'incident-webhook'] })).toEqual(['no', 'yes']);
    expect(holds({ acknowledgedOn: ['incident-webhook'] })).toContain('yes');
  });
});

describe('the end of an alert', () => {
  const ended = (
    resolved: Resolved | undefined,
    requirement: Readonly<Record<string, unknown>> = { resolvedWithin: '10s', resolvedOn: ['oncall-email'] },
  ) =>
    judgeDelivered(required(requirement), posted(), delivered(resolved === undefined ? {} : { resolved }))
      .filter(({ says }) => says.includes('is over'))
      .map(({ holds, says }) => [holds, says]);
  const told: Resolved = { outcome: 'seen', arrival: arrived({ status: 'resolved' }), afterMs: 4_000 };

  it('is told in time', () => {
    expect(ended(told)).toEqual([['yes', 'oncall-email told that the test alert is over 4.0 s after its end, 10s allowed']]);
    expect(ended({ ...told, afterMs: 10_001 })[0]?.[0]).toBe('no');
  });

  it('is refuted when people are never told', () => {
    expect(ended({ outcome: 'not-seen' })).toEqual([['no', 'oncall-email did not tell within 10s that the test alert is over']]);
  });

  it('is not known when nobody could look, and not asked for when the gate does not', () => {
    expect(ended({ outcome: 'not-seen', trouble: { code: 'channel/unreachable', says: 'no answer' } })[0]?.[0]).toBe('unknown');
    expect(ended(undefined)).toEqual([['unknown', 'whether oncall-email told that the test alert is over was not looked at']]);
    expect(ended(told, {})).toEqual([]);
    expect(ended(undefined, {})).toEqual([]);
    expect(ended(undefined, { resolvedWithin: '10s' }).map(([holds]) => holds)).toEqual(['unknown', 'unknown']);
  });
});

describe('the way of an alert', () => {
  it('is told hop by hop where the destination knows them', () => {
    const { postedAt } = posted();
    const later = (ms: number): string => new Date(Date.parse(postedAt) + ms).toISOString();
    const hops = [
      { hop: 'taken by PagerDuty', at: later(1_000) },
      { hop: 'notified Ada by phone', at: later(2_500) },
    ];
    const [finding] = judgeDelivered(required(), posted(), delivered({ arrivals: [arrived({ hops })] }));
    expect(finding?.says).toMatch(/\(Alertmanager .* → taken by PagerDuty 1\.0 s → notified Ada by phone 2\.5 s\)$/);
  });
});
