import { describe, expect, it } from 'vitest';
import { chooseFresh, type FreshOptions } from '../../src/app/fresh.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { recordBasis, type RecordedBasis } from '../../src/gate/basis.ts';
import type { Item } from '../../src/gate/gate.ts';
import { sampleReport, sampleRun, type SampleItem } from '../report/sample.ts';

const lit = ['red', 'green'];
const chain: readonly SampleItem[] = [
  { id: 'hall', lit },
  { id: 'stairs', lit, needs: ['hall'] },
  { id: 'attic', lit, needs: ['stairs'] },
  { id: 'cellar', lit },
];

const asBefore = (wire: string): RecordedBasis => recordBasis([{ what: 'the wire', value: wire }], createRedactor([]));

/** What is still fresh five minutes after a run in which everything hung on a copper wire. */
async function choose(items: readonly SampleItem[], changes: Partial<FreshOptions> = {}, change: (item: Item) => Item = (item) => item) {
  const sample = sampleRun(items);
  const gate = { ...sample.run.gate, items: sample.run.gate.items.map(change) };
  const { fresh, because } = await chooseFresh({
    gate,
    report: sampleReport(sample),
    redactor: createRedactor([]),
    now: new Date('2026-03-01T09:05:00.000Z'),
    again: new Set(),
    basis: () => Promise.resolve({ restsOn: asBefore('copper') }),
    recordOf: ({ id, startedAt, finishedAt }) =>
      Promise.resolve({ item: id, proof: 'lamps', nonce: '', startedAt, finishedAt, restsOn: [...asBefore('copper')] }),
    ...changes,
  });
  return { fresh: [...fresh.keys()].map(({ id }) => id), because };
}

const onlyThat = (id: string, wire: string) => (item: Item) => Promise.resolve({ restsOn: asBefore(item.id === id ? wire : 'copper') });

describe('what is still fresh', () => {
  it('is everything that was proven, as long as nothing changed', async () => {
    expect(await choose(chain)).toEqual({ fresh: ['hall', 'stairs', 'attic', 'cellar'], because: [] });
  });

  it('is not what was not proven, and of that nothing is said', async () => {
    expect(await choose([{ id: 'hall', lit: ['green'] }])).toEqual({ fresh: [], because: [] });
  });

  it('is not what rests on something that changed, nor what rests on that', async () => {
    expect(await choose(chain, { basis: onlyThat('hall', 'iron') })).toEqual({
      fresh: ['cellar'],
      because: [
        'hall is proven again: the wire changed since',
        'stairs is proven again: it rests on "hall", which changed since',
        'attic is proven again: it rests on "stairs", which changed since',
      ],
    });
  });

  it('is not what rests on something that changed although that was waived', async () => {
    const report = sampleReport(sampleRun(chain));
    const waived = { ...report, items: report.items.map((item) => (item.id === 'hall' ? { ...item, state: 'waived' as const } : item)) };
    expect(await choose(chain, { report: waived })).toMatchObject({ fresh: ['stairs', 'attic', 'cellar'], because: [] });
    expect(await choose(chain, { report: waived, basis: onlyThat('hall', 'iron') })).toMatchObject({ fresh: ['cellar'] });
  });

  it('is not what is from the future, by a clock that was set back since', async () => {
    const found = await choose([{ id: 'hall', lit }], { now: new Date('2026-02-01T09:00:00.000Z') });
    expect(found).toEqual({ fresh: [], because: [expect.stringContaining('hall is proven again: it was proven in the future')] });
  });

  it('is not what the gate asks in other words', async () => {
    const found = await choose(chain, {}, (item) => (item.id === 'cellar' ? { ...item, requirement: { lamps: ['red'] } } : item));
    expect(found).toEqual({
      fresh: ['hall', 'stairs', 'attic'],
      because: ['cellar is proven again: the gate asks something else of it'],
    });
  });

  it('is not what cannot be read now, nor what was not read then', async () => {
    const unreadable = (item: Item) => Promise.resolve(item.id === 'cellar' ? { says: 'no light' } : { restsOn: asBefore('copper') });
    expect((await choose(chain, { basis: unreadable })).because).toEqual([
      'cellar is proven again: what it rests on cannot be read (no light)',
    ]);
    const recordOf: FreshOptions['recordOf'] = ({ id, startedAt, finishedAt }) =>
      Promise.resolve({ item: id, proof: 'lamps', nonce: '', startedAt, finishedAt });
    expect((await choose(chain, { recordOf })).fresh).toEqual([]);
  });

  it('ends by age to the millisecond, for each item by itself: what rests on it is no older', async () => {
    const old: readonly SampleItem[] = [
      { id: 'hall', lit, carriedFrom: '2026-02-28T09:00:00.000Z', observedAt: ['2026-02-28T09:00:01.000Z', '2026-02-28T09:00:02.000Z'] },
      { id: 'stairs', lit, needs: ['hall'] },
    ];
    const at = (now: string) => choose(old, { now: new Date(now) });
    expect(await at('2026-03-01T09:00:02.000Z')).toMatchObject({ fresh: ['hall', 'stairs'] });
    expect(await at('2026-03-01T09:00:02.001Z')).toEqual({
      fresh: ['stairs'],
      because: ['hall is proven again: it was proven 1d1ms ago, and 1d are allowed'],
    });
  });

  it('is not what somebody wants to see again, but what rests on it', async () => {
    expect(await choose(chain, { again: new Set(['hall']) })).toEqual({
      fresh: ['stairs', 'attic', 'cellar'],
      because: ['hall is proven again: you ask for it'],
    });
  });
});
