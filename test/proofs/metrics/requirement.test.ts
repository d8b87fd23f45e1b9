import { expect, test } from 'vitest';
import { metricsRequirement } from '../../../src/proofs/metrics/requirement.ts';

const counter = { name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] };
const histogram = { name: 'http_request_duration_ms', type: 'histogram', buckets: [10, 50] };
const stimulus = { check: 'forecast', times: 2 };

test('a requirement is read with its defaults', () => {
  expect(metricsRequirement.parse({ job: 'accubooks', metrics: [{ name: 'up', type: 'gauge' }], maxAge: '30s' })).toEqual({
    job: 'accubooks',
    metrics: [{ name: 'up', type: 'gauge', ref: [], labels: [] }],
    maxAge: 30_000,
  });
});

test.each([
  'forecasts_generated_total',
  'forecasts_generated_total{tier="PRO"}',
  'forecasts_generated_total{ job="accubooks", tier="a \\"b\\"" }',
  'http_request_duration_ms_count{method="GET"}',
])('the move of %s is accepted', (series) => {
  expect(
    metricsRequirement.safeParse({ job: 'a', metrics: [counter, histogram], stimulus, moves: [{ series, by: 2 }] }).error,
  ).toBeUndefined();
});

test.each<[object, string, string]>([
  [{ metrics: [] }, 'metrics', 'Too small'],
  [{ metrics: [{ name: 'has space', type: 'gauge' }] }, 'metrics.0.name', 'Invalid string'],
  [{ metrics: [{ name: 'a', type: 'timer' }] }, 'metrics.0.type', 'Invalid option'],
  [{ metrics: [counter, counter] }, 'metrics.1.name', '"forecasts_generated_total" is there twice'],
  [{ metrics: [{ ...counter, buckets: [1] }] }, 'metrics.0.buckets', 'a counter has no buckets'],
  [{ metrics: [{ ...histogram, buckets: [10, 10] }] }, 'metrics.0.buckets', 'the bounds must rise'],
  [{ metrics: [{ ...histogram, labels: ['le'] }] }, 'metrics.0.labels', 'write "buckets"'],
  [{ exposition: '/metrics' }, 'exposition', 'Invalid URL'],
  [{ stimulus, moves: [{ series: 'other_total', by: 1 }] }, 'moves.0.series', 'other_total belongs to none of the metrics'],
  [{ stimulus, moves: [{ series: 'forecasts_generated_total{tier=~"P.*"}', by: 1 }] }, 'moves.0.series', 'must be one series'],
  [{ stimulus, moves: [{ series: 'rate(forecasts_generated_total[5m])', by: 1 }] }, 'moves.0.series', 'must be one series'],
  [{ stimulus, moves: [{ series: 'forecasts_generated_total', by: -1 }] }, 'moves.0.by', 'only a gauge can go down'],
  [{ stimulus, moves: [{ series: 'forecasts_generated_total', by: { atLeast: 0 } }] }, 'moves.0.by.atLeast', 'Too small'],
  [{ moves: [{ series: 'forecasts_generated_total', by: 1 }] }, 'moves', 'nothing makes them move'],
  [{ stimulus }, 'stimulus', 'write "moves"'],
  [{ stimulus: { check: 'forecast', times: 0 }, moves: [{ series: 'forecasts_generated_total', by: 1 }] }, 'stimulus.times', 'Too small'],
])('the requirement %j is refused at %s', (change, path, says) => {
  const issues = metricsRequirement.safeParse({ job: 'accubooks', metrics: [counter], ...change }).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
  expect(issues.map(({ message }) => message).join('; ')).toContain(says);
});
