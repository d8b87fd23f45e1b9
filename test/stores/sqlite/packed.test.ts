import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBatch, entriesOf } from '../../../src/stores/sqlite/batch.ts';
import { encodeBlock, rowsOf } from '../../../src/stores/sqlite/block.ts';
import { byteReader, byteWriter } from '../../../src/stores/sqlite/bytes.ts';
import type { Row } from '../../../src/stores/sqlite/row.ts';
import { decodeSlots, encodeSlots } from '../../../src/stores/sqlite/slots.ts';
import { rollUp } from '../../../src/store/rollup.ts';

const hourMs = 3_600_000;
const startMs = 490_000 * hourMs;

const row: fc.Arbitrary<Row> = fc.record({
  dueMs: fc.integer({ min: startMs, max: startMs + hourMs - 1 }),
  lateUs: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
  durationUs: fc.integer({ min: 0, max: 2 ** 51 }),
  status: fc.constantFrom('pass', 'fail', 'error'),
  attempts: fc.integer({ min: 0, max: 2 ** 40 }),
  reasons: fc.constantFrom('', '["status 503"]', '["ü \\" \\n"]'),
  digest: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
});

describe('what is packed', () => {
  it('is whole numbers, positive and negative ones', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }), (natural, signed) => {
        const writer = byteWriter();
        writer.number(natural);
        writer.signed(signed);
        const reader = byteReader(writer.done());
        expect([reader.number(), reader.signed(), reader.atEnd()]).toEqual([natural, signed === 0 ? 0 : signed, true]);
      }),
    );
  });

  it('is the rows of an hour', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 100 }), (rows) => {
        const inOrder = rows.toSorted((a, b) => a.dueMs - b.dueMs);
        expect([...rowsOf(encodeBlock(inOrder, startMs), startMs)]).toEqual(inOrder);
      }),
    );
  });

  it('is the results on their way to the thread', () => {
    const entries = fc.array(fc.record({ check: fc.constantFrom('a', 'b', ''), place: fc.constantFrom('', 'b', 'c'), row }), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(entries, (all) => {
        expect([...entriesOf(encodeBatch(all))]).toEqual(all);
      }),
    );
  });

  it('is rollups side by side', () => {
    const results = fc.array(
      fc.record({ status: fc.constantFrom('pass', 'fail', 'error'), bucket: fc.integer({ min: 0, max: 2047 }) } as const),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.integer({ min: 0, max: 59 }).map(String), results), (bySlot) => {
        const slots = new Map(Object.entries(bySlot).map(([slot, some]) => [Number(slot), rollUp(some)]));
        expect(decodeSlots(encodeSlots(slots))).toEqual(slots);
      }),
    );
  });

  it('takes few bytes for a steady check: a minute of it 3 in its rollup, and at most 23 in its row', () => {
    const rows = Array.from({ length: 60 }, (_, minute) => ({
      dueMs: startMs + minute * 60_000,
      lateUs: 4_000 + minute,
      durationUs: 120_000 + minute * 100,
      status: 'pass' as const,
      attempts: 1,
      reasons: '',
      digest: new Uint8Array(16).fill(171),
    }));
    expect(encodeBlock(rows, startMs).length / 60).toBeLessThan(23);
    expect(encodeSlots(new Map(rows.map((_, minute) => [minute, rollUp([{ status: 'pass', bucket: 600 }])]))).length).toBe(180);
  });

  it('that ends too early is noticed', () => {
    const block = encodeBlock(
      [{ dueMs: startMs, lateUs: 0, durationUs: 5, status: 'pass', attempts: 1, reasons: '', digest: new Uint8Array(16).fill(171) }],
      startMs,
    );
    expect(() => [...rowsOf(block.subarray(0, -1), startMs)]).toThrow('a packed row ends too early');
  });
});
