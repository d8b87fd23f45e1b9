import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Report } from '../../src/report/report.ts';
import ctrf from '../../src/reporters/ctrf.ts';
import { lateReport } from './hostile.ts';
import { evidence, large, plain, proceeding, refused, waived } from './rich.ts';

const extra = z.record(z.string(), z.json());
const status = z.enum(['passed', 'failed', 'skipped', 'pending', 'other']);
const attachment = z.strictObject({ name: z.string(), contentType: z.string(), path: z.string(), extra: extra.optional() });
const step = z.strictObject({ name: z.string(), status, extra: extra.optional() });
const label = z.union([z.string(), z.number(), z.boolean()]);

/** What the published schema of the Common Test Report Format (draft-07) allows, of the parts that we write: no key beside these. */
const document = z.strictObject({
  reportFormat: z.literal('CTRF'),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  reportId: z.uuid().optional(),
  timestamp: z.iso.datetime().optional(),
  generatedBy: z.string().optional(),
  extra: extra.optional(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string().optional(), extra: extra.optional() }),
    summary: z.strictObject({
      tests: z.int(),
      passed: z.int(),
      failed: z.int(),
      skipped: z.int(),
      pending: z.int(),
      other: z.int(),
      flaky: z.int().optional(),
      suites: z.int().optional(),
      start: z.int(),
      stop: z.int(),
      duration: z.int().optional(),
      extra: extra.optional(),
    }),
    tests: z.array(
      z.strictObject({
        id: z.uuid().optional(),
        name: z.string().min(1),
        status,
        duration: z.int(),
        start: z.int().optional(),
        stop: z.int().optional(),
        suite: z.array(z.string()).min(1).optional(),
        message: z.string().optional(),
        trace: z.string().optional(),
        line: z.int().optional(),
        rawStatus: z.string().optional(),
        tags: z.array(z.string()).optional(),
        labels: z.record(z.string(), z.union([label, z.array(label).min(1)])).optional(),
        filePath: z.string().optional(),
        attachments: z.array(attachment).optional(),
        steps: z.array(step).optional(),
        extra: extra.optional(),
      }),
    ),
    environment: z
      .strictObject({
        reportName: z.string().optional(),
        appName: z.string().optional(),
        testEnvironment: z.string().optional(),
        healthy: z.boolean().optional(),
        extra: extra.optional(),
      })
      .optional(),
    extra: extra.optional(),
  }),
});

const read = (report: Report) => document.parse(JSON.parse(ctrf.render(report, evidence)));

describe('ctrf.json', () => {
  it.each([
    ['proceeds', proceeding],
    ['is refused', refused],
    ['has waivers', waived],
    ['has texts of ten thousand characters', large(3)],
    ['has no items', { ...plain, items: [] }],
  ])('is what the published schema asks for when the report %s', (_name, report) => {
    const { summary, tests } = read(report).results;
    expect(summary.tests).toBe(report.items.length);
    expect(summary.passed + summary.failed + summary.skipped).toBe(tests.length);
  });

  it('fails whatever is not proven, and skips only what is waived', () => {
    const statuses = (report: Report): readonly string[] =>
      read(report).results.tests.map((test) => `${test.rawStatus ?? ''} ${test.status}`);
    expect(statuses(refused)).toEqual(['disproven failed', 'blocked failed', 'inconclusive failed', 'proven passed']);
    expect(statuses(lateReport)).toEqual(['disproven failed']);
    expect(statuses(waived)).toEqual(['waived skipped', 'proven passed']);
    expect(read(proceeding).results.environment?.healthy).toBe(true);
    expect(read(waived).results.environment?.healthy).toBe(false);
  });

  it('tells why, what to change, and where the evidence is', () => {
    const [hall] = read(refused).results.tests;
    expect(hall).toMatchObject({ message: 'red is dark', trace: 'red (passed): red is dark → switch red on', suite: ['lamps', 'lamps'] });
    expect(hall?.attachments?.map(({ name, contentType }) => `${name} ${contentType}`)).toEqual([
      'observation application/json',
      'evidence application/octet-stream',
      'screenshot image/png',
    ]);
  });
});
