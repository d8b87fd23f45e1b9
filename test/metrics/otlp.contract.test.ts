import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { startOtlp } from '../../src/metrics/otlp.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { listenOnLoopback } from '../sandbox/listen.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { everyMetric } from './sample.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
interface Point {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly startTimeUnixNano?: string;
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean; readonly aggregationTemporality: number };
  readonly histogram?: { readonly dataPoints: readonly Point[]; readonly aggregationTemporality: number };
}
interface Push {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly { readonly scope: { readonly name: string }; readonly metrics: readonly Metric[] }[];
  }[];
}

/** A receiver of OTLP/HTTP on loopback. */
async function startReceiver(status = 200) {
  const pushes: { readonly body: Push; readonly headers: Readonly<Record<string, string>> }[] = [];
  const app = new Hono();
  app.post('/v1/metrics', async (context) => {
    pushes.push({ body: await context.req.json<Push>(), headers: context.req.header() });
    return context.json({}, status as 200);
  });
  return Object.assign(await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), 0), { pushes });
}

function startWith(
  endpoint: string,
  metrics: ReturnType<typeof everyMetric>,
  pushed: (trouble: string | undefined) => void = () => undefined,
) {
  const headers = { 'x-tenant': 'shop' };
  return startOtlp({ endpoint, headers, everyMs: 2_000, place: 'here', version: '1.2.3', families: metrics.families, pushed });
}

it('every metric of the catalogue is pushed, and says the same as /metrics', async () => {
  using metrics = everyMetric();
  const receiver = await startReceiver();
  const pushing = startWith(receiver.url, metrics);
  const { body, headers } = await waitUntil('a push', () => receiver.pushes[0]);
  await pushing[Symbol.asyncDispose]();
  await receiver.stop();
  expect(headers).toMatchObject({ 'x-tenant': 'shop', 'content-type': 'application/json' });
  const [{ resource, scopeMetrics }] = body.resourceMetrics as [Push['resourceMetrics'][number]];
  expect(Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue]))).toEqual({
    'service.name': 'liveproof',
    'service.version': '1.2.3',
    'service.instance.id': 'here',
  });
  const pushed = scopeMetrics.flatMap((scope) => scope.metrics);
  expect(pushed.map(({ name }) => name)).toEqual(Object.values(catalogue).map(({ name }) => name));
  const of = (name: string): Metric | undefined => pushed.find((metric) => metric.name === name);

  const home = { check: 'home', place: 'here', probe: 'http', severity: 'critical' };
  const labels = ({ attributes }: Point) => Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  expect(of('probe_success')?.gauge?.dataPoints.map((point) => [labels(point), point.asDouble])).toEqual([[home, 1]]);
  const results = of('liveproof_results_total')?.sum;
  expect(results).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
  expect(results?.dataPoints.map((point) => [labels(point)['status'], point.asDouble])).toEqual([
    ['pass', 1],
    ['fail', 0],
    ['error', 0],
  ]);
  const durations = of('liveproof_check_duration_seconds');
  expect(durations).toMatchObject({ unit: 's', histogram: { aggregationTemporality: 2 } });
  const [point] = durations?.histogram?.dataPoints ?? [];
  expect(point).toMatchObject({ count: 1, sum: 0.04, explicitBounds: catalogue.durations.buckets });
  expect(point?.bucketCounts).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it('pushes go on, and one more comes at the end', async () => {
  using metrics = everyMetric();
  const receiver = await startReceiver();
  const pushing = startWith(receiver.url, metrics);
  await waitUntil('two pushes', () => receiver.pushes.length >= 2);
  const before = receiver.pushes.length;
  await pushing[Symbol.asyncDispose]();
  expect(receiver.pushes.length).toBeGreaterThan(before);
  await receiver.stop();
});

it('a receiver that refuses is told of, and one that is gone does not keep the daemon from ending', async () => {
  using metrics = everyMetric();
  const receiver = await startReceiver(403);
  const reasons: (string | undefined)[] = [];
  const pushing = startWith(receiver.url, metrics, (trouble) => reasons.push(trouble));
  await waitUntil('a failure is told', () => reasons.length > 0);
  expect(reasons[0]).toContain(`${receiver.url} did not take the metrics: `);
  await receiver.stop();
  await pushing[Symbol.asyncDispose]();
});
