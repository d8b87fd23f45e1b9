import { describe, expect, it } from 'vitest';
import { defaultRetention, nextHorizon } from '../../src/store/retention.ts';
import { dayMs, hourMs } from '../../src/store/rollup.ts';

const beginning = { detailFromHour: 0, rollupsFromFortnight: 0 };
const nowMs = 1000 * dayMs + 5 * hourMs + 1;

describe('what a store has taken away', () => {
  it('is what is older than ninety days in detail, and older than a year altogether, in whole hours and fortnights', () => {
    expect(nextHorizon(beginning, defaultRetention, nowMs)).toEqual({ detailFromHour: 910 * 24 + 5, rollupsFromFortnight: 45 });
  });

  it('stays away when more is to be kept from now on', () => {
    const taken = nextHorizon(beginning, { detailedMs: dayMs, rolledUpMs: 2 * dayMs }, nowMs);
    expect(nextHorizon(taken, defaultRetention, nowMs)).toEqual(taken);
    expect(nextHorizon(taken, defaultRetention, nowMs - 10 * dayMs)).toEqual(taken);
  });

  it('is never the rollups of results that are still there', () => {
    expect(nextHorizon(beginning, { detailedMs: 10 * dayMs, rolledUpMs: dayMs }, nowMs).rollupsFromFortnight).toBe(70);
  });
});
