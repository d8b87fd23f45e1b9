import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/gate/verdict.ts';
import retention from '../../src/proofs/retention.ts';
import { retentionFacts, type RetentionFacts } from '../../src/proofs/retention/facts.ts';
import { judgeRetention } from '../../src/proofs/retention/judge.ts';
import { retentionRequirement } from '../../src/proofs/retention/requirement.ts';

const now = 1_795_225_376_000;
const day = 86_400_000;

/** The flags of Prometheus 2.42 as it starts by default. */
const defaultFlags = (
  JSON.parse(readFileSync(new URL('../stack/prometheus/answers-2.42/flags.json', import.meta.url), 'utf8')) as {
    data: Record<string, string>;
  }
).data;

function factsOf(change: Partial<RetentionFacts> = {}, flags: Record<string, string> = {}): RetentionFacts {
  return retentionFacts.parse({
    version: '2.42.0',
    retention: '30d',
    flags: { ...defaultFlags, 'storage.tsdb.retention.time': '30d', 'storage.tsdb.max-block-duration': '3d', ...flags },
    clocks: { oursMs: now, prometheusMs: now },
    ownMetrics: { limitBytes: 0, chunkBytes: 0, chunkSamples: 0, oldestMs: now - 3_600_000 },
    // 100 samples a second.
    ingestion: { samplesBefore: 1_000, samplesAfter: 4_000, betweenMs: 30_000, scrapedPerSecond: 95 },
    ...change,
  });
}

function judge(facts: RetentionFacts, required: object = {}) {
  const findings = judgeRetention(retentionRequirement.parse({ atLeast: '30d', ...required }), facts);
  const { state, grade } = verdictOf(retention.ladder, 'sufficient', findings, 'retention');
  return { state, grade, findings, against: findings.filter(({ holds }) => holds !== 'yes') };
}

const capped = { 'storage.tsdb.retention.size': '512MiB' };

test('a time limit of 30 days is proven, with the disk that it takes and what cannot be known', () => {
  const { state, grade, findings } = judge(factsOf());
  expect({ state, grade }).toEqual({ state: 'proven', grade: 'sufficient' });
  expect(findings.map(({ says }) => says)).toEqual([
    'Prometheus keeps samples for 30d, as --storage.tsdb.retention.time says (it prints "30d"); 30d required',
    "no size limit cuts the 30d short; it will take about 593.3 MiB of disk (100 samples/s × 2.00 bytes (the upper figure of Prometheus' documentation, as nothing is compacted yet) × 1.2), and whether the disk has them cannot be seen from outside; that 30d of samples are really there cannot be proven before they have passed; the oldest one is 1h old",
  ]);
});

test('the default of 15 days is refused, and called the default', () => {
  const { state, against } = judge(factsOf({ retention: '15d', flags: defaultFlags }));
  expect(state).toBe('disproven');
  expect(against).toEqual([
    {
      subject: 'retention',
      grade: 'configured',
      holds: 'no',
      says: 'Prometheus keeps samples for 15d, the default when neither a time nor a size is set (it prints "15d"); 30d required',
      hint: 'start Prometheus with --storage.tsdb.retention.time=30d, or with storage.tsdb.retention.time in its configuration where that version takes it',
    },
  ]);
});

test('the deprecated flag is named as what sets the limit', () => {
  const flags = { ...defaultFlags, 'storage.tsdb.retention': '20d' };
  expect(judge(factsOf({ retention: '20d', flags })).against[0]?.says).toContain(
    'for 20d, as the deprecated flag --storage.tsdb.retention says',
  );
});

test.each([
  ['1y', 'proven'],
  ['4w2d', 'proven'],
  ['29d23h', 'disproven'],
])('a limit of %s is %s', (text, state) => {
  expect(judge(factsOf({ retention: text })).state).toBe(state);
});

describe('a size limit', () => {
  test('that holds the time at the measured rate is proven, with the sum', () => {
    const { state, findings } = judge(factsOf({ retention: '30d or 1GiB' }, { 'storage.tsdb.retention.size': '1GiB' }));
    expect(state).toBe('proven');
    // 33 days × 86,400 s × 100 samples/s × 2 bytes × 1.2 = 684,288,000 bytes
    expect(findings[1]?.says).toContain(
      "the size limit of 1 GiB is enough: (30d + 3d for the oldest block, which is deleted whole) × 100 samples/s × 2.00 bytes (the upper figure of Prometheus' documentation, as nothing is compacted yet) × 1.2 for index and write-ahead log = 652.6 MiB; that 30d of samples are really there cannot be proven",
    );
  });

  test('that undercuts the time limit is refused, with the time it holds and the size it needs', () => {
    const { state, against } = judge(factsOf({ retention: '30d or 512MiB' }, capped));
    expect(state).toBe('disproven');
    expect(against).toHaveLength(1);
    expect(against[0]).toMatchObject({
      grade: 'sufficient',
      holds: 'no',
      hint: 'raise --storage.tsdb.retention.size to at least 1GB, or ingest less',
    });
    // 536,870,912 bytes ÷ (100 × 2 × 1.2) = 2,236,962 s = 25.89 days, less a block of 3 days
    expect(against[0]?.says).toMatch(/^the size limit of 512 MiB is reached after about 22d21h, before the required 30d: .* = 652\.6 MiB$/);
  });

  test('is held against the larger of the stored and the scraped rate', () => {
    const ingestion = { samplesBefore: 1_000, samplesAfter: 1_300, betweenMs: 30_000, scrapedPerSecond: 100 };
    expect(judge(factsOf({ retention: '30d or 512MiB', ingestion }, capped)).state).toBe('disproven');
    expect(judge(factsOf({ retention: '30d or 512MiB', ingestion: { ...ingestion, scrapedPerSecond: 10 } }, capped)).state).toBe('proven');
  });

  test('counts on the bytes that Prometheus measured on its chunks, or that the gate states', () => {
    const measured = { limitBytes: 536_870_912, chunkBytes: 1_000_000, chunkSamples: 800_000 };
    const facts = factsOf({ retention: '30d or 512MiB', ownMetrics: measured }, capped);
    expect(judge(facts)).toMatchObject({ state: 'proven' });
    expect(judge(facts).findings[1]?.says).toContain('× 1.25 bytes (measured by Prometheus on its chunks) ×');
    const stated = judge(facts, { bytesPerSample: 3 });
    expect(stated.state).toBe('disproven');
    expect(stated.against[0]?.says).toContain('× 3.00 bytes (as the gate says) ×');
  });

  test('without a time limit deletes nothing for its age, and blocks may span 31 days', () => {
    const flags = { ...defaultFlags, ...capped, 'storage.tsdb.max-block-duration': '31d' };
    const { state, findings, against } = judge(factsOf({ retention: '512MiB', flags }));
    expect(findings[0]).toMatchObject({
      holds: 'yes',
      says: 'no time limit is set, only one of size (it prints "512MiB"), so samples are not deleted for their age; 30d required',
    });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toContain('(30d + 31d for the oldest block, which is deleted whole)');
    const { 'storage.tsdb.max-block-duration': _, ...unknown } = flags;
    expect(judge(factsOf({ retention: '512MiB', flags: unknown })).against[0]?.says).toContain('(30d + 31d for the oldest block');
  });

  test('is unknown when the rate could not be measured, or nothing comes in', () => {
    const { ingestion: _, ...unmeasured } = factsOf({ retention: '30d or 512MiB' }, capped);
    expect(judge(unmeasured)).toMatchObject({ state: 'inconclusive', against: [{ grade: 'sufficient', holds: 'unknown' }] });
    const nothing = { samplesBefore: 10, samplesAfter: 10, betweenMs: 30_000, scrapedPerSecond: 0 };
    expect(judge(factsOf({ retention: '30d or 512MiB', ingestion: nothing }, capped)).state).toBe('inconclusive');
  });

  test('is judged by the scrapes alone when Prometheus restarted between the two readings', () => {
    const ingestion = { samplesBefore: 900_000, samplesAfter: 100, betweenMs: 30_000, scrapedPerSecond: 100 };
    expect(judge(factsOf({ retention: '30d or 512MiB', ingestion }, capped)).state).toBe('disproven');
  });
});

test('a share of a disk that cannot be seen is unknown', () => {
  const { state, against } = judge(factsOf({ retention: '30d or 80%' }));
  expect(state).toBe('inconclusive');
  expect(against[0]).toMatchObject({ grade: 'sufficient', says: expect.stringContaining('80% of its disk') as string });
});

test('a retention that is not named or cannot be read is unknown', () => {
  expect(judge(factsOf({ retention: '' }))).toMatchObject({
    state: 'inconclusive',
    against: [{ grade: 'configured', says: expect.stringContaining('agent mode') as string }],
  });
  expect(judge(factsOf({ retention: 'a fortnight' }))).toMatchObject({
    state: 'inconclusive',
    against: [{ grade: 'configured', says: 'Prometheus 2.42.0 prints its retention as "a fortnight", which we cannot read' }],
  });
});

test('limits that its metrics tell count when they are the smaller ones', () => {
  const reloaded = judge(factsOf({ retention: '30d', ownMetrics: { limitSeconds: 15 * 86_400, limitBytes: 0 } }));
  expect(reloaded.state).toBe('disproven');
  expect(reloaded.against[0]?.says).toContain('for 15d, as its metric prometheus_tsdb_retention_limit_seconds says (it prints "30d")');
  expect(judge(factsOf({ ownMetrics: { limitSeconds: 30 * 86_400, limitBytes: 1_000_000 } })).state).toBe('disproven');
});

test('samples that are there already are told, and a page of metrics that cannot be read is no obstacle to a time limit', () => {
  const old = factsOf({ ownMetrics: { oldestMs: now - 42 * day } });
  expect(judge(old).findings[1]?.says).toContain('samples of 42d are there already');
  const { ownMetrics: _, ingestion: __, ...bare } = factsOf();
  const { state, findings } = judge(bare);
  expect(state).toBe('proven');
  expect(findings[1]?.says).toContain('how much disk that takes could not be measured');
});

test('an empty database tells no age of its oldest sample', () => {
  expect(judge(factsOf({ ownMetrics: { oldestMs: 9.223372036854776e18 } })).findings[1]?.says).toMatch(/before they have passed$/);
});

describe('the disk, where the gate says how it is seen,', () => {
  const diskFree = 'node_filesystem_avail_bytes';
  const disk = (freeBytes: readonly number[], storedBytes?: number) =>
    factsOf({ disk: { freeBytes: [...freeBytes], ...(storedBytes === undefined ? {} : { storedBytes }) } });

  test('is enough when it has room for all that is still to come', () => {
    const { state, findings } = judge(disk([700 * 2 ** 20]), { diskFree });
    expect(state).toBe('proven');
    expect(findings.at(-1)?.says).toBe('the disk has 700 MiB free, and until 30d are kept 652.6 MiB more will be needed');
    expect(judge(disk([200 * 2 ** 20], 500 * 2 ** 20), { diskFree }).state).toBe('proven');
  });

  test('is refused when it has not', () => {
    expect(judge(disk([500 * 2 ** 20]), { diskFree })).toMatchObject({ state: 'disproven' });
  });

  test('is unknown when the query brings nothing, or several, or the rate is not known', () => {
    expect(judge(disk([]), { diskFree }).against[0]?.says).toBe(
      'node_filesystem_avail_bytes brings no value: how much room the disk has is unknown',
    );
    expect(judge(disk([1, 2]), { diskFree }).state).toBe('inconclusive');
    expect(judge(factsOf(), { diskFree }).state).toBe('inconclusive');
    const still = { samplesBefore: 0, samplesAfter: 0, betweenMs: 30_000, scrapedPerSecond: 0 };
    expect(judge({ ...disk([700 * 2 ** 20]), ingestion: still }, { diskFree }).state).toBe('inconclusive');
  });
});
