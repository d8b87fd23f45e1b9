import { describe, expect, it } from 'vitest';
import { judgeFired } from '../../../../src/proofs/alert/fired/judge.ts';
import type { FiredFacts } from '../../../../src/proofs/alert/fired/facts.ts';
import { held, required, rule, watched } from '../recorded.ts';

const judged = (facts: FiredFacts = watched(), requirement = required()) => judgeFired(requirement, rule(), facts);
const onlyPending = { transitions: [{ state: 'pending', afterMs: 16_000 }] };

describe('a rule that was seen firing', () => {
  it('is proven with every time on the way', () => {
    expect(judged()).toEqual([
      expect.objectContaining({
        grade: 'fired',
        holds: 'yes',
        says: '"AccuBooks fails" was made and the rule noticed: pending after 16.0 s, firing after 5m17s, at Alertmanager after 5m17s, for p0-oncall; value 0.12',
      }),
    ]);
  });

  it('is refuted when its alert does not come to Alertmanager, or not to the right receiver', () => {
    const { atAlertmanager: _lost, ...lost } = watched();
    expect(judged(lost)).toEqual([
      expect.objectContaining({ holds: 'no', says: expect.stringContaining("did not come to the gate's Alertmanager") }),
    ]);
    expect(judged(watched({ atAlertmanager: held({ receivers: ['p1-urgent'] }) }))).toEqual([
      expect.objectContaining({ grade: 'fired', holds: 'no', says: expect.stringContaining('to p1-urgent, not to p0-oncall') }),
    ]);
  });

  it('is not known when its alert is silenced there, or Alertmanager cannot be asked', () => {
    expect(judged(watched({ atAlertmanager: held({ silencedBy: ['silence 1'] }) }))[0]).toMatchObject({
      holds: 'unknown',
      says: expect.stringContaining('silenced by silence 1'),
    });
    expect(judged(watched({ atAlertmanager: { trouble: { code: 'stack/unreachable', says: 'no answer' } } }))[0]?.holds).toBe('unknown');
  });

  it('is refuted when nobody could read what it says', () => {
    const annotations = { summary: 'fine', description: '<error expanding template: undefined variable "$valu">' };
    expect(judged(watched({ annotations }))).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: expect.stringContaining('its description cannot be filled in: <error expanding template'),
      }),
    ]);
  });
});

describe('a rule that did not fire', () => {
  it('is refuted with how near its value came', () => {
    const measured = { expression: 'a / b', looks: 9, answered: 9, smallest: 0, largest: 0.00812345 };
    expect(judged(watched({ transitions: [], measured }))).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: '"AccuBooks fails" was made, and the rule did not fire within 7m: it was never even pending; `a / b` was between 0 and 0.008123 meanwhile',
        hint: expect.stringContaining('is the fault strong enough'),
      }),
    ]);
  });

  it('is refuted when there was nothing to compare', () => {
    const measured = { expression: 'a', looks: 9, answered: 0 };
    expect(judged(watched({ transitions: [], measured }))[0]).toMatchObject({
      holds: 'no',
      says: expect.stringContaining('`a` never had a value meanwhile'),
    });
  });

  it('is told when the fault is shorter than the time for which it must hold', () => {
    const fault = { ...required().fault, inject: { url: 'http://a' }, undo: { url: 'http://a' }, lasts: '20s' };
    expect(judged(watched(onlyPending), required({ fault }))[0]).toMatchObject({
      holds: 'no',
      says: expect.stringContaining('it was pending after 16.0 s'),
      hint: 'the condition must hold for 5m: make a fault that lasts longer than 20s',
    });
  });

  it('is refuted as well when it fired too late', () => {
    const late = [{ state: 'firing', afterMs: 421_000 }];
    expect(judged(watched({ transitions: late }))[0]).toMatchObject({
      holds: 'no',
      says: expect.stringContaining('did not fire until 7m1s after it'),
    });
  });
});

describe('a rule that was not put to the test', () => {
  it.each<[FiredFacts, RegExp]>([
    [{ outcome: 'no-fault' }, /names no fault/],
    [{ outcome: 'not-quiet', state: 'firing' }, /the rule was firing before any fault was made/],
    [{ outcome: 'not-quiet', state: 'gone' }, /the rule was gone/],
    [{ outcome: 'refused', answer: { status: 403, excerpt: 'faults are off' } }, /answered HTTP 403: faults are off/],
  ])('is never proven: %o', (facts, says) => {
    expect(judged(facts)).toEqual([
      expect.objectContaining({ holds: 'unknown', says: expect.stringMatching(says), hint: expect.any(String) }),
    ]);
  });
});
