import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../../src/proofs/alert/would-fire/timeline.ts';
import { parsePromql } from '../../../../src/stack/promql.ts';

const pace = { scrapeEveryMs: 15_000, forMs: 300_000 };
const group = { groupIntervalMs: 30_000, keepFiringForMs: 0 };
const laidOut = (query: string, change: object = {}, changedGroup: object = {}) =>
  timelineOf({ ...group, ...changedGroup }, parsePromql(query)!, { ...pace, ...change });

describe('the virtual time of a test', () => {
  it('lets the windows fill and "for" pass before the rule must fire, and the windows empty before it must be silent', () => {
    expect(laidOut('rate(x[5m]) > 1')).toEqual({
      sampleEveryMs: 15_000,
      evaluateEveryMs: 30_000,
      firingByMs: 690_000,
      recoveredByMs: 1_080_000,
    });
    expect(laidOut('x > 1')).toMatchObject({ firingByMs: 390_000, recoveredByMs: 480_000 });
    expect(laidOut('x > 1', {}, { keepFiringForMs: 600_000 })).toMatchObject({ firingByMs: 390_000, recoveredByMs: 1_080_000 });
  });

  it('has samples as often as the real scrapes, even where that is too seldom for a window', () => {
    expect(laidOut('rate(x[10s]) > 1').sampleEveryMs).toBe(15_000);
    expect(laidOut('rate(x[10s]) > 1', { scrapeEveryMs: 1_000 }).sampleEveryMs).toBe(1_000);
  });

  it('stays quick for rules that look back for weeks, and still has samples in the smallest window', () => {
    const { sampleEveryMs, evaluateEveryMs, firingByMs } = laidOut('rate(x[30d]) > 1 and rate(x[5m]) > 1', { forMs: 14_400_000 });
    expect(sampleEveryMs).toBe(75_000);
    expect(firingByMs / evaluateEveryMs).toBeLessThan(220);
  });

  it('always evaluates at its own moments, and never expects anything too early', () => {
    const ms = (max: number) => fc.integer({ min: 1, max }).map((seconds) => seconds * 1_000);
    fc.assert(
      fc.property(ms(600), ms(600), ms(86_400), ms(86_400), (groupIntervalMs, scrapeEveryMs, forMs, window) => {
        const { evaluateEveryMs, firingByMs, recoveredByMs } = laidOut(
          `rate(x[${String(window)}ms]) > 1`,
          { scrapeEveryMs, forMs },
          { groupIntervalMs },
        );
        expect([firingByMs % evaluateEveryMs, recoveredByMs % evaluateEveryMs]).toEqual([0, 0]);
        expect(firingByMs).toBeGreaterThanOrEqual(window + forMs + 2 * evaluateEveryMs);
        expect(recoveredByMs - firingByMs).toBeGreaterThanOrEqual(window + 2 * evaluateEveryMs);
      }),
    );
  });
});
