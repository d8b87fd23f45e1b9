import { describe, expect, test } from 'vitest';
import type { MetricsFacts } from '../../../src/proofs/metrics/facts.ts';
import { factsOf, goodPage, judge, pageOf, url } from './healthy.ts';

const good = factsOf();

function withPages(...pages: MetricsFacts['pages']): MetricsFacts {
  return { ...good, pages };
}

function judgePage(text: string, change: object = {}) {
  // Prometheus' own view stays as it should be: only the page is under test.
  return judge(withPages(pageOf(text)), 'exported', change);
}

test('a page with every metric, its type, labels and buckets is proven', () => {
  const { state, reasons } = judge(good);
  expect(state).toBe('proven');
  expect(reasons.filter(({ grade }) => grade === 'exported').map(({ subject, says }) => [subject, says])).toEqual([
    ['forecasts_generated_total', `counter at ${url} with the label tier: 2 series`],
    ['http_request_duration_ms', `histogram at ${url} with the label method, buckets 10, 50 and +Inf: 1 series`],
    ['forecast_queue_depth', `gauge at ${url}: 1 series`],
    ['job_seconds', `summary at ${url}: 1 series`],
  ]);
});

describe('one metric, and no other, is refuted when', () => {
  test.each<[string, string, string, string, RegExp]>([
    [
      'it is missing',
      'forecast_queue_depth',
      'forecast_queue_depth',
      'queue_length',
      /^forecast_queue_depth is not among the 4 metrics at http:\/\/a:3000\/metrics$/,
    ],
    [
      'its type is another one',
      'forecast_queue_depth',
      'forecast_queue_depth gauge',
      'forecast_queue_depth counter',
      /is a counter at .*; gauge required$/,
    ],
    [
      'it is not announced',
      'forecast_queue_depth',
      '# TYPE forecast_queue_depth gauge\n',
      '',
      /^forecast_queue_depth has no type at .*; gauge required$/,
    ],
    [
      'a label is missing everywhere',
      'forecasts_generated_total',
      /tier=/g.source,
      'plan=',
      /^the label tier is missing on 2 of 2 samples of forecasts_generated_total/,
    ],
    ['a label is missing once', 'forecasts_generated_total', '{tier="PRO"}', '', /^the label tier is missing on 1 of 2 samples/],
    ['a label is empty', 'forecasts_generated_total', 'tier="PRO"', 'tier=""', /^the label tier is missing or empty on 1 of 2 samples/],
    [
      'a bucket is missing',
      'http_request_duration_ms',
      'http_request_duration_ms_bucket{le="50",method="GET"} 3\n',
      '',
      /has the buckets 10, \+Inf; required 10, 50, \+Inf \(50 missing\)$/,
    ],
    [
      'a bucket is another one',
      'http_request_duration_ms',
      'le="50"',
      'le="51"',
      /has the buckets 10, 51, \+Inf; required 10, 50, \+Inf \(50 missing, 51 too many\)$/,
    ],
    [
      '+Inf is missing',
      'http_request_duration_ms',
      'http_request_duration_ms_bucket{le="+Inf",method="GET"} 4\n',
      '',
      /\(\+Inf missing\)$/,
    ],
    [
      'its buckets fall',
      'http_request_duration_ms',
      'le="50",method="GET"} 3',
      'le="50",method="GET"} 0',
      /no sound histogram: its bucket le="50" holds less than the one below$/,
    ],
    [
      'its count is another one than its last bucket',
      'http_request_duration_ms',
      '_count{method="GET"} 4',
      '_count{method="GET"} 5',
      /no sound histogram: its last bucket holds 4, its http_request_duration_ms_count is 5$/,
    ],
    [
      'its sum is missing',
      'http_request_duration_ms',
      'http_request_duration_ms_sum{method="GET"} 250\n',
      '',
      /its http_request_duration_ms_sum is missing$/,
    ],
    [
      'its count is missing',
      'http_request_duration_ms',
      'http_request_duration_ms_count{method="GET"} 4\n',
      '',
      /its http_request_duration_ms_count is missing$/,
    ],
  ])('%s', (_, subject, from, to, says) => {
    const { state, against, subjects } = judgePage(goodPage.replaceAll(from, to));
    expect(state).toBe('disproven');
    expect(subjects.filter((each) => each.state !== 'proven').map((each) => each.subject)).toEqual([subject]);
    expect(against.map((finding) => finding.grade)).toEqual(against.map(() => 'exported'));
    expect(against.some((finding) => says.test(finding.says))).toBe(true);
    expect(against.every(({ hint }) => hint !== undefined)).toBe(true);
  });
});

test('a help text that must be word for word is compared, and only then', () => {
  const metric = { name: 'forecast_queue_depth', type: 'gauge', help: 'Number of jobs waiting' };
  expect(judge(good, 'exported', { metrics: [metric] }).state).toBe('proven');
  const other = judge(good, 'exported', { metrics: [{ ...metric, help: 'Jobs' }] });
  expect(other.against.map(({ says }) => says)).toEqual(['the help of forecast_queue_depth is "Number of jobs waiting"; "Jobs" required']);
  const none = judge(good, 'exported', { metrics: [{ name: 'job_seconds', type: 'summary', help: 'Jobs' }] });
  expect(none.against[0]?.says).toBe('the help of job_seconds is missing; "Jobs" required');
});

test.each([
  ['forecast_queue_depth', 'forecasts_queue_depth', 'there is a gauge "forecasts_queue_depth": did you mean that one?'],
  ['forecasts_generated_total', 'forecasts_generated', 'there is a counter "forecasts_generated": did you mean that one?'],
  [
    'http_request_duration_ms',
    'http_request_duration_seconds',
    'there is a histogram "http_request_duration_seconds": did you mean that one?',
  ],
])('for a missing %s the one with the name %s is suggested', (name, other, hint) => {
  const { against } = judgePage(goodPage.replaceAll(name, other));
  expect(against).toMatchObject([{ subject: name, holds: 'no', hint }]);
});

test('a histogram without required buckets may have any, but +Inf', () => {
  const metrics = [{ name: 'http_request_duration_ms', type: 'histogram' }];
  expect(judge(good, 'exported', { metrics }).state).toBe('proven');
  expect(judgePage(goodPage.replace(/.*\+Inf.*\n/, ''), { metrics }).state).toBe('disproven');
});

test('a counter whose name does not end in _total is proven, with a remark', () => {
  const page = goodPage.replaceAll('forecasts_generated_total', 'forecasts_generated');
  const facts = withPages({
    ...pageOf(page),
    families: [
      { name: 'forecasts_generated', type: 'counter', samples: [{ name: 'forecasts_generated', labels: { tier: 'PRO' }, value: 1 }] },
    ],
  });
  const { state, reasons } = judge(facts, 'exported', { metrics: [{ name: 'forecasts_generated', type: 'counter', labels: ['tier'] }] });
  expect(state).toBe('proven');
  expect(reasons.find(({ grade }) => grade === 'exported')?.says).toContain('by custom the name of a counter ends in _total');
});

test('a metric that is announced without a sample is unknown: its labels cannot be seen', () => {
  const { state, against } = judgePage(goodPage.replaceAll(/forecasts_generated_total\{.*\n/g, ''));
  expect(state).toBe('inconclusive');
  expect(against).toMatchObject([
    {
      subject: 'forecasts_generated_total',
      holds: 'unknown',
      says: `forecasts_generated_total is announced at ${url}, but has no sample, so its labels cannot be seen`,
    },
  ]);
});

test('with several targets the metric must be on every page, and have samples on one', () => {
  const other = 'http://b:3000/metrics';
  const idle = pageOf(goodPage.replaceAll(/forecasts_generated_total\{.*\n/g, ''), { url: other });
  expect(judge(withPages(pageOf(goodPage), idle), 'exported').state).toBe('proven');
  const without = pageOf(goodPage.replaceAll(/.*forecasts_generated_total.*\n/g, ''), { url: other });
  const { against } = judge(withPages(pageOf(goodPage), without), 'exported');
  expect(against).toMatchObject([
    { subject: 'forecasts_generated_total', holds: 'no', says: `forecasts_generated_total is not among the 3 metrics at ${other}` },
  ]);
});

test('a malformed line refutes the page, with the line and the number of others', () => {
  const { state, against } = judgePage(`${goodPage}broken{ 1\nalso "broken"\n`);
  expect(state).toBe('disproven');
  expect(against).toEqual([
    {
      subject: url,
      grade: 'exported',
      holds: 'no',
      says: `line 19 of ${url} is malformed: no label name at "1": "broken{ 1" (the first of 2 such lines)`,
      hint: 'correct what writes this line: Prometheus may give up the whole page because of it',
    },
  ]);
});

describe('a page that cannot be looked at', () => {
  const nothing = { families: [], names: [], malformed: [], malformedLines: 0 };

  test('because it cannot be reached from here is unknown', () => {
    const { state, against } = judge(withPages({ url, failure: `GET ${url} got no answer: connect ECONNREFUSED`, ...nothing }), 'exported');
    expect(state).toBe('inconclusive');
    expect(against[0]).toMatchObject({
      says: `the metrics page ${url} could not be fetched: GET ${url} got no answer: connect ECONNREFUSED`,
      hint: expect.stringContaining('exposition: http://') as string,
    });
  });

  test.each([401, 403])('because it refuses us with %i is unknown', (status) => {
    expect(judge(withPages({ url, status, ...nothing }), 'exported').state).toBe('inconclusive');
  });

  test.each([404, 500])('because it answers with %i is refuted', (status) => {
    const { state, against } = judge(withPages({ url, status, ...nothing }), 'exported');
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe(`the metrics page ${url} answered with HTTP ${String(status)}`);
  });

  test('because it is no metrics page is refuted', () => {
    const { state, against } = judge(withPages({ url, status: 200, contentType: 'text/html', ...nothing }), 'exported');
    expect(state).toBe('disproven');
    expect(against[0]?.says).toBe(`${url} shows no metric at all; it answered with text/html`);
  });

  test('because there is no target is unknown', () => {
    const factsWithoutTargets: MetricsFacts = { targets: [], pages: [] };
    const { state, against } = judge(factsWithoutTargets, 'exported');
    expect(state).toBe('inconclusive');
    expect(against[0]?.says).toBe(
      'Prometheus has no target with the job "accubooks", so it is not known which page forecasts_generated_total should be on',
    );
  });
});
