import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import scrape from '../../src/proofs/scrape.ts';
import { startExporter, type RunningExporter } from '../sandbox/exporter.ts';
import { startPrometheus, type RunningPrometheus } from '../sandbox/prometheus.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { runProof } from './run-proof.ts';

const page = '# TYPE a gauge\na 1\n';
const stack = new AsyncDisposableStack();
let exporter: RunningExporter;
let prometheus: RunningPrometheus;

function jobOf(name: string, address: string, more = ''): string {
  return `- { job_name: ${name}, scrape_interval: 1s, static_configs: [{ targets: ['${address}'] }]${more} }\n`;
}

beforeAll(async () => {
  exporter = stack.use(await startExporter(page));
  const gone = await startExporter('');
  await gone.stop();
  const empty = stack.use(await startExporter('# nothing yet\n'));
  prometheus = stack.use(
    await startPrometheus({
      config: `scrape_configs:\n${[
        jobOf('app', exporter.address),
        jobOf('gone', gone.address),
        jobOf('empty', empty.address),
        jobOf('pair', exporter.address).replace(']', `, '${gone.address}']`),
        jobOf('renamed', exporter.address, ', relabel_configs: [{ target_label: job, replacement: books }]'),
      ].join('')}`,
    }),
  );
});
afterAll(async () => await stack.disposeAsync());

async function prove(requirement: object) {
  return await runProof({ proof: scrape, requirement: { interval: '1s', ...requirement }, prometheus: prometheus.url });
}

test('a healthy job is proven, even when Prometheus has just started: the proof waits until there are enough gaps', async () => {
  const { state, grade, against } = await prove({ job: 'app', targets: ['127.0.0.1:*'], over: 4 });
  expect({ state, grade, against }).toEqual({ state: 'proven', grade: 'on-time', against: [] });
});

describe('a job is refused when', () => {
  test('nobody listens on its target, in the words of Prometheus', async () => {
    const { state, against } = await prove({ job: 'gone' });
    expect(state).toBe('disproven');
    expect(against[0]).toMatchObject({ grade: 'up', says: expect.stringMatching(/ is down: Get "http:.*connection refused$/) as string });
  });

  test('one of two targets is down', async () => {
    const { state, against } = await prove({ job: 'pair', targets: 2 });
    expect(state).toBe('disproven');
    expect(against[0]).toMatchObject({ grade: 'up' });
  });

  test('its page is empty', async () => {
    const { state, against } = await prove({ job: 'empty' });
    expect(state).toBe('disproven');
    expect(against).toMatchObject([{ grade: 'on-time', says: expect.stringContaining('its last scrape brought 0 samples') as string }]);
  });

  test('another interval is required, by configuration and by the real gaps', async () => {
    const { state, against } = await prove({ job: 'app', interval: '2s' });
    expect(state).toBe('disproven');
    expect(against.map(({ grade }) => grade)).toEqual(['configured', 'on-time']);
  });

  test('it is spelt differently', async () => {
    const { state, against } = await prove({ job: 'ap' });
    expect(state).toBe('disproven');
    expect(against[0]?.hint).toContain('did you mean "app"?');
  });

  test('relabelling has renamed it', async () => {
    const { state, against } = await prove({ job: 'renamed' });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toContain('relabelling gives its targets the job label "books"');
  });

  test('its target was down a moment ago', async () => {
    const isDown = async () => (await prove({ job: 'app', over: 1 })).against.some(({ says }) => says.includes(' is down: '));
    exporter.answerWith(503);
    await waitUntil('the target is down', isDown);
    exporter.answerWith(200);
    await waitUntil('the target is up again', async () => !(await isDown()));
    const { state, against } = await prove({ job: 'app' });
    expect(state).toBe('disproven');
    expect(against[0]?.says).toMatch(/is up now, but was down in \d+ of \d+ scrapes/);
  });
});

test('observing ends within a second of an abort', async () => {
  const stop = new AbortController();
  const running = runProof({
    proof: scrape,
    requirement: { job: 'app', interval: '1s', over: 500 },
    prometheus: prometheus.url,
    signal: stop.signal,
  });
  const ended = running.then(
    () => 'it went on to the end',
    (error: unknown) => error,
  );
  const reason = new Error('somebody pressed Ctrl-C');
  stop.abort(reason);
  expect(await ended).toBe(reason);
});
