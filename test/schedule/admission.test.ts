import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAdmission, type Entered } from '../../src/schedule/admission.ts';
import type { Weight } from '../../src/schedule/job.ts';

/** Lets in as many as there is room for. */
function enterAll<Item>(admission: ReturnType<typeof createAdmission<Item>>, nowMs: number, weight: Weight = 'light'): Entered<Item>[] {
  const entered: Entered<Item>[] = [];
  for (;;) {
    const next = admission.enter(weight, nowMs);
    if (next === undefined) return entered;
    entered.push(next);
  }
}

function queued(limits: Readonly<Record<Weight, number>>, count: number, weight: Weight = 'light') {
  const admission = createAdmission<number>(limits);
  for (let item = 0; item < count; item++) admission.queue(item, weight);
  return admission;
}

describe('admission', () => {
  test('lets in as many as may run, in the order in which they came', () => {
    const admission = queued({ light: 3, heavy: 1 }, 5);
    const entered = enterAll(admission, 0);
    expect(entered.map(({ item }) => item)).toEqual([0, 1, 2]);
    entered[1]?.leave();
    expect(enterAll(admission, 10).map(({ item }) => item)).toEqual([3]);
    expect(admission.waiting).toBe(1);
  });

  test('counts a run that has waited for its target for a moment a fiftieth, so that targets that hang do not stop the others', () => {
    const admission = queued({ light: 10, heavy: 1 }, 1_000);
    expect(enterAll(admission, 0)).toHaveLength(10);
    expect(enterAll(admission, 49)).toHaveLength(0);
    expect(enterAll(admission, 50)).toHaveLength(9);
    let inside = 19;
    for (let moment = 2; moment < 500; moment++) inside += enterAll(admission, moment * 50).length;
    // Never more than fifty times as many, all of them waiting.
    expect(inside).toBeGreaterThan(450);
    expect(inside).toBeLessThanOrEqual(500);
  });

  test('counts a browser whole, however long it runs', () => {
    const admission = queued({ light: 10, heavy: 2 }, 5, 'heavy');
    expect(enterAll(admission, 0, 'heavy')).toHaveLength(2);
    expect(enterAll(admission, 60_000, 'heavy')).toHaveLength(0);
  });

  test('lets nobody in who was taken out of the queue', () => {
    const admission = queued({ light: 2, heavy: 1 }, 3);
    admission.withdraw(1, 'light');
    expect(enterAll(admission, 0).map(({ item }) => item)).toEqual([0, 2]);
  });

  test('has all its room again when all have left, whatever came between', () => {
    const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 1_500 }), leaving: fc.integer({ min: 0, max: 30 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), steps, (limit, all) => {
        const admission = queued({ light: limit, heavy: 1 }, 5_000);
        const inside: Entered<number>[] = [];
        let nowMs = 0;
        for (const { afterMs, leaving } of all) {
          nowMs += afterMs;
          inside.push(...enterAll(admission, nowMs));
          for (const { leave } of inside.splice(leaving % (inside.length + 1))) leave();
        }
        for (const { leave } of inside) leave();
        expect(enterAll(admission, nowMs)).toHaveLength(limit);
      }),
      { numRuns: 50 },
    );
  });
});
