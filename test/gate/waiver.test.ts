import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/gate/finding.ts';
import type { State, Verdict } from '../../src/gate/verdict.ts';
import { applyWaiver, stateAt, type Waivers } from '../../src/gate/apply-waiver.ts';
import { endOfWaiver, waiver } from '../../src/gate/waiver.ts';

const at = (text: string): number => Date.parse(text);
const ada = { item: 'hall', by: 'Ada', reason: 'the lamps are on order', expires: '2026-03-10' };
const policy = { items: ['hall'], severities: ['low'], longestMs: 14 * 86_400_000 };
const given: Waivers = { waivers: [ada], policy, atMs: at('2026-03-01T09:00:00Z') };
const against: Finding = { subject: 'red', grade: 'passed', holds: 'no', says: 'red is dark' };
const verdictOf = (state: State): Verdict => ({
  state,
  grade: 'declared',
  subjects: [{ subject: 'red', state, grade: 'declared' }],
  reasons: [against, { subject: 'green', grade: 'passed', holds: 'yes', says: 'green is lit' }],
});
const hall = { id: 'hall', grade: 'passed' };
const waive = (state: State, changes: Partial<Waivers> = {}, item: { id: string; severity?: string } = hall) =>
  applyWaiver(verdictOf(state), { ...hall, ...item }, {}, { ...given, ...changes });

describe('a waiver', () => {
  it.each(['disproven', 'inconclusive'] as const)('waives what is %s, and leaves what was found as it is', (was) => {
    const { item: _item, ...rest } = ada;
    expect(waive(was)).toEqual({ verdict: { ...verdictOf(was), state: 'waived' }, waiver: { ...rest, was } });
  });

  it.each(['proven', 'blocked'] as const)('leaves what is %s alone', (state) => {
    expect(waive(state)).toEqual({ verdict: verdictOf(state) });
  });

  it('is for one item, and leaves others alone', () => {
    expect(waive('disproven', {}, { id: 'stairs' })).toEqual({ verdict: verdictOf('disproven') });
  });

  it('does not waive what was not tried', () => {
    for (const code of ['run/left-out', 'run/may-not-page']) {
      const failure = { code, says: 'not run' };
      expect(applyWaiver(verdictOf('inconclusive'), hall, { failure }, given)).toEqual({ verdict: verdictOf('inconclusive') });
    }
    const timedOut = { code: 'run/timed-out', says: 'not finished' };
    expect(applyWaiver(verdictOf('inconclusive'), hall, { failure: timedOut }, given).verdict.state).toBe('waived');
  });

  it('counts where the gate allows it, by id or by severity', () => {
    const bySeverity = { ...policy, items: [] };
    expect(waive('disproven', { policy: bySeverity }, { id: 'hall', severity: 'low' }).verdict.state).toBe('waived');
    for (const refused of [
      waive('disproven', { policy: bySeverity }, { id: 'hall', severity: 'P0' }),
      waive('disproven', { policy: bySeverity }),
      waive('disproven', { policy: undefined }),
    ]) {
      expect(refused.verdict.state).toBe('disproven');
      expect(refused.waiver).toBeUndefined();
      expect(refused.verdict.reasons[1]).toMatchObject({ holds: 'unknown', says: 'the gate does not allow it to be waived, as Ada did' });
    }
  });

  it('counts until its end to the millisecond, and from then on is one more reason', () => {
    expect(waive('disproven', { atMs: at('2026-03-10T23:59:59.999Z') }).verdict.state).toBe('waived');
    const { verdict } = waive('disproven', { atMs: at('2026-03-11T00:00:00Z') });
    expect(verdict.state).toBe('disproven');
    expect(verdict.reasons).toEqual([
      against,
      {
        subject: 'hall',
        grade: 'passed',
        holds: 'unknown',
        says: 'its waiver by Ada ended at 2026-03-11T00:00:00.000Z',
        hint: 'repair it, or have it waived anew',
      },
      expect.objectContaining({ holds: 'yes' }),
    ]);
  });

  it('may not end later than the gate allows, to the millisecond', () => {
    expect(waive('disproven', { atMs: at('2026-02-25T00:00:00Z') }).verdict.state).toBe('waived');
    const { verdict } = waive('disproven', { atMs: at('2026-02-24T23:59:59.999Z') });
    expect(verdict.state).toBe('disproven');
    expect(verdict.reasons[1]?.says).toBe(
      'its waiver by Ada lasts too long: until 2026-03-11T00:00:00.000Z, which is 14d1ms away, where the gate allows 14d',
    );
  });
});

describe('the end of a waiver', () => {
  it.each([
    ['2026-03-10', '2026-03-11T00:00:00.000Z'],
    ['2028-02-28', '2028-02-29T00:00:00.000Z'],
    ['2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['2026-03-10T12:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['2026-03-10T12:00:00+02:00', '2026-03-10T10:00:00.000Z'],
  ])('that expires %s is %s', (expires, end) => {
    expect(waiver.safeParse({ ...ada, expires }).error).toBeUndefined();
    expect(new Date(endOfWaiver({ expires })).toISOString()).toBe(end);
  });

  it.each(['', 'soon', '2026-02-30', '10.03.2026', '2026-03-10T12:00:00', '2026-3-1', 'never'])('is not "%s"', (expires) => {
    expect(waiver.safeParse({ ...ada, expires }).success).toBe(false);
  });

  it('gives a waived item back what it was', () => {
    const waived = {
      state: 'waived' as const,
      waiver: { by: 'Ada', reason: 'r', expires: '2026-03-10T12:00:00Z', was: 'inconclusive' as const },
    };
    expect(stateAt(waived, at('2026-03-10T11:59:59.999Z'))).toBe('waived');
    expect(stateAt(waived, at('2026-03-10T12:00:00Z'))).toBe('inconclusive');
    expect(stateAt({ state: 'proven' }, at('2026-03-10T12:00:00Z'))).toBe('proven');
  });
});
