import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believe, changeOf, nothingKnown, type Belief } from '../../src/check/belief.ts';
import type { Outcome } from '../../src/check/outcome.ts';

type Status = Outcome['status'];

function after(statuses: readonly Status[], failAfter = 1, recoverAfter = 1): Belief {
  return statuses.reduce((belief, status) => believe(belief, status, { failAfter, recoverAfter }), nothingKnown);
}

const told = (letters: string): readonly Status[] =>
  letters.split('').map((letter) => (({ p: 'pass', f: 'fail', e: 'error' }) as const)[letter] ?? 'error');
const state = (letters: string, failAfter?: number, recoverAfter?: number) => after(told(letters), failAfter, recoverAfter).state;

describe('what is believed of a target', () => {
  it('is nothing before a run told anything', () => {
    expect(state('')).toBe('unknown');
    expect(state('eee')).toBe('unknown');
  });

  it('is that it is well from its first pass, and that it fails after enough failures in a row', () => {
    expect(state('p', 3, 3)).toBe('well');
    expect(state('ff', 3)).toBe('unknown');
    expect(state('pff', 3)).toBe('well');
    expect(state('pfff', 3)).toBe('failing');
    expect(state('pffpff', 3)).toBe('well');
    expect(state('fff', 3)).toBe('failing');
  });

  it('is that it recovered after enough passes in a row', () => {
    expect(state('fpp', 1, 3)).toBe('failing');
    expect(state('fppfpp', 1, 3)).toBe('failing');
    expect(state('fppp', 1, 3)).toBe('well');
  });

  it('is not changed by our own trouble, which is counted apart', () => {
    expect(state('pfef', 2)).toBe('failing');
    expect(after(told('peee'))).toEqual({ state: 'well', failures: 0, passes: 1, errors: 3 });
    expect(after(told('peeef')).errors).toBe(0);
  });

  it('changes into failing and back, and each change has a name', () => {
    expect(changeOf(after([]), after(told('p')))).toBeUndefined();
    expect(changeOf(after(told('p')), after(told('pf')))).toBe('failed');
    expect(changeOf(after([]), after(told('f')))).toBe('failed');
    expect(changeOf(after(told('f')), after(told('fp')))).toBe('recovered');
    expect(changeOf(after(told('f')), after(told('ff')))).toBeUndefined();
  });

  it('follows from the rows of outcomes, however they come', () => {
    const outcomes = fc.array(fc.constantFrom<Status>('pass', 'fail', 'error'), { maxLength: 40 });
    const threshold = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(outcomes, threshold, threshold, (statuses, failAfter, recoverAfter) => {
        const telling = statuses.filter((status) => status !== 'error').map((status) => (status === 'pass' ? 'p' : 'f'));
        const rows = telling.join('').match(/p+|f+/g) ?? [];
        let expected: Belief['state'] = 'unknown';
        for (const row of rows) {
          if (row.startsWith('f') && row.length >= failAfter) expected = 'failing';
          else if (row.startsWith('p') && (expected === 'unknown' || row.length >= recoverAfter)) expected = 'well';
        }
        const belief = after(statuses, failAfter, recoverAfter);
        expect(belief.state).toBe(expected);
        const last = rows.at(-1) ?? '';
        expect([belief.passes, belief.failures]).toEqual(last.startsWith('p') ? [last.length, 0] : [0, last.length]);
      }),
    );
  });
});
