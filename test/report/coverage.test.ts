import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/report/coverage.ts';
import { sampleReport, sampleRun, type SampleItem } from './sample.ts';

const both = ['red', 'green'];
const reportOf = (...items: readonly SampleItem[]) => sampleReport(sampleRun(items));

describe('coverage', () => {
  it('names every requirement once, with whatever stands for it', () => {
    const report = reportOf({ id: 'hall', lit: both }, { id: 'stairs', lit: both, item: { ref: ['L-hall', 'L-10', 'L-9'] } });
    expect(coverage(report).map(({ ref, by }) => [ref, by])).toEqual([
      ['L-9', ['stairs']],
      ['L-10', ['stairs']],
      ['L-hall', ['hall', 'stairs']],
    ]);
  });

  it('is no better than the worst that stands for a requirement', () => {
    const report = reportOf({ id: 'hall', lit: both }, { id: 'stairs', lit: ['green'], item: { ref: ['L-hall'] } });
    expect(coverage(report)).toEqual([{ ref: 'L-hall', by: ['hall', 'stairs'], state: 'disproven', grade: 'passed, declared' }]);
  });

  it('gives a subject that covers a requirement alone its own line', () => {
    const report = reportOf({ id: 'hall', lit: both, item: { ref: [] } });
    const [item] = report.items;
    const subjects = item?.subjects.map((each) => (each.subject === 'red' ? { ...each, ref: ['L-red'] } : each)) ?? [];
    expect(coverage({ ...report, items: report.items.map((each) => ({ ...each, subjects })) })).toEqual([
      { ref: 'L-red', by: ['hall: red'], state: 'proven', grade: 'passed' },
    ]);
  });
});
