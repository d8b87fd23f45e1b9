import { describe, expect, it } from 'vitest';
import { judgeRouted } from '../../../../src/proofs/alert/routed/judge.ts';
import { held, posted, required } from '../recorded.ts';

const routes = posted().routes;

describe('a routed alert', () => {
  it('is proven by the live answer', () => {
    expect(judgeRouted(required(), posted())).toEqual([
      expect.objectContaining({
        grade: 'routed',
        holds: 'yes',
        says: 'Alertmanager routes the alert to p0-oncall, neither silenced nor inhibited; it is told after a group wait of 30s',
      }),
    ]);
  });

  it('may reach further receivers, unless the gate says only', () => {
    const further = posted({
      held: held({ receivers: ['p0-oncall', 'audit'] }),
      routes: { ...routes, withTestLabels: ['audit', 'p0-oncall'], withoutTestLabels: ['p0-oncall', 'audit'] },
    });
    expect(judgeRouted(required(), further)[0]?.holds).toBe('yes');
    expect(judgeRouted(required({ onlyReceivers: true }), further)).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'Alertmanager routes {alertname="HighErrorRate", severity="critical"} to audit as well, which the gate does not allow',
      }),
    ]);
  });

  it('is refuted by a receiver that it does not reach', () => {
    const wrong = posted({
      held: held({ receivers: ['p1-urgent'] }),
      routes: { ...routes, withTestLabels: ['p1-urgent'], withoutTestLabels: ['p1-urgent'] },
    });
    expect(judgeRouted(required(), wrong)).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'Alertmanager routes {alertname="HighErrorRate", severity="critical"} to p1-urgent, not to p0-oncall',
        hint: expect.stringMatching(/^add a route to p0-oncall/),
      }),
    ]);
    expect(judgeRouted(required({ receivers: ['p0-oncal'] }), posted())[0]?.hint).toBe(
      'its configuration has no receiver p0-oncal, only p0-oncall, p1-urgent: did you mean p0-oncall?',
    );
  });

  it.each([
    [
      'silenced',
      { silencedBy: ['silence 1 of ann until tomorrow ("deploy")'] },
      'it is silenced by silence 1 of ann until tomorrow ("deploy")',
    ],
    ['inhibited', { inhibitedBy: ['alert Outage by inhibit rule 1 (…)'] }, 'it is inhibited by alert Outage by inhibit rule 1 (…)'],
    ['muted', { mutedBy: ['nights'] }, 'it is muted by the time interval nights'],
    ['suppressed', { state: 'suppressed' }, 'it is suppressed, and Alertmanager does not say why'],
  ])('is never proven while it is %s', (_, change, says) => {
    expect(judgeRouted(required(), posted({ held: held(change) }))).toEqual([
      expect.objectContaining({ holds: 'unknown', says: `the test alert would not be told to anybody: ${says}` }),
    ]);
  });

  it('is not known while its route has a time interval that the gate does not allow, whatever the hour', () => {
    const muted = posted({ routes: { ...routes, timeIntervals: ['nights', 'weekends'] } });
    expect(judgeRouted(required({ mutedDuring: ['nights'] }), muted)).toEqual([
      expect.objectContaining({
        holds: 'unknown',
        says: 'its route is subject to the time interval weekends: at some hours nobody may be told',
        hint: 'take the interval from the route, or allow it in the gate: mutedDuring: [weekends]',
      }),
    ]);
    expect(judgeRouted(required({ mutedDuring: ['nights', 'weekends'] }), muted)[0]?.holds).toBe('yes');
  });

  it('is not known when nothing was posted, so as not to hold back real alerts', () => {
    expect(judgeRouted(required(), { outcome: 'not-posted', inhibitRule: 'inhibit rule 1 (…)' })).toEqual([
      expect.objectContaining({
        holds: 'unknown',
        says: 'no test alert was posted: by inhibit rule 1 (…) it would have held back real alerts',
      }),
    ]);
  });

  it('is not known when Alertmanager does not show it, or the gate names no receiver', () => {
    const { held: _held, ...unseen } = posted();
    expect(judgeRouted(required(), unseen)[0]?.holds).toBe('unknown');
    expect(judgeRouted(required({ receivers: [] }), posted())[0]?.holds).toBe('unknown');
  });

  it('is not known when the labels of the test change its way', () => {
    expect(judgeRouted(required(), posted({ routes: { ...routes, withoutTestLabels: ['p1-urgent'] } }))).toEqual([
      expect.objectContaining({
        holds: 'unknown',
        says: 'the labels of the test change its way: without them the alert goes to p1-urgent, with them to p0-oncall',
      }),
    ]);
  });

  it('is not known when we read the routing tree otherwise than Alertmanager does', () => {
    const misread = posted({ routes: { ...routes, withTestLabels: ['p1-urgent'], withoutTestLabels: ['p1-urgent'] } });
    expect(judgeRouted(required(), misread)[0]).toMatchObject({
      holds: 'unknown',
      says: expect.stringContaining('should route the test alert to p1-urgent'),
    });
  });
});
