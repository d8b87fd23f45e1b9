import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/check/outcome.ts';
import metrics from '../../src/proofs/metrics.ts';
import { startExporter, type RunningExporter } from '../sandbox/exporter.ts';
import { startPrometheus, type RunningPrometheus } from '../sandbox/prometheus.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { runProof } from './run-proof.ts';

const stack = new AsyncDisposableStack();
let exporter: RunningExporter;
let prometheus: RunningPrometheus;
let app: App;

interface App {
  readonly forecasts: Counter;
  readonly page: () => Promise<string>;
}

/** A small app that counts with prom-client, as the gate below requires it. */
function createApp({ buckets = [10, 50] } = {}): App {
  const registry = new Registry();
  const registers = [registry];
  const forecasts = new Counter({ name: 'forecasts_generated_total', help: 'Forecasts', labelNames: ['tier'], registers });
  const duration = new Histogram({ name: 'http_request_duration_ms', help: 'Duration', labelNames: ['method'], buckets, registers });
  const depth = new Gauge({ name: 'forecast_queue_depth', help: 'Waiting', registers });
  forecasts.inc({ tier: 'FREE' }, 5);
  duration.observe({ method: 'GET' }, 30);
  depth.set(3);
  return { forecasts, page: () => registry.metrics() };
}

const required = {
  job: 'app',
  metrics: [
    { name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] },
    { name: 'http_request_duration_ms', type: 'histogram', labels: ['method'], buckets: [10, 50] },
    { name: 'forecast_queue_depth', type: 'gauge' },
  ],
};

beforeAll(async () => {
  app = createApp();
  exporter = stack.use(await startExporter(await app.page()));
  const targets = `static_configs: [{ targets: ['${exporter.address}'] }]`;
  prometheus = stack.use(
    await startPrometheus({
      config: `scrape_configs:
- { job_name: app, scrape_interval: 1s, ${targets} }
- { job_name: dropping, scrape_interval: 1s, ${targets}, metric_relabel_configs: [{ source_labels: [__name__, le], regex: 'http_request_duration_ms_bucket;50', action: drop }, { regex: tier, action: labeldrop }] }
- { job_name: tiered, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'], labels: { tier: gold } }] }
`,
    }),
  );
  await prometheus.waitForDiscovery();
});
afterAll(async () => await stack.disposeAsync());

beforeEach(async () => {
  exporter.answerWith(200);
  app = createApp();
  exporter.show(await app.page());
});

async function prove(change: object = {}) {
  return await runProof({ proof: metrics, requirement: { ...required, ...change }, prometheus: prometheus.url });
}

/** Waits until Prometheus has scraped the app often enough since the last test spoilt it. */
async function proveHealthy(change: object = {}): Promise<void> {
  await waitUntil('the metrics are proven', async () => (await prove(change)).state === 'proven', { withinMs: 30_000 });
}

/** Proves again until the change of the app has come through to the verdict: Prometheus scrapes once a second. */
async function proveUntil(says: RegExp, change: object = {}) {
  return await waitUntil(
    `a reason like ${String(says)}`,
    async () => {
      const run = await prove(change);
      return run.against.some((finding) => says.test(finding.says)) && run;
    },
    { withinMs: 30_000 },
  );
}

test('metrics of the right type, labels and buckets, freshly scraped, are proven', async () => {
  await proveHealthy();
  expect(await prove()).toMatchObject({ state: 'proven', grade: 'scraped', against: [] });
});

describe('refused, with what to change, is', () => {
  test.each<[string, (page: string) => string, string, RegExp, RegExp]>([
    [
      'a metric that is missing',
      (page) => page.replaceAll('forecast_queue_depth', 'forecast_queue_length'),
      'forecast_queue_depth',
      /is not among the 3 metrics/,
      /"forecast_queue_length"/,
    ],
    [
      'a metric of the wrong type',
      (page) => page.replace('depth gauge', 'depth counter'),
      'forecast_queue_depth',
      /is a counter at .*; gauge required/,
      /as a gauge/,
    ],
    [
      'a label that is missing',
      (page) => page.replace('{tier="FREE"}', ''),
      'forecasts_generated_total',
      /the label tier is missing on 1 of 1 samples/,
      /declare the label/,
    ],
    [
      'a bucket that is another one',
      (page) => page.replaceAll('le="50"', 'le="75"'),
      'http_request_duration_ms',
      /required 10, 50, \+Inf \(50 missing, 75 too many\)/,
      /set the buckets/,
    ],
    [
      'a value that is no number',
      (page) => page.replace('depth 3', 'depth NaN'),
      'forecast_queue_depth',
      /every newest value of forecast_queue_depth is NaN/,
      /NaN/,
    ],
  ])('%s', async (_, spoil, subject, says, hint) => {
    exporter.show(spoil(await app.page()));
    const { state, subjects, against } = await proveUntil(says);
    expect(state).toBe('disproven');
    expect(subjects.filter((each) => each.state !== 'proven').map((each) => each.subject)).toEqual([subject]);
    expect(against.find((finding) => says.test(finding.says))?.hint).toMatch(hint);
  });

  test('a page with a malformed line, with that line', async () => {
    exporter.show(`${await app.page()}broken{ 1\n`);
    const { state, against } = await prove();
    expect(state).toBe('disproven');
    expect(against.map(({ says }) => says).join('\n')).toMatch(/^line \d+ of http:.*\/metrics is malformed: /m);
  });

  test('a metric that the app exported until a moment ago', async () => {
    await proveHealthy();
    exporter.show((await app.page()).replaceAll(/.*forecast_queue_depth.*\n/g, ''));
    const { against } = await proveUntil(/the latest scrape of .* brought no sample of forecast_queue_depth/);
    expect(against.every(({ subject }) => subject === 'forecast_queue_depth')).toBe(true);
    const gone = await proveUntil(/no sample of forecast_queue_depth for the job "app" in the last 6s; the last one is/);
    expect(gone.state).toBe('disproven');
  });

  test('an app that is down, by its page and by its stale samples', async () => {
    await proveHealthy();
    exporter.answerWith(503);
    const { state, subjects } = await proveUntil(/answered with HTTP 503/);
    expect(state).toBe('disproven');
    expect(subjects.every((each) => each.state === 'disproven')).toBe(true);
    await proveUntil(/has marked every series of forecast_queue_depth as ended|no sample of forecast_queue_depth/);
  });

  test('what relabelling drops or renames on the way', async () => {
    await proveHealthy();
    const dropped = await proveUntil(/\(50 missing\)/, { job: 'dropping' });
    expect(dropped.against.map(({ grade, says }) => [grade, says])).toEqual([
      ['scraped', 'in Prometheus the label tier is missing on 1 of 1 series of forecasts_generated_total'],
      ['scraped', 'in Prometheus http_request_duration_ms has the buckets 10, +Inf; required 10, 50, +Inf (50 missing)'],
    ]);
    const other = { job: 'tiered', metrics: [{ name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] }] };
    const renamed = await prove(other);
    expect(renamed.against.map(({ says }) => says)).toEqual([
      'in Prometheus what the app says with the label tier of forecasts_generated_total stands in exported_tier, on 1 of 1 series',
    ]);
  });
});

test('an address given for the page is used in place of the targets', async () => {
  await proveHealthy();
  const { state, against } = await prove({ exposition: 'http://127.0.0.1:1/metrics' });
  expect(state).toBe('inconclusive');
  expect(against.every(({ says }) => says.includes('the metrics page http://127.0.0.1:1/metrics could not be fetched'))).toBe(true);
});

describe('a stimulus', () => {
  const counted = {
    metrics: [{ name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] }],
    stimulus: { check: 'forecast', times: 2 },
    moves: [{ series: 'forecasts_generated_total{job="app",tier="PRO"}', by: 2 }],
  };
  const passed: Outcome = { status: 'pass', reasons: [] };

  async function proveMoves(check: () => Promise<Outcome> | Outcome, change: object = {}) {
    await proveHealthy();
    const requirement = { ...required, ...counted, ...change };
    return await runProof({ proof: metrics, requirement, grade: 'responsive', prometheus: prometheus.url, check });
  }

  async function forecast(count: number): Promise<Outcome> {
    app.forecasts.inc({ tier: 'PRO' }, count);
    exporter.show(await app.page());
    return passed;
  }

  test('that moves a counter by what it should is proven, first from nothing and then from a number', async () => {
    const first = await proveMoves(() => forecast(1));
    expect(first).toMatchObject({ state: 'proven', grade: 'responsive' });
    expect(first.reasons.find(({ grade }) => grade === 'responsive')?.says).toContain(
      'it was not there before, as nothing had happened yet',
    );
    const second = await proveMoves(() => forecast(1));
    expect(second.reasons.find(({ grade }) => grade === 'responsive')?.says).toContain('by 2 (from 2 to 4)');
  });

  test('that is counted twice is refused', async () => {
    const { state, against } = await proveMoves(() => forecast(2));
    expect(state).toBe('disproven');
    expect(against).toMatchObject([
      { grade: 'responsive', says: expect.stringContaining('by 4') as string, hint: expect.stringContaining('counted twice') as string },
    ]);
    expect((await proveMoves(() => forecast(2), { moves: [{ ...counted.moves[0], by: { atLeast: 2 } }] })).state).toBe('proven');
  });

  test('that is not counted is refused when its time is up', async () => {
    const { state, against } = await proveMoves(() => passed, { movesWithin: '2s' });
    expect(state).toBe('disproven');
    expect(against.find(({ grade }) => grade === 'responsive')?.says).toContain(
      'by 0 (it is not in Prometheus, before or after) within 2s; exactly 2 required',
    );
  });

  test('that fails leaves the move unknown', async () => {
    await forecast(1);
    const { state, against } = await proveMoves(() => ({ status: 'fail', reasons: ['the forecast was refused'] }));
    expect(state).toBe('inconclusive');
    expect(against).toMatchObject([
      { grade: 'responsive', holds: 'unknown', says: expect.stringContaining('the forecast was refused') as string },
    ]);
  });

  test('is not made when the app cannot be scraped', async () => {
    await proveHealthy();
    exporter.answerWith(503);
    const requirement = { ...required, ...counted };
    const check = () => {
      throw new Error('the stimulus was made');
    };
    const { state, against } = await runProof({ proof: metrics, requirement, grade: 'responsive', prometheus: prometheus.url, check });
    expect(state).toBe('disproven');
    expect(against.find(({ grade }) => grade === 'responsive')).toMatchObject({
      holds: 'unknown',
      says: expect.stringContaining('was not run') as string,
    });
  });

  test('for a grade at which nothing is moved is a fault of the gate', async () => {
    await expect(prove(counted)).rejects.toMatchObject({
      code: 'config/bad-value',
      hint: 'write "grade: responsive", or take "stimulus" and "moves" out',
    });
  });
});
