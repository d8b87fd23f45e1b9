import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../../src/gate/verdict.ts';
import retention from '../../../src/proofs/retention.ts';
import { retentionFacts, type RetentionFacts } from '../../../src/proofs/retention/facts.ts';
import { judgeRetention } from '../../../src/proofs/retention/judge.ts';
import { retentionRequirement } from '../../../src/proofs/retention/requirement.ts';
import { parseRetentionPeriod } from '../../../src/proofs/retention/victoria-metrics.ts';

const now = 1_795_225_376_000;
const day = 86_400_000;
const gib = 2 ** 30;

function factsOf(period: string, change: Partial<RetentionFacts> = {}): RetentionFacts {
  return retentionFacts.parse({
    version: '',
    retention: period,
    flags: { retentionPeriod: period },
    clocks: { oursMs: now, prometheusMs: now },
    victoriaMetrics: { dataBytes: 800_000, samples: 1_000_000, freeBytes: 10 * gib, readOnlyBelowBytes: 10_000_000 },
    // 100 samples a second.
    ingestion: { samplesBefore: 1_000, samplesAfter: 4_000, betweenMs: 30_000, scrapedPerSecond: 95 },
    ...change,
  });
}

function judge(facts: RetentionFacts, required: object = {}) {
  const findings = judgeRetention(retentionRequirement.parse({ atLeast: '30d', ...required }), facts);
  const { state, grade } = verdictOf(retention.ladder, 'sufficient', findings, 'retention');
  return { state, grade, says: findings.map(({ says }) => says), hints: findings.map(({ hint }) => hint) };
}

describe('the period of a VictoriaMetrics', () => {
  test.each([
    ['1', 31 * day],
    ['1.5', 46.5 * day],
    ['1M', 31 * day],
    ['30d', 30 * day],
    ['30D', 30 * day],
    ['1w3d', 10 * day],
    ['1.5y', 547.5 * day],
    ['100h', 100 * 3_600_000],
  ])('%s is read', (text, ms) => {
    expect(parseRetentionPeriod(text)).toBe(ms);
  });

  test.each(['', 'x', '30 d', '-1', '1d,2d', '30dd', 'd', '1e3'])('%j is not', (text) => {
    expect(parseRetentionPeriod(text)).toBeUndefined();
  });

  test('that is long enough is proven, with the disk that is there', () => {
    const { state, grade, says } = judge(factsOf('1'));
    expect({ state, grade }).toEqual({ state: 'proven', grade: 'sufficient' });
    expect(says).toEqual([
      'VictoriaMetrics keeps samples for 31d, as -retentionPeriod=1 says (1 month of 31 days); 30d required',
      // 2,592,000 s × 100 samples/s × 0.8 bytes × 1.2
      'no size limit cuts the 30d short, and 10.0 GiB of disk are there for it: 30d × 100 samples/s × 0.80 bytes (measured on its data) × 1.2 for the index and merging = 237.3 MiB; that 30d of samples are really there cannot be proven before they have passed',
    ]);
  });

  test('that is too short is refused, with the flag to set', () => {
    const { state, says, hints } = judge(factsOf('4w'));
    expect(state).toBe('disproven');
    expect(says).toEqual(['VictoriaMetrics keeps samples for 28d, as -retentionPeriod=4w says; 30d required']);
    expect(hints).toEqual(['start VictoriaMetrics with -retentionPeriod=30d']);
  });

  test.each([
    ['', 'VictoriaMetrics does not show its flag -retentionPeriod'],
    ['for ever', 'VictoriaMetrics shows -retentionPeriod=for ever, which we cannot read'],
  ])('%j is unknown', (period, words) => {
    const { state, says } = judge(factsOf(period));
    expect(state).toBe('inconclusive');
    expect(says[0]).toContain(words);
  });

  test.each(['retentionFilter', 'downsampling.period'])('is unknown for all series where -%s keeps some for less', (flag) => {
    const { state, says } = judge(factsOf('30d', { flags: { retentionPeriod: '30d', [flag]: '{env="dev"}:3d' } }));
    expect(state).toBe('inconclusive');
    expect(says[0]).toContain(`-${flag}={env="dev"}:3d keeps some samples for less`);
  });
});

describe('the disk of a VictoriaMetrics', () => {
  const disk = (freeBytes: number) => ({ victoriaMetrics: { dataBytes: 0, samples: 0, freeBytes, readOnlyBelowBytes: 10_000_000 } });

  test('that is too small is refused, with how long it lasts', () => {
    const { state, says } = judge(factsOf('30d', disk(100_000_000)));
    expect(state).toBe('disproven');
    // 90,000,000 bytes ÷ (100 × 1 × 1.2) = 750,000 s
    expect(says[1]).toMatch(
      /^85\.8 MiB of disk are there for it, which last for about 8d16h: 30d × 100 samples\/s × 1\.00 bytes \(as documented\)/,
    );
    expect(says[1]).toContain('takes no more samples');
  });

  test('counts with the bytes that the gate states', () => {
    expect(judge(factsOf('30d', disk(500_000_000))).state).toBe('proven');
    const stated = judge(factsOf('30d', disk(500_000_000)), { bytesPerSample: 4 });
    expect(stated.state).toBe('disproven');
    expect(stated.says[1]).toContain('4.00 bytes (as the gate says)');
  });

  test('is unknown when it is not shown, or the rate is not known', () => {
    expect(judge(factsOf('30d', { victoriaMetrics: {} }))).toMatchObject({ state: 'inconclusive', grade: 'configured' });
    const { ingestion: _, ...unmeasured } = factsOf('30d');
    expect(judge(unmeasured)).toMatchObject({ state: 'inconclusive', grade: 'configured' });
  });
});
