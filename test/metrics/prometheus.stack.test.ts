import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWatchServer } from '../../src/web/watch-server.ts';
import { startPrometheus, type RunningPrometheus } from '../sandbox/prometheus.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { everyMetric } from './sample.ts';

let prometheus: RunningPrometheus;
const metrics = everyMetric();
let server: Awaited<ReturnType<typeof startWatchServer>>;

beforeAll(async () => {
  server = await startWatchServer({
    watch: {
      metrics,
      heartbeat: () => Promise.resolve(false),
      heartbeatToken: () => undefined,
      health: () => ({ status: 'ok', troubles: [], checks: { well: 1, failing: 0, unknown: 0 } }),
    },
    host: '127.0.0.1',
    port: 0,
  });
  const target = new URL(server.url).host;
  prometheus = await startPrometheus({
    config: `scrape_configs:\n  - job_name: liveproof\n    scrape_interval: 1s\n    static_configs: [{ targets: ['${target}'] }]\n`,
  });
});
afterAll(async () => {
  await prometheus.stop();
  await server.stop();
  metrics[Symbol.dispose]();
});

async function query(
  expression: string,
): Promise<readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data } = (await answer.json()) as { data: { result: Awaited<ReturnType<typeof query>> } };
  return data.result;
}

it('a real Prometheus scrapes it whole, with the labels and values that are told', async () => {
  await waitUntil('it is scraped', async () => (await query('up{job="liveproof"} == 1')).length > 0);
  const [success] = await query('probe_success');
  expect(success?.metric).toMatchObject({ check: 'home', place: 'here', probe: 'http', severity: 'critical', job: 'liveproof' });
  expect(success?.value[1]).toBe('1');
  expect((await query('histogram_quantile(0.5, liveproof_check_duration_seconds_bucket)'))[0]?.metric['check']).toBe('home');
  const phases = (await query('probe_http_duration_seconds')).map(({ metric }) => metric['phase']);
  expect(new Set(phases)).toEqual(new Set(['connect', 'resolve']));
  expect(Number((await query('scrape_samples_scraped'))[0]?.value[1])).toBeGreaterThan(80);
});
