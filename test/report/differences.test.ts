import { expect, it } from 'vitest';
import { differences } from '../../src/report/differences.ts';
import type { Report } from '../../src/report/report.ts';
import { healthy, sampleReport, sampleRun } from './sample.ts';

const report = sampleReport(sampleRun(healthy));

function since(items: NonNullable<Report['previous']>['items']) {
  const found = differences({ ...report, previous: { sha256: 'a'.repeat(64), startedAt: report.startedAt, decision: 'proceed', items } });
  return found?.map(({ id, direction }) => `${id} ${direction}`);
}

it('finds what is better, worse, new and gone since the run before, and nothing where nothing changed', () => {
  const proven = (id: string) => ({ id, state: 'proven' as const, grade: 'passed' });
  expect(since([proven('hall'), proven('stairs')])).toEqual([]);
  expect(since([{ ...proven('hall'), grade: 'steady' }, proven('roof')])).toEqual(['roof gone', 'hall other', 'stairs new']);
  expect(since([{ id: 'hall', state: 'disproven', grade: 'declared' }, proven('stairs')])).toEqual(['hall better']);
});

it('finds what got worse', () => {
  const items = report.items.map((item) => ({ ...item, state: 'inconclusive' as const }));
  const before = report.items.map(({ id, grade }) => ({ id, state: 'proven' as const, grade }));
  const found = differences({
    ...report,
    items,
    previous: { sha256: 'a'.repeat(64), startedAt: report.startedAt, decision: 'proceed', items: before },
  });
  expect(found?.map(({ direction }) => direction)).toEqual(['worse', 'worse']);
});

it('compares with nothing when there was no run before', () => {
  expect(differences(report)).toBeUndefined();
});
