import { afterAll, beforeAll, expect, test } from 'vitest';
import { Counter, Gauge, Registry } from 'prom-client';
import retention from '../../src/proofs/retention.ts';
import { startExporter, type RunningExporter } from '../sandbox/exporter.ts';
import { startPrometheus } from '../sandbox/prometheus.ts';
import { runProof } from './run-proof.ts';

let exporter: RunningExporter;

beforeAll(async () => {
  const registry = new Registry();
  const counter = new Counter({ name: 'rows_total', help: 'Rows', labelNames: ['row'], registers: [registry] });
  for (let row = 0; row < 500; row += 1) counter.inc({ row: String(row) });
  const disk = new Gauge({ name: 'node_filesystem_avail_bytes', help: 'Free', labelNames: ['mountpoint'], registers: [registry] });
  disk.set({ mountpoint: '/large' }, 100 * 2 ** 30);
  disk.set({ mountpoint: '/small' }, 2 ** 20);
  exporter = await startExporter(await registry.metrics());
});
afterAll(async () => await exporter.stop());

const prove = (...flags: readonly string[]) => proveThat({}, ...flags);

async function proveThat(required: object, ...flags: readonly string[]) {
  const config = `scrape_configs: [{ job_name: app, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'] }] }]`;
  await using prometheus = await startPrometheus({ config, flags });
  await prometheus.waitForScrapes(2);
  return await runProof({ proof: retention, requirement: { atLeast: '30d', ...required }, prometheus: prometheus.url });
}

test.concurrent('the default is refused: it keeps 15 days', async () => {
  const { state, against } = await prove();
  expect(state).toBe('disproven');
  expect(against).toMatchObject([
    {
      grade: 'configured',
      says: 'Prometheus keeps samples for 15d, the default when neither a time nor a size is set (it prints "15d"); 30d required',
    },
  ]);
});

test.concurrent('30 days without a size limit are proven', async () => {
  const { state, grade, reasons } = await prove('--storage.tsdb.retention.time=30d');
  expect({ state, grade }).toEqual({ state: 'proven', grade: 'sufficient' });
  expect(reasons[1]?.says).toMatch(
    /it will take about .* of disk .*; that 30d of samples are really there cannot be proven before they have passed/,
  );
});

test.concurrent('a size limit that is too small for the measured rate is refused, with the size it needs', async () => {
  const { state, against } = await prove('--storage.tsdb.retention.time=30d', '--storage.tsdb.retention.size=512MB');
  expect(state).toBe('disproven');
  expect(against).toMatchObject([
    {
      grade: 'sufficient',
      says: expect.stringMatching(
        /^the size limit of 512 MiB is reached after about \d+d\d*h?, before the required 30d: \(30d \+ 3d /,
      ) as string,
    },
  ]);
  expect(against[0]?.hint).toMatch(/^raise --storage\.tsdb\.retention\.size to at least [3-6]GB/);
});

test.concurrent('a size limit that is large enough is proven', async () => {
  const { state } = await prove('--storage.tsdb.retention.time=30d', '--storage.tsdb.retention.size=20GB');
  expect(state).toBe('proven');
});

test.concurrent('a size limit alone has no time limit, but blocks of up to 31 days', async () => {
  const { state, reasons } = await prove('--storage.tsdb.retention.size=20GB');
  expect(state).toBe('proven');
  expect(reasons[0]?.says).toContain('no time limit is set, only one of size (it prints "20GiB")');
  expect(reasons[1]?.says).toContain('(30d + 31d for the oldest block');
});

test.concurrent('the deprecated flag counts', async () => {
  const { state, reasons } = await prove('--storage.tsdb.retention=40d');
  expect(state).toBe('proven');
  expect(reasons[0]?.says).toContain('for 40d, as the deprecated flag --storage.tsdb.retention says');
});

test.concurrent('a disk without room for 30 days is refused, one with room is proven', async () => {
  const on = (mountpoint: string) => ({ diskFree: `node_filesystem_avail_bytes{mountpoint="${mountpoint}"}` });
  const [large, small] = await Promise.all([
    proveThat(on('/large'), '--storage.tsdb.retention.time=30d'),
    proveThat(on('/small'), '--storage.tsdb.retention.time=30d'),
  ]);
  expect(large.state).toBe('proven');
  expect(small.state).toBe('disproven');
  expect(small.against[0]?.says).toMatch(/^the disk has 1 MiB free, and until 30d are kept .* more will be needed$/);
});
