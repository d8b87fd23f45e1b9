import { expect, test } from 'vitest';
import { similarName } from '../../src/stack/similar-name.ts';

test.each([
  ['http_requests', ['http_requests_total', 'http_errors_total'], 'http_requests_total'],
  ['http_request_duration_ms', ['http_request_duration_seconds', 'http_requests_total'], 'http_request_duration_seconds'],
  ['db_pool_utilization_percent', ['db_pool_utilization_ratio', 'db_pool_size'], 'db_pool_utilization_ratio'],
  ['http_requets_total', ['http_requests_total', 'http_errors_total'], 'http_requests_total'],
  ['forecasts_total', ['forecasts_generated_total', 'requests_total'], 'forecasts_generated_total'],
  ['Accubooks', ['accubooks', 'node'], 'accubooks'],
  ['accubook', ['accubooks', 'node'], 'accubooks'],
])('%s was probably meant to be the right one of %j', (name, candidates, meant) => {
  expect(similarName(name, candidates)).toBe(meant);
});

test('nothing is suggested when nothing is like it', () => {
  expect(similarName('queue_depth', ['http_requests_total', 'up'])).toBeUndefined();
  expect(similarName('up', [])).toBeUndefined();
  expect(similarName('up', ['up'])).toBeUndefined();
});
