import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { keepSource } from '../../src/report/build.ts';
import { report } from '../../src/report/report.ts';
import { dark, healthy, sampleReport, sampleRun, sources } from './sample.ts';

describe('buildReport', () => {
  it('says what was asked for, what came out, and where the evidence is', () => {
    const built = sampleReport(sampleRun(healthy));
    expect(built).toMatchObject({
      gate: 'lamps',
      environment: 'none',
      startedAt: '2026-03-01T09:00:00.000Z',
      finishedAt: '2026-03-01T09:02:30.500Z',
      expiresAt: '2026-03-02T09:02:30.500Z',
      decision: 'proceed',
      operator: 'Ada',
    });
    expect(built.items[1]).toMatchObject({
      id: 'stairs',
      statement: 'The lamps of stairs are lit',
      ref: ['L-stairs'],
      needs: ['hall'],
      state: 'proven',
      grade: 'passed',
      requiredGrade: 'passed',
      requirement: { lamps: ['red', 'green'] },
      subjects: [
        { subject: 'red', state: 'proven' },
        { subject: 'green', state: 'proven' },
      ],
    });
    expect(built.items[1]?.evidence).toHaveLength(2);
  });

  it('decides do-not-proceed when anything is not proven, and when there is nothing at all', () => {
    expect(sampleReport(sampleRun(dark))).toMatchObject({
      decision: 'do-not-proceed',
      items: [{ state: 'disproven' }, { state: 'blocked', evidence: [] }, { state: 'inconclusive' }],
    });
    expect(sampleReport(sampleRun([])).decision).toBe('do-not-proceed');
  });

  it('expires by its oldest evidence, also when that was carried over from an earlier run', () => {
    const carried = {
      carriedFrom: '2026-03-01T07:00:00.000Z',
      observedAt: ['2026-03-01T07:00:01.000Z', '2026-03-01T07:00:02.000Z'] as const,
    };
    const built = sampleReport(sampleRun([{ id: 'hall', lit: ['red', 'green'], ...carried }]));
    expect(built.items[0]?.carriedFrom).toBe('2026-03-01T07:00:00.000Z');
    expect(built.expiresAt).toBe('2026-03-02T07:00:02.000Z');
  });

  it('shows what the environment changed, and why', () => {
    const gate = {
      environment: 'demo',
      because: 'It must be quick.',
      overrides: [
        { path: 'items.hall.for', from: '5m', to: '4s' },
        { path: 'items.hall.x', from: undefined, to: 1 },
      ],
    };
    expect(sampleReport(sampleRun(healthy, gate))).toMatchObject({
      environment: 'demo',
      because: 'It must be quick.',
      overrides: [
        { path: 'items.hall.for', from: '5m', to: '4s' },
        { path: 'items.hall.x', to: 1 },
      ],
    });
  });

  it('reads back from JSON as it was built', () => {
    for (const items of [healthy, dark]) {
      const built = sampleReport(sampleRun(items), { keyId: 'k' });
      expect(report.parse(JSON.parse(JSON.stringify(built)))).toEqual(built);
    }
  });

  it('refuses two items of one name', () => {
    expect(() =>
      sampleReport(
        sampleRun([
          { id: 'hall', lit: [] },
          { id: 'hall', lit: [] },
        ]),
      ),
    ).toThrow('two items have the same id');
  });
});

describe('keepSource', () => {
  const bytes = Buffer.from('password: open-sesame\n');

  it('keeps a file without its secrets, beside the digest of the file as it was', () => {
    const kept = keepSource({ role: 'gate', path: 'gate.yaml', bytes }, createRedactor(['open-sesame']));
    expect(Buffer.from(kept.bytes).toString()).toBe('password: [redacted]\n');
    expect(kept).toMatchObject({ sha256: sha256(bytes), kept: sha256('password: [redacted]\n') });
  });

  it('keeps a file without secrets as it is', () => {
    const kept = keepSource({ role: 'check', path: 'check.yaml', bytes }, createRedactor([]));
    expect(kept).toMatchObject({ sha256: sha256(bytes), kept: sha256(bytes) });
  });

  it('leaves the bytes out of the report', () => {
    expect(sampleReport(sampleRun(healthy)).sources).toEqual([
      { role: 'gate', path: 'gates/lamps/gate.yaml', sha256: sources[0]?.sha256, kept: sources[0]?.kept },
    ]);
  });
});
