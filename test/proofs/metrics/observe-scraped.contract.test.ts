import { expect, it } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import { observeScraped } from '../../../src/proofs/metrics/observe-scraped.ts';
import { metricsRequirement } from '../../../src/proofs/metrics/requirement.ts';
import { judgeScraped } from '../../../src/proofs/metrics/scraped.ts';
import { connectPrometheus } from '../../../src/stack/prometheus.ts';
import { serveHttp } from '../../probes/loopback.ts';
import { contextWith } from '../context.ts';
import { pageOf, target, url } from './healthy.ts';

const beginMs = Date.UTC(2026, 1, 1);
const intervalMs = 2_000;
const name = 'forecasts_generated_total';
const page = `${name}{tier="pro"} 5\n`;

/** What a Prometheus says that was down for `downMs` until just before the beginning: its samples of the time before leave every window soon. */
function answerOf(query: string, nowMs: number, downMs: number): object | undefined {
  const before = [3, 2, 1, 0].map((back) => beginMs - 50 - downMs - back * intervalMs);
  const since = Array.from({ length: 20 }, (_, index) => beginMs - 50 + index * intervalMs);
  const windowMs = Number(/\[(\d+)s\]$/.exec(query)?.[1]) * 1_000;
  const times = [...before, ...since].filter((time) => time <= nowMs && time > nowMs - windowMs);
  const matrix = (labels: object, value: string) => ({
    resultType: 'matrix',
    result: [{ metric: { job: 'accubooks', instance: 'a:3000', ...labels }, values: times.map((time) => [time / 1_000, value]) }],
  });
  if (query === 'time()') return { resultType: 'scalar', result: [nowMs / 1_000, String(nowMs / 1_000)] };
  if (query.startsWith('up{')) return matrix({ __name__: 'up' }, '1');
  if (query.startsWith('count by')) return { resultType: 'vector', result: [{ metric: { __name__: name }, value: [nowMs / 1_000, '1'] }] };
  if (query.startsWith('{__name__=~')) return matrix({ __name__: name, tier: 'pro' }, '5');
  return undefined;
}

function servePrometheus(downMs: number, nowMs: () => number) {
  return serveHttp((request, response) => {
    const query = new URL(request.url ?? '', 'http://prometheus').searchParams.get('query') ?? '';
    const data = answerOf(query, nowMs(), downMs);
    response.writeHead(data === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(data === undefined ? { status: 'error', errorType: 'bad_data', error: 'unknown' } : { status: 'success', data }),
    );
  });
}

async function lookAfter(downMs: number): Promise<readonly string[]> {
  let elapsedMs = 0;
  // Every question takes a while.
  await using server = await servePrometheus(downMs, () => beginMs + (elapsedMs += 60));
  const clock: Clock = {
    now: () => new Date(beginMs + elapsedMs),
    monotonicMs: () => elapsedMs,
    sleep: (ms) => Promise.resolve(void (elapsedMs += ms)),
  };
  const prometheus = connectPrometheus({ name: 'Prometheus', url: server.url });
  const requirement = metricsRequirement.parse({
    job: 'accubooks',
    metrics: [{ name, type: 'counter', labels: ['tier'] }],
  });
  const targets = [{ ...target, scrapeIntervalMs: intervalMs, lastScrape: new Date(beginMs).toISOString() }];
  const pages = [pageOf(page, { url })];
  const context = contextWith({ grade: 'scraped', clock, prometheus: () => prometheus });
  const scraped = await observeScraped(requirement, targets, pages, context);
  const findings = requirement.metrics.flatMap((metric) => judgeScraped(metric, requirement, { targets, pages, scraped }));
  return findings.filter(({ holds }) => holds !== 'yes').map(({ says }) => `after ${String(downMs)} ms: ${says}`);
}

it('proves a metric after Prometheus was down, at whatever moment that gap leaves the window', async () => {
  const against: string[] = [];
  for (let downMs = 0; downMs <= 12_000; downMs += 100) against.push(...(await lookAfter(downMs)));
  expect(against).toEqual([]);
});
