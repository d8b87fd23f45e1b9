import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import json from '../../src/reporters/json.ts';
import { hostileReport, plainReport } from './hostile.ts';

describe('report.json', () => {
  it('is the whole report', () => {
    for (const each of [plainReport, hostileReport]) expect(report.parse(JSON.parse(json.render(each)))).toEqual(each);
  });
});

describe('every reporter', () => {
  it.each(reporters.map((reporter) => [reporter.kind, reporter] as const))(
    '%s gives the same text for the same report, read back or not',
    (_kind, reporter) => {
      for (const each of [plainReport, hostileReport]) {
        expect(reporter.render(report.parse(JSON.parse(JSON.stringify(each))))).toBe(reporter.render(each));
      }
    },
  );

  it('has a kind and a file of its own', () => {
    expect(new Set(reporters.map(({ kind }) => kind)).size).toBe(reporters.length);
    expect(new Set(reporters.map(({ file }) => file)).size).toBe(reporters.length);
  });
});
