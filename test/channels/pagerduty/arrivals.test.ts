import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgement, arrival } from '../../../src/alert/channel.ts';
import { alert, incident, logEntry, type LogEntry } from '../../../src/channels/pagerduty/answers.ts';
import { acknowledgementsIn, arrivalsIn, type Story, type Wanted } from '../../../src/channels/pagerduty/arrivals.ts';
import { anyValue } from '../../contract/any-value.ts';
import { z } from 'zod';

const nonce = 'lp0123456789abcdef';
const anybody: Wanted = { nonce, isOwn: false, service: undefined, people: undefined };
const ada = { id: 'PADA', type: 'user_reference', summary: 'Ada' };
const firing = `Labels:\n - alertname = High\n - liveproof_nonce = ${nonce}\n`;

function entry(type: string, second: number, more: Partial<LogEntry> = {}): LogEntry {
  return {
    id: `L${String(second)}`,
    type: `${type}_log_entry`,
    created_at: `2026-11-21T03:00:${String(second).padStart(2, '0')}Z`,
    ...more,
  };
}

const brought = (details: object, second = 10) => entry('trigger', second, { channel: { type: 'api', details } });
const notified = (second: number, means = 'phone', status: string | null = 'success') =>
  entry('notify', second, { user: ada, channel: { type: 'auto', notification: { type: means, status } } });
const acknowledged = (second: number, agent: LogEntry['agent'] = ada) =>
  entry('acknowledge', second, { agent, channel: { type: 'website' } });

/** A story whose log is given in the order of time, as PagerDuty does not. */
function story(log: readonly LogEntry[], changes: Partial<Story['incident']> = {}): Story {
  const created = { id: 'Q1', incident_number: 7, title: 'High', status: 'triggered', created_at: '2026-11-21T03:00:00Z' };
  return { incident: { ...created, service: { id: 'PSVC', summary: 'AccuBooks' }, ...changes }, alerts: [], log: log.toReversed() };
}

describe('an arrival', () => {
  it('is where somebody was notified, from when they were', () => {
    expect(arrivalsIn(story([brought({ firing }), notified(12), notified(11, 'sms_notification')]), anybody)).toMatchObject([
      {
        at: '2026-11-21T03:00:11.000Z',
        place: 'incident #7 of AccuBooks, notified Ada by sms',
        seenByPeople: true,
        status: 'firing',
        hops: [{ hop: 'triggered' }, { hop: 'notified Ada by sms' }, { hop: 'notified Ada by phone' }],
      },
    ]);
  });

  it.each([
    ['nobody was notified', []],
    ['the call failed', [notified(11, 'phone', 'no_answer')]],
    ['somebody was notified before it came', [notified(9)]],
    ['it was only assigned', [entry('assign', 11, { user: ada })]],
  ])('is not seen by people when %s', (_why, log) => {
    const found = arrivalsIn(story([brought({ firing }), ...log].toSorted((a, b) => a.created_at.localeCompare(b.created_at))), anybody);
    expect(found).toMatchObject([{ seenByPeople: false, place: 'incident #7 of AccuBooks, nobody notified' }]);
  });

  it('is not seen by people when others were notified than it is for, or it stands on another service', () => {
    const told = story([brought({ firing }), notified(11)]);
    expect(arrivalsIn(told, { ...anybody, people: new Set(['PADA']) })).toMatchObject([{ seenByPeople: true }]);
    expect(arrivalsIn(told, { ...anybody, people: new Set(['PGRACE']) })).toMatchObject([
      { seenByPeople: false, place: 'incident #7 of AccuBooks, only Ada notified' },
    ]);
    expect(arrivalsIn(told, { ...anybody, service: 'POTHER' })).toMatchObject([
      { seenByPeople: false, place: 'incident #7 of AccuBooks (another service), notified Ada by phone' },
    ]);
  });

  it('is none where the nonce does not stand, or only among what is over', () => {
    expect(arrivalsIn(story([brought({ firing: 'others' }), notified(11)]), anybody)).toEqual([]);
    expect(arrivalsIn(story([brought({ firing: 'others', resolved: firing }), notified(11)]), anybody)).toEqual([]);
  });

  it('is followed by a second one when the alert is over: with its incident, or before it', () => {
    const whole = story([brought({ firing }), notified(11), entry('resolve', 20)], { status: 'resolved' });
    expect(arrivalsIn(whole, anybody).map(({ status, at }) => [status, at])).toEqual([
      ['firing', '2026-11-21T03:00:11.000Z'],
      ['resolved', '2026-11-21T03:00:20.000Z'],
    ]);
    const part = story([brought({ firing }), notified(11), brought({ firing: 'others', resolved: firing }, 15)]);
    expect(arrivalsIn(part, anybody).map(({ status, at }) => [status, at])).toEqual([
      ['firing', '2026-11-21T03:00:11.000Z'],
      ['resolved', '2026-11-21T03:00:15.000Z'],
    ]);
  });

  it('keeps the nonce in its excerpt, however much stands before it', () => {
    const [found] = arrivalsIn(story([brought({ firing: 'x'.repeat(9_000) + firing }), notified(11)]), anybody);
    expect(found?.excerpt).toContain(nonce);
    expect(found?.excerpt.length).toBeLessThanOrEqual(1_500);
  });
});

describe('an acknowledgement', () => {
  it('is one by a person, after the nonce came; not one by a monitoring system', () => {
    const service = { id: 'PSVC', type: 'service_reference', summary: 'AccuBooks' };
    const log = [acknowledged(5), brought({ firing }), acknowledged(12, service), acknowledged(13, { id: 'PX' }), acknowledged(14)];
    expect(acknowledgementsIn(story(log), anybody)).toEqual([
      { at: '2026-11-21T03:00:14.000Z', by: 'Ada', how: 'acknowledged the incident by website' },
    ]);
    expect(acknowledgementsIn(story([brought({ firing: 'others' }), acknowledged(14)]), anybody)).toEqual([]);
  });
});

it('makes well-formed facts of whatever PagerDuty may answer, and no arrival seen by people without a notification', () => {
  const stories = anyValue(z.object({ incident, alerts: z.array(alert), log: z.array(logEntry) })) as fc.Arbitrary<Story>;
  fc.assert(
    fc.property(stories, fc.boolean(), (told, isOwn) => {
      const carrying = { ...told, log: [...told.log, brought({ firing })] };
      for (const each of arrivalsIn(carrying, { ...anybody, isOwn })) {
        expect(arrival.safeParse(each).error).toBeUndefined();
        if (each.seenByPeople) expect(told.log.some(({ type }) => type === 'notify_log_entry')).toBe(true);
      }
      for (const each of acknowledgementsIn(carrying, anybody)) expect(acknowledgement.safeParse(each).error).toBeUndefined();
    }),
  );
});
