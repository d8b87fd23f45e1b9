import { describe, expect, test } from 'vitest';
import type { MetricsFacts, Page } from '../../../src/proofs/metrics/facts.ts';
import { factsOf, goodPage, judge, now, pageOf, storedOf, target, withStored } from './healthy.ts';

const good = factsOf();
const counter = 'forecasts_generated_total';
const histogram = 'http_request_duration_ms';

/** What speaks against the grade `scraped`, and of which subjects. */
function scrapedOf(facts: MetricsFacts, change: object = {}) {
  const { state, against } = judge(facts, 'scraped', change);
  return { state, against, subjects: [...new Set(against.map(({ subject }) => subject))] };
}

test('fresh samples of every part, at the interval, with their labels, are proven', () => {
  const { state, reasons } = judge(good);
  expect(state).toBe('proven');
  expect(reasons.filter(({ grade }) => grade === 'scraped').map(({ says }) => says)).toEqual([
    '2 series with the label tier; newest raw sample 4.0 s old (at most 45s), one every 15.0 s',
    '1 series with the label method; newest raw sample 4.0 s old (at most 45s), one every 15.0 s',
    '1 series; newest raw sample 4.0 s old (at most 45s), one every 15.0 s',
    '1 series; newest raw sample 4.0 s old (at most 45s), one every 15.0 s',
  ]);
});

describe('a metric without any sample of late is refuted', () => {
  const absent = (change: object, page = goodPage): MetricsFacts => ({
    ...withStored(good, counter, () => ({ series: [], current: 0, ...change })),
    pages: [pageOf(page)],
  });
  const none = `Prometheus has no sample of ${counter} for the job "accubooks" in the last 1m15s`;
  const withoutIt = goodPage.replaceAll(/.*forecasts_generated_total.*\n/g, '');

  test.each<[string, MetricsFacts, string, RegExp]>([
    ['though it is on the page', absent({}), `${none}, though it is on the app's own page`, /metric_relabel_configs/],
    [
      'since some minutes',
      absent({ lastMs: now - 420_000 }),
      `${none}; the last one is 7m old, from ${new Date(now - 420_000).toISOString()}`,
      /no longer/,
    ],
    [
      'but another job has it',
      absent({ otherJobs: ['books', 'node'] }),
      `${none}, nor in the last 1h, but has it for the job "books", "node"`,
      /correct "job"/,
    ],
    [
      'as nothing was counted yet',
      absent({}, goodPage.replaceAll(/forecasts_generated_total\{.*\n/g, '')),
      `${none}: the app announces it, but has not counted anything with it yet`,
      /begin with 0/,
    ],
    ['and is on no page', absent({}, withoutIt), `${none}, nor in the last 1h`, /see whether the app exports it/],
  ])('%s', (_, facts, says, hint) => {
    const { state, against, subjects } = scrapedOf(facts);
    expect(subjects).toEqual([counter]);
    expect(state).toBe('disproven');
    const finding = against.find(({ grade }) => grade === 'scraped');
    expect(finding).toMatchObject({ holds: 'no', says });
    expect(finding?.hint).toMatch(hint);
  });

  test('and one with a similar name is suggested', () => {
    const page = goodPage.replaceAll(counter, 'forecasts_generated');
    const { against } = scrapedOf(factsOf(page));
    expect(against.find(({ grade }) => grade === 'scraped')?.hint).toBe(
      'it has "forecasts_generated" for that job: did you mean that one?',
    );
    const seconds = scrapedOf(factsOf(goodPage.replaceAll(histogram, 'http_request_duration_seconds')));
    expect(seconds.against.find(({ grade }) => grade === 'scraped')?.hint).toContain('"http_request_duration_seconds"');
  });
});

describe('samples are refuted when', () => {
  test('the newest raw one is too old', () => {
    const stale = factsOf(goodPage, {}, storedOf(goodPage, { times: [90_000, 75_000, 60_000] }));
    const { state, against } = scrapedOf(stale);
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe(`the newest raw sample of ${counter} from a:3000 is 1m old; at most 45s is allowed`);
    expect(scrapedOf(stale, { maxAge: '2m' }).state).toBe('proven');
  });

  test('the newest one of one target is too old', () => {
    const second = { ...target, labels: { job: 'accubooks', instance: 'b:3000' }, scrapeUrl: 'http://b:3000/metrics' };
    const stored = storedOf(goodPage).map((fresh, index) => {
      const old = storedOf(goodPage, { labels: second.labels, times: [90_000, 75_000, 60_000] })[index];
      return { ...fresh, series: [...fresh.series, ...(old?.series ?? [])] };
    });
    const facts = factsOf(
      goodPage,
      { targets: [target, second], pages: [pageOf(goodPage), pageOf(goodPage, { url: second.scrapeUrl })] },
      stored,
    );
    const { state, against } = scrapedOf(facts);
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe(`the newest raw sample of ${counter} from b:3000 is 1m old; at most 45s is allowed`);
    const absent = scrapedOf({ ...facts, scraped: good.scraped });
    expect(absent.against[0]?.says).toBe(`Prometheus has no sample of ${counter} from b:3000, though it is on that target's page`);
  });

  test('the latest scrape did not bring it, though the one before is fresh', () => {
    const dropped = withStored(good, counter, ({ series }) => ({
      series: series.map((each) => ({ ...each, samples: each.samples.slice(0, -1) })),
    }));
    const { state, against, subjects } = scrapedOf(dropped);
    expect({ state, subjects }).toEqual({ state: 'disproven', subjects: [counter] });
    expect(against[0]?.says).toBe(
      `the latest scrape of a:3000 brought no sample of ${counter}; the one before it that did was 15.0 s earlier`,
    );
    const times = { ...good, pages: good.pages.map((page) => withTimes(page)) };
    expect(scrapedOf({ ...times, scraped: dropped.scraped }).state).toBe('proven');
  });

  test('their series have ended, though the last samples are fresh', () => {
    const { state, against, subjects } = scrapedOf(withStored(good, counter, () => ({ current: 0 })));
    expect({ state, subjects }).toEqual({ state: 'disproven', subjects: [counter] });
    expect(against[0]?.says).toContain('has marked every series of forecasts_generated_total as ended');
  });

  test('all newest values are NaN', () => {
    const page = goodPage.replace('forecast_queue_depth 3', 'forecast_queue_depth NaN');
    const { state, against, subjects } = scrapedOf(factsOf(page));
    expect({ state, subjects }).toEqual({ state: 'disproven', subjects: ['forecast_queue_depth'] });
    expect(against[0]?.says).toBe('every newest value of forecast_queue_depth is NaN (1 series)');
    expect(scrapedOf(factsOf(goodPage.replace('{tier="PRO"} 7', '{tier="PRO"} NaN'))).state).toBe('proven');
  });

  test('they come more seldom than the scrapes', () => {
    const { state, against } = scrapedOf(factsOf(goodPage, {}, storedOf(goodPage, { times: [64_000, 34_000, 4_000] })));
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe(`${counter} arrives every 30.0 s (gaps of 30.0 s, 30.0 s), though it is scraped every 15s`);
  });

  test.each<[string, string, string, string]>([
    ['_bucket', histogram, `Prometheus has no ${histogram}_bucket`, '_bucket'],
    ['_sum', histogram, `Prometheus has no ${histogram}_sum`, '_sum'],
    ['_count', 'job_seconds', 'Prometheus has no job_seconds_count', '_count'],
  ])('the part %s of %s was dropped on the way', (_, name, says, part) => {
    const dropped = withStored(good, name, ({ series }) => ({
      series: series.filter(({ labels }) => labels['__name__'] !== `${name}${part}`),
    }));
    const { state, against, subjects } = scrapedOf(dropped);
    expect({ state, subjects }).toEqual({ state: 'disproven', subjects: [name] });
    expect(against[0]).toMatchObject({ says, hint: expect.stringContaining('metric_relabel_configs') as string });
  });

  test('a bucket was dropped on the way', () => {
    const dropped = withStored(good, histogram, ({ series }) => ({ series: series.filter(({ labels }) => labels['le'] !== '50') }));
    expect(scrapedOf(dropped).against[0]?.says).toBe(
      `in Prometheus ${histogram} has the buckets 10, +Inf; required 10, 50, +Inf (50 missing)`,
    );
  });

  test('bounds are compared as numbers: Prometheus 3 writes 10.0 for 10', () => {
    const written = withStored(good, histogram, ({ series }) => ({
      series: series.map((each) => (each.labels['le'] === '10' ? { ...each, labels: { ...each.labels, le: '10.0' } } : each)),
    }));
    expect(scrapedOf(written).state).toBe('proven');
  });

  test('a label was dropped or renamed on the way', () => {
    const without = (label: string | undefined) =>
      withStored(good, counter, ({ series }) => ({
        series: series.map(({ labels: { tier = '', ...labels }, samples }) => ({
          labels: label === undefined ? labels : { ...labels, [label]: tier },
          samples,
        })),
      }));
    expect(scrapedOf(without(undefined)).against[0]).toMatchObject({
      says: `in Prometheus the label tier is missing on 2 of 2 series of ${counter}`,
      hint: expect.stringContaining('labeldrop') as string,
    });
    expect(scrapedOf(without('exported_tier')).against[0]).toMatchObject({
      says: `in Prometheus what the app says with the label tier of ${counter} stands in exported_tier, on 2 of 2 series`,
      hint: expect.stringContaining('honor_labels') as string,
    });
  });

  test('the target has put its own value where the app puts another', () => {
    const overlaid = withStored(good, counter, ({ series }) => ({
      series: series.map(({ labels: { tier = '', ...labels }, samples }) => ({
        labels: { ...labels, tier: 'gold', exported_tier: tier },
        samples,
      })),
    }));
    expect(scrapedOf(overlaid)).toMatchObject({
      state: 'disproven',
      against: [{ says: expect.stringContaining('stands in exported_tier') as string }],
    });
  });
});

test('series that ended before the last scrape say nothing of how the metric is now', () => {
  const before = goodPage.replaceAll('tier=', 'plan=').replaceAll('le="50"', 'le="75"');
  const ended = storedOf(before, { times: [64_000, 49_000, 34_000] });
  const stored = storedOf(goodPage).map((fresh, index) => ({ ...fresh, series: [...(ended[index]?.series ?? []), ...fresh.series] }));
  expect(scrapedOf(factsOf(goodPage, {}, stored)).state).toBe('proven');
});

test('one long gap may be a restart: unknown after it, proven when the next sample comes in time', () => {
  expect(scrapedOf(factsOf(goodPage, {}, storedOf(goodPage, { times: [34_000, 4_000] })))).toMatchObject({
    state: 'inconclusive',
    against: expect.arrayContaining([
      expect.objectContaining({ says: expect.stringContaining('has only 2 samples of') as string }),
    ]) as unknown,
  });
  expect(scrapedOf(factsOf(goodPage, {}, storedOf(goodPage, { times: [49_000, 19_000, 4_000] }))).state).toBe('proven');
});

test('a single sample is unknown: its interval cannot be told yet', () => {
  const { state, against } = scrapedOf(factsOf(goodPage, {}, storedOf(goodPage, { times: [4_000] })));
  expect(state).toBe('inconclusive');
  expect(against[0]).toMatchObject({
    holds: 'unknown',
    says: expect.stringContaining('has only 1 sample of forecasts_generated_total so far') as string,
  });
});

test('a metric of which nothing was recorded is unknown', () => {
  const { scraped } = good;
  if (scraped === undefined) throw new Error('nothing was scraped');
  const { state, subjects } = scrapedOf({ ...good, scraped: { ...scraped, metrics: scraped.metrics.slice(1) } });
  expect({ state, subjects }).toEqual({ state: 'inconclusive', subjects: [counter] });
});

test('a page that cannot be reached from here leaves all samples together to be fresh', () => {
  const unreachable = {
    url: 'http://app.internal/metrics',
    failure: 'ENOTFOUND',
    families: [],
    names: [],
    malformed: [],
    malformedLines: 0,
  };
  expect(scrapedOf({ ...good, pages: [unreachable] }).against.map(({ grade }) => grade)).toEqual([
    'exported',
    'exported',
    'exported',
    'exported',
  ]);
  const stale = factsOf(goodPage, { pages: [unreachable] }, storedOf(goodPage, { times: [90_000, 75_000, 60_000] }));
  expect(scrapedOf(stale).against.find(({ grade }) => grade === 'scraped')?.says).toBe(
    `the newest raw sample of ${counter} is 1m old; at most 45s is allowed`,
  );
});

test('ages are counted on the clock of Prometheus, and a difference to ours is told', () => {
  const { scraped } = good;
  if (scraped === undefined) throw new Error('nothing was scraped');
  const { state, reasons } = judge({ ...good, scraped: { ...scraped, clocks: { oursMs: now - 120_000, prometheusMs: now } } });
  expect(state).toBe('proven');
  expect(reasons.find(({ grade }) => grade === 'scraped')?.says).toContain('the clock of Prometheus is 2m ahead of ours');
});

test('when only the pages were looked at, nothing is said of Prometheus', () => {
  const { scraped: _, ...pages } = good;
  expect(judge(pages, 'exported').state).toBe('proven');
  expect(judge(pages, 'scraped').state).toBe('inconclusive');
});

/** The page, stating the time of each of its samples. */
function withTimes(page: Page): Page {
  const stated = (family: Page['families'][number]) => ({
    ...family,
    samples: family.samples.map((sample) => ({ ...sample, timestampMs: 1 })),
  });
  return { ...page, families: page.families.map(stated) };
}
