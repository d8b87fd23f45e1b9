import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import { coverage } from '../../src/report/coverage.ts';
import type { Report } from '../../src/report/report.ts';
import { waiversOf } from '../../src/report/waived.ts';
import { dark, healthy, p256, refusals, sampleReport, sampleRun, temporaryFolder, verify, writeSample, type SampleItem } from './sample.ts';

const pair = p256();
const ada = { item: 'hall', by: 'Ada', reason: 'the lamps are on order', expires: '2026-03-01' };
const day = 86_400_000;
const gate = {
  policy: { maxAgeMs: 10 * day, waivers: { items: ['hall', 'stairs', 'cellar'], severities: [], longestMs: 14 * day } },
  waivers: [ada],
} satisfies Partial<Gate>;
const dim: readonly SampleItem[] = [
  { id: 'hall', lit: ['green'] },
  { id: 'stairs', lit: ['red', 'green'], needs: ['hall'] },
];

async function signed(items: readonly SampleItem[], change?: (report: Report) => Report, changes: Partial<Gate> = {}) {
  const root = await temporaryFolder();
  const folder = await writeSample(root.path, sampleRun(items, { ...gate, ...changes }), pair.signing, change);
  return { folder, [Symbol.asyncDispose]: () => root.remove() };
}

const withHall = (change: object) => (report: Report) => ({
  ...report,
  items: report.items.map((item) => (item.id === 'hall' ? { ...item, ...change } : item)),
});

describe('a report with a waiver', () => {
  it('proceeds with it, says what was waived, and is valid no longer than it', () => {
    const report = sampleReport(sampleRun(dim, gate));
    const { item: _item, ...rest } = ada;
    expect(report).toMatchObject({ decision: 'proceed-with-waivers', waivers: [ada], expiresAt: '2026-03-02T00:00:00.000Z' });
    expect(report.items[0]).toMatchObject({ state: 'waived', grade: 'declared', waiver: { ...rest, was: 'disproven' } });
    expect(report.items[0]?.reasons[0]).toMatchObject({ holds: 'no', says: 'red is dark' });
    expect(report.items[1]).toMatchObject({ state: 'proven' });
    expect(coverage(report)[0]).toMatchObject({ ref: 'L-hall', state: 'waived' });
  });

  it('is verified: judged again, the evidence and the gate come to the same', async () => {
    await using report = await signed(dim);
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'proceed-with-waivers', exitCode: 0 });
    expect(result.checks.at(-1)).toEqual({
      check: 'waivers',
      holds: 'yes',
      says: '"hall" (Ada) may be left unproven until 2026-03-02T00:00:00.000Z',
    });
  });

  it('is refused from the end of its waiver on', async () => {
    await using report = await signed(dim);
    const at = (now: string) => verify(report.folder, pair.publicPem, { now: new Date(now) });
    expect(await at('2026-03-01T23:59:59.999Z')).toMatchObject({ exitCode: 0 });
    const after = await at('2026-03-02T00:00:00.000Z');
    expect(refusals(after)).toEqual(['waivers no: the waiver of "hall" by Ada ended at 2026-03-02T00:00:00.000Z']);
    expect(after.exitCode).toBe(1);
  });

  it('does not proceed when its waiver ended while the run went on', async () => {
    const changes = { waivers: [{ ...ada, expires: '2026-03-01T09:01:00Z' }] };
    await using report = await signed(dim, undefined, changes);
    const result = await verify(report.folder, pair.publicPem);
    expect(result.report).toMatchObject({ decision: 'do-not-proceed' });
    expect(refusals(result)).toContain('waivers no: the waiver of "hall" by Ada ended at 2026-03-01T09:01:00.000Z');
    expect(result).toMatchObject({ decision: 'do-not-proceed', exitCode: 1 });
  });

  it.each([
    ['ended before', { waivers: [{ ...ada, expires: '2026-02-28' }] }, 'its waiver by Ada ended at 2026-03-01T00:00:00.000Z'],
    [
      'lasts too long',
      { waivers: [{ ...ada, expires: '2026-04-01' }] },
      'its waiver by Ada lasts too long: until 2026-04-02T00:00:00.000Z, which is 31d15h away, where the gate allows 14d',
    ],
    ['is not allowed', { policy: { maxAgeMs: day } }, 'the gate does not allow it to be waived, as Ada did'],
  ])('does not proceed when it %s, and is authentic', async (_, changes, says) => {
    await using report = await signed(dim.slice(0, 1), undefined, changes);
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'do-not-proceed', exitCode: 1 });
    expect(result.report?.items[0]).toMatchObject({ state: 'disproven', reasons: [{ says: 'red is dark' }, { says }, {}] });
  });
});

describe('a waiver that the gate did not give', () => {
  const waiver = { by: 'Mallory', reason: 'none', expires: '2026-03-01', was: 'disproven' as const };
  const proceeding = (report: Report): Report => ({ ...report, decision: 'proceed-with-waivers' });

  it('is refused: the evidence of the item says what it was', async () => {
    const forge = (report: Report) =>
      proceeding({ ...withHall({ state: 'waived', waiver })(report), expiresAt: '2026-03-02T00:00:00.000Z' });
    await using report = await signed(dim.slice(0, 1), forge, { waivers: [] });
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toContain('judgement no: item "hall": the report says waived, its evidence says disproven');
    expect(result.exitCode).toBe(1);
  });

  it('is refused in the place of another one', async () => {
    await using report = await signed(dim.slice(0, 1), withHall({ waiver }));
    expect(refusals(await verify(report.folder, pair.publicPem))).toContain(
      'judgement no: item "hall": the report tells of another waiver than the one that the gate gave it',
    );
  });

  it('cannot be left out: what is waived says by whom', async () => {
    await using report = await signed(dim.slice(0, 1), (made) => {
      const [{ waiver: _waiver, ...hall } = made.items[0]!] = made.items;
      return { ...made, items: [hall] };
    });
    expect(refusals(await verify(report.folder, pair.publicPem))).toContain(
      'report no: report.json is not a report: : what is waived must say by whom',
    );
  });
});

it('is never for what an earlier run found: what is waived is tried every time', async () => {
  const observedAt = ['2026-02-28T09:00:01.000Z', '2026-02-28T09:00:02.000Z'] as const;
  await using report = await signed([{ id: 'hall', lit: ['green'], carriedFrom: '2026-02-28T09:00:00.000Z', observedAt }]);
  const result = await verify(report.folder, pair.publicPem);
  expect(refusals(result)).toContain('judgement no: item "hall" is said to be proven by an earlier run, and is waived');
  expect(result.exitCode).toBe(1);
});

describe('what became of the waivers', () => {
  const told = (items: readonly SampleItem[], waivers: Gate['waivers']) =>
    waiversOf(sampleReport(sampleRun(items, { ...gate, waivers }))).map(({ item, says }) => `${item.id}: ${says}`);

  it('is told of each: waived, not needed, without effect, not counting', () => {
    expect(told(dim, [{ ...ada, item: 'stairs' }, ada])).toEqual([
      'hall: waived by Ada until the end of 2026-03-01 (UTC): the lamps are on order (it is disproven)',
      'stairs: the waiver by Ada is not needed: the item is proven',
    ]);
    expect(
      told(dark, [
        { ...ada, item: 'stairs' },
        { ...ada, expires: '2026-02-01' },
      ]),
    ).toEqual(['stairs: the waiver by Ada waives nothing: the item was not tried', 'hall: the waiver by Ada does not count']);
    expect(told(dark, [{ ...ada, item: 'cellar', expires: '2026-03-02T12:00:00Z' }])).toEqual([
      'cellar: waived by Ada until 2026-03-02T12:00:00Z: the lamps are on order (it is inconclusive)',
    ]);
    expect(told(dim.slice(0, 1), [{ ...ada, expires: '2026-03-01T09:01:00Z' }])).toEqual([
      'hall: the waiver by Ada ended while the run went on, at 2026-03-01T09:01:00.000Z',
    ]);
    expect(told(healthy, [])).toEqual([]);
  });
});
