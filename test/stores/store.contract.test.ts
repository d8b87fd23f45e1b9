import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/check/result.ts';
import { stores } from '../../src/stores/index.ts';
import type { Store, StoreKind } from '../../src/store/store.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { plainSummaries, aResult, kept, startMs } from './plain.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How each kind is opened on an empty folder. */
const samples: Readonly<Record<string, (folder: string) => unknown>> = {
  sqlite: (folder) => ({ file: path.join(folder, 'results.db') }),
};

async function withStore(kind: StoreKind, use: (open: () => Promise<Store>) => Promise<void>): Promise<void> {
  await using folder = await createTempFolder('store');
  const options = kind.options.parse(samples[kind.kind]?.(folder.path));
  await use(() => kind.open(options));
}

describe.each([...stores.values()])('store: $kind', (kind) => {
  it('stands in its list under its own name, and says in one line what it is', () => {
    expect(stores.get(kind.kind)).toBe(kind);
    expect(kind.summary).toMatch(/^\S.{8,128}\S$/);
    expect(kind.options.safeParse({ ...Object(samples[kind.kind]?.('/tmp')), unheardOf: 1 }).success).toBe(false);
  });

  it('gives back what was added, in the order of time, also after it was opened again', () =>
    withStore(kind, async (open) => {
      const added = [
        aResult({
          dueAtMs: startMs + 61_000,
          status: 'fail',
          reasons: ['status 503, expected 200', 'total 2s, expected < 1s'],
          attempts: 3,
        }),
        aResult({ dueAtMs: startMs, lateMs: -0.25, durationMs: 0 }),
        aResult({ dueAtMs: startMs + 30_000, status: 'error', reasons: ['no network'], observation: undefined, place: 'lab "2" ü' }),
      ];
      {
        await using store = await open();
        await store.add(added);
        expect(await resultsIn(store)).toEqual(kept(added));
      }
      await using store = await open();
      expect(await resultsIn(store)).toEqual(kept(added));
    }));

  it('keeps two results of the same check, place and time', () =>
    withStore(kind, async (open) => {
      await using store = await open();
      const twins = [aResult({ durationMs: 1 }), aResult({ durationMs: 2 })];
      await store.add(twins.slice(0, 1));
      await store.add(twins.slice(1));
      expect(await resultsIn(store)).toEqual(kept(twins));
    }));

  it('gives the results of one check, one place, one span: its beginning is within, its end is not', () =>
    withStore(kind, async (open) => {
      await using store = await open();
      const all = [0, 1, 2, 3].flatMap((minute) =>
        ['a', 'b'].flatMap((check) => ['x', 'y'].map((place) => aResult({ check, place, dueAtMs: startMs + minute * minuteMs }))),
      );
      await store.add(all);
      const query = { fromMs: startMs + minuteMs, toMs: startMs + 3 * minuteMs };
      const wanted = kept(all).filter(({ dueAtMs }) => dueAtMs >= query.fromMs && dueAtMs < query.toMs);
      expect(await Array.fromAsync(store.results(query))).toEqual(wanted);
      expect(await Array.fromAsync(store.results({ ...query, check: 'a' }))).toEqual(wanted.filter(({ check }) => check === 'a'));
      expect(await Array.fromAsync(store.results({ ...query, check: 'a', place: 'y' }))).toEqual(
        wanted.filter(({ check, place }) => check === 'a' && place === 'y'),
      );
      expect(await Array.fromAsync(store.results({ ...query, check: 'c' }))).toEqual([]);
    }));

  it('gives the latest results of a check, newest first, however they came', () =>
    withStore(kind, async (open) => {
      await using store = await open();
      const all = Array.from({ length: 200 }, (_, index) => aResult({ dueAtMs: startMs + index * 7 * minuteMs, durationMs: index }));
      const other = aResult({ check: 'other', dueAtMs: startMs + 30 * dayMs });
      await store.add([...all.slice(100), other]);
      for (const result of all.slice(0, 100)) await store.add([result]);
      const newest = kept(all).toReversed();
      expect(await store.latest('a check', 1)).toEqual(newest.slice(0, 1));
      expect(await store.latest('a check', 150)).toEqual(newest.slice(0, 150));
      expect(await store.latest('a check', 1000)).toEqual(newest);
      expect(await store.latest('unknown', 5)).toEqual([]);
    }));

  it('sums up any span as the plain computation over all results does, late ones and those of many orders of length included', async () => {
    const atMs = fc.oneof(
      fc.integer({ min: 0, max: 3 * hourMs }),
      fc.integer({ min: 0, max: 40 * dayMs }).map((ms) => ms - (ms % minuteMs)),
    );
    const results = fc.array(
      fc.record({
        check: fc.constantFrom('a', 'b'),
        place: fc.constantFrom('x', 'y'),
        after: atMs,
        durationMs: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100_000, noNaN: true }), fc.integer({ min: 1, max: 30 })),
        status: fc.constantFrom('pass', 'pass', 'pass', 'fail', 'error'),
        dense: fc.integer({ min: 1, max: 50 }),
      } as const),
      { maxLength: 60 },
    );
    const spans = fc.array(fc.tuple(atMs, atMs), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(results, spans, fc.integer({ min: 1, max: 50 }), async (seeds, asked, size) => {
        const all = seeds.flatMap(({ after, dense, ...seed }) =>
          Array.from({ length: dense }, (_, index) => aResult({ ...seed, dueAtMs: startMs + after + index * 1_000 })),
        );
        await withStore(kind, async (open) => {
          await using store = await open();
          for (let at = 0; at < all.length; at += size) await store.add(all.slice(at, at + size));
          for (const [one, other] of asked) {
            const span = { fromMs: startMs + Math.min(one, other), toMs: startMs + Math.max(one, other) };
            expect(await store.summaries(span)).toEqual(plainSummaries(all, span));
            expect(await store.summaries({ ...span, check: 'a' })).toEqual(plainSummaries(all, span).filter(({ check }) => check === 'a'));
          }
          const everything = { fromMs: 0, toMs: startMs + 100 * dayMs };
          expect(await store.summaries(everything)).toEqual(plainSummaries(all, everything));
          expect((await resultsIn(store)).length).toBe(all.length);
        });
      }),
      { numRuns: 12 },
    );
  });
});

function resultsIn(store: Store): Promise<readonly Result[]> {
  return Array.fromAsync(store.results({ fromMs: 0, toMs: startMs + 1000 * dayMs }));
}
