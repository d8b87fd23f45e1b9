import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/gate/verdict.ts';
import scrape from '../../src/proofs/scrape.ts';
import { scrapeFacts, type ScrapeFacts } from '../../src/proofs/scrape/facts.ts';
import { judgeScrape } from '../../src/proofs/scrape/judge.ts';
import { scrapeRequirement } from '../../src/proofs/scrape/requirement.ts';

const now = 1_795_225_376_000;

interface Seen {
  readonly gapsMs?: readonly number[];
  readonly ageMs?: number;
  readonly up?: readonly number[];
  readonly samples?: number;
}

/** A target as it is when all is well, but for what is said. */
function target(instance: string, change: Partial<ScrapeFacts['targets'][number]> = {}): ScrapeFacts['targets'][number] {
  return {
    labels: { job: 'accubooks', instance },
    scrapePool: 'accubooks',
    scrapeUrl: `http://${instance}/api/metrics`,
    health: 'up',
    lastError: '',
    lastScrape: new Date(now - 4_000).toISOString(),
    scrapeIntervalMs: 15_000,
    ...change,
  };
}

function historyOf(instance: string, { gapsMs = [15_000, 15_002, 14_998, 15_000], ageMs = 4_000, up = [], samples = 120 }: Seen = {}) {
  const labels = { job: 'accubooks', instance };
  const times = gapsMs.reduceRight<number[]>((later, gap) => [(later[0] ?? 0) - gap, ...later], [now - ageMs]);
  return {
    up: { labels: { __name__: 'up', ...labels }, samples: times.map((time, index): [number, number] => [time, up[index] ?? 1]) },
    samplesScraped: {
      labels: { __name__: 'scrape_samples_scraped', ...labels },
      samples: times.map((time): [number, number] => [time, samples]),
    },
  };
}

function factsOf(targets: ScrapeFacts['targets'], seen: readonly Seen[] = [], change: Partial<ScrapeFacts> = {}): ScrapeFacts {
  const histories = targets.map(({ labels }, index) => historyOf(labels['instance'] ?? '', seen[index]));
  return scrapeFacts.parse({
    clocks: { oursMs: now, prometheusMs: now },
    targets,
    pools: [
      { scrapePool: 'accubooks', job: 'accubooks' },
      { scrapePool: 'node', job: 'node' },
    ],
    history: {
      windowMs: 75_000,
      waitedMs: 0,
      up: histories.map(({ up }) => up),
      samplesScraped: histories.map(({ samplesScraped }) => samplesScraped),
    },
    ...change,
  });
}

function judge(facts: ScrapeFacts, required: object = {}) {
  const requirement = scrapeRequirement.parse({ job: 'accubooks', interval: '15s', ...required });
  const findings = judgeScrape(requirement, facts);
  const { state, grade } = verdictOf(scrape.ladder, 'on-time', findings, 'scrape');
  return { state, grade, findings, against: findings.filter(({ holds }) => holds !== 'yes') };
}

const healthy = factsOf([target('a:3000')]);

test('a job that is up and scraped on time is proven, with the figures', () => {
  const { state, grade, findings } = judge(healthy);
  expect({ state, grade }).toEqual({ state: 'proven', grade: 'on-time' });
  expect(findings.map(({ grade: rung, says }) => [rung, says])).toEqual([
    ['configured', '1 target (a:3000) configured to be scraped every 15s'],
    ['up', '1 target up now and in each of 5 scrapes of the last 1m15s'],
    ['on-time', 'the samples came every 15s as required: a:3000 middle gap 15.0 s of 15.0 s, 15.0 s, 15.0 s, newest 4.0 s old'],
  ]);
});

test('two targets are proven together and refuted by either', () => {
  const both = factsOf([target('a:3000'), target('b:3000')]);
  expect(judge(both, { targets: 2 }).state).toBe('proven');
  const one = factsOf([target('a:3000'), target('b:3000', { health: 'down', lastError: 'context deadline exceeded' })]);
  expect(judge(one).state).toBe('disproven');
});

describe('configured is refuted when', () => {
  test('there is no target at all', () => {
    const { state, findings } = judge(factsOf([], [], { pools: [], history: undefined }));
    expect(state).toBe('disproven');
    expect(findings[0]).toMatchObject({
      says: 'Prometheus has no target at all',
      hint: expect.stringContaining('scrape_configs') as string,
    });
  });

  test('the job is spelt differently', () => {
    const { state, findings } = judge(
      factsOf([], [], {
        pools: [
          { scrapePool: 'acubooks', job: 'acubooks' },
          { scrapePool: 'node', job: 'node' },
        ],
        history: undefined,
      }),
    );
    expect(state).toBe('disproven');
    expect(findings[0]).toMatchObject({
      says: 'Prometheus has no target with the job "accubooks"; its jobs are "acubooks", "node"',
      hint: expect.stringContaining('did you mean "acubooks"?') as string,
    });
  });

  test('the job is missing', () => {
    const { findings } = judge(factsOf([], [], { pools: [{ scrapePool: 'node', job: 'node' }], history: undefined }));
    expect(findings[0]?.hint).toMatch(/^add it to scrape_configs/);
  });

  test('relabelling has taken the job label away', () => {
    const { state, findings } = judge(factsOf([], [], { pools: [{ scrapePool: 'accubooks', job: 'books' }], history: undefined }));
    expect(state).toBe('disproven');
    expect(findings[0]?.says).toBe('the scrape configuration "accubooks" exists, but relabelling gives its targets the job label "books"');
  });

  test('the interval is another one', () => {
    const { state, against } = judge(factsOf([target('a:3000', { scrapeIntervalMs: 60_000 })], [{ gapsMs: [60_000, 60_000, 60_000] }]));
    expect(state).toBe('disproven');
    expect(against.map(({ grade, says }) => [grade, says])).toEqual([
      ['configured', 'a:3000 is configured to be scraped every 1m; 15s is required'],
      ['on-time', 'a:3000 was scraped every 1m (middle gap 1m of 1m, 1m, 1m); 15s ± 20% is required'],
    ]);
  });

  test('there are fewer targets than required', () => {
    const { state, against } = judge(healthy, { targets: 2 });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe('Prometheus has 1 target for this job (a:3000); 2 required');
  });

  test('an instance is missing', () => {
    expect(judge(healthy, { targets: ['a:*'] }).state).toBe('proven');
    const { state, against } = judge(healthy, { targets: ['a:*', 'b.example:*'] });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe('no target of this job has the instance "b.example:*"; there are a:3000');
  });
});

test('an interval that an old Prometheus does not tell is unknown', () => {
  const { scrapeIntervalMs: _, ...old } = target('a:3000');
  expect(judge(factsOf([old]))).toMatchObject({
    state: 'inconclusive',
    against: [{ grade: 'configured', holds: 'unknown', hint: expect.stringContaining('2.24') as string }],
  });
});

describe('up is refuted when', () => {
  test('a target is down, in the words of Prometheus', () => {
    const lastError = 'Get "http://a:3000/api/metrics": dial tcp: connect: connection refused';
    const { state, against } = judge(factsOf([target('a:3000', { health: 'down', lastError })], [{ up: [1, 0, 0, 0, 0], samples: 0 }]));
    expect(state).toBe('disproven');
    expect(against[0]).toMatchObject({
      grade: 'up',
      says: `a:3000 is down: ${lastError}`,
      hint: expect.stringContaining('http://a:3000/api/metrics') as string,
    });
  });

  test.each([
    ['localhost', 'connection refused', true],
    ['127.0.0.1', 'connection refused', true],
    ['localhost', 'context deadline exceeded', false],
    ['a', 'connection refused', false],
  ])('a target at %s is down (%s), and that it may be a container is said where it may be so', (host, lastError, isSaid) => {
    const down = target(`${host}:3000`, { health: 'down', lastError, scrapeUrl: `http://${host}:3000/metrics` });
    const { against } = judge(factsOf([down], [{ up: [0, 0, 0, 0, 0], samples: 0 }]));
    expect(against[0]?.hint?.includes(`${host} is the container itself`)).toBe(isSaid);
    expect(against.map(({ says }) => says)).not.toContainEqual(expect.stringContaining('answers, but'));
  });

  test('a target is down and nobody says why', () => {
    expect(judge(factsOf([target('a:3000', { health: 'down' })])).against[0]?.says).toBe('a:3000 is down: Prometheus gives no reason');
  });

  test('a target was down for a while', () => {
    const { state, against } = judge(factsOf([target('a:3000')], [{ up: [1, 0, 1, 1, 1] }]));
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe('a:3000 is up now, but was down in 1 of 5 scrapes of the last 1m15s');
  });

  test('the last scrape is long past', () => {
    const { state, against } = judge(factsOf([target('a:3000', { lastScrape: new Date(now - 120_000).toISOString() })]));
    expect(state).toBe('disproven');
    expect(against[0]?.says).toMatch(/^the last scrape of a:3000 was 2m ago/);
  });

  test('Prometheus stores no sample of it', () => {
    const { state, against } = judge({ ...healthy, history: { windowMs: 75_000, waitedMs: 77_000, up: [], samplesScraped: [] } });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe('Prometheus holds no sample of up for a:3000 in the last 1m15s');
  });
});

test('a target that was never scraped is unknown', () => {
  const { state, against } = judge(factsOf([target('a:3000', { health: 'unknown' })]));
  expect(state).toBe('inconclusive');
  expect(against[0]).toMatchObject({ grade: 'up', holds: 'unknown', says: 'Prometheus has not scraped a:3000 yet' });
});

describe('on-time is refuted when', () => {
  test.each<[string, Seen, string]>([
    [
      'the gaps are longer than configured',
      { gapsMs: [30_000, 30_000, 30_000] },
      'a:3000 was scraped every 30.0 s (middle gap 30.0 s of 30.0 s, 30.0 s, 30.0 s); 15s ± 20% is required',
    ],
    [
      'the gaps are shorter than required',
      { gapsMs: [5_000, 5_000, 5_000] },
      'a:3000 was scraped every 5.0 s (middle gap 5.0 s of 5.0 s, 5.0 s, 5.0 s); 15s ± 20% is required',
    ],
    [
      'one scrape is missing',
      { gapsMs: [15_000, 30_000, 15_000] },
      '1 scrape of a:3000 missing: gaps of 15.0 s, 30.0 s, 15.0 s where 15s is required',
    ],
    [
      'three scrapes are missing',
      { gapsMs: [15_000, 60_000, 15_000] },
      '3 scrapes of a:3000 missing: gaps of 15.0 s, 1m, 15.0 s where 15s is required',
    ],
    [
      'there are too few gaps',
      { gapsMs: [15_000] },
      'only 1 of 3 gaps could be measured on a:3000 within 1m15s (middle gap 15.0 s of 15.0 s)',
    ],
    [
      'there is one sample',
      { gapsMs: [] },
      'a:3000 has only 1 sample in the last 1m15s, so no gap could be measured; one every 15s is required',
    ],
    ['the newest sample is old', { ageMs: 40_000 }, 'the newest sample of a:3000 is 40.0 s old; with an interval of 15s it may be 30.0 s'],
    ['the page is empty', { samples: 0 }, 'a:3000 answers, but its last scrape brought 0 samples'],
  ])('%s', (_, seen, says) => {
    const { state, against } = judge(factsOf([target('a:3000')], [seen]));
    expect(state).toBe('disproven');
    expect(against).toMatchObject([{ grade: 'on-time', holds: 'no', says, hint: expect.any(String) as string }]);
  });
});

test('how many samples a scrape brought is unknown when Prometheus does not say', () => {
  const without = { ...healthy, history: { windowMs: 75_000, waitedMs: 0, up: healthy.history?.up ?? [], samplesScraped: [] } };
  expect(judge(without)).toMatchObject({ state: 'inconclusive', against: [{ grade: 'on-time', holds: 'unknown' }] });
});

test('ages are counted on the clock of Prometheus, and a difference to ours is told', () => {
  const { state, findings } = judge({ ...healthy, clocks: { oursMs: now - 300_000, prometheusMs: now } });
  expect(state).toBe('proven');
  expect(findings.at(-1)?.says).toContain('the clock of Prometheus is 5m ahead of ours; ages are counted on its clock');
});

test('when only the configuration was looked at, nothing is said of the rest', () => {
  const { history: _, ...configuration } = healthy;
  expect(judge(configuration)).toMatchObject({ state: 'inconclusive', grade: 'configured' });
});

test('scrapes that are a little early or late are on time; a missing or a different one never is', () => {
  const stateOf = (gapsMs: readonly number[]) => judge(factsOf([target('a:3000')], [{ gapsMs }])).state;
  const jitter = fc.array(fc.integer({ min: 12_100, max: 17_900 }), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(jitter, (gapsMs) => {
      expect(stateOf(gapsMs)).toBe('proven');
    }),
  );
  const missing = fc.tuple(jitter, fc.integer({ min: 22_500, max: 500_000 }), fc.nat(2));
  fc.assert(
    fc.property(missing, ([gapsMs, gap, fromTheEnd]) => {
      expect(stateOf(gapsMs.with(gapsMs.length - 1 - fromTheEnd, gap))).toBe('disproven');
    }),
  );
});

test.each([
  [{ interval: '15s' }, 'job'],
  [{ job: 'a', interval: 15 }, 'interval'],
  [{ job: 'a', interval: '15s', targets: 0 }, 'targets'],
  [{ job: 'a', interval: '15s', over: 0 }, 'over'],
  [{ job: 'a', interval: '15s', tolerance: 20 }, 'tolerance'],
  [{ job: 'a', interval: '15s', jobs: 'b' }, undefined],
])('the requirement %j is refused', (given, key) => {
  const parsed = scrapeRequirement.safeParse(given);
  expect(parsed.error?.issues[0]?.path[0]).toBe(key);
  expect(parsed.success).toBe(false);
});
