import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { eventually } from '../../src/base/eventually.ts';
import { parseExposition } from '../../src/stack/exposition.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { startExporter } from '../sandbox/exporter.ts';
import { startPrometheus } from '../sandbox/prometheus.ts';

/** Pages that the format allows in spite of their looks, and pages that break it. */
const sound = [
  'a 1\n',
  'a{b="c",} 1\n',
  'a{} 1\n',
  '# a remark\n#HELP x\n\na 1',
  'a{b="\\"\\\\\\n\\t"} Nan\n',
  'a inf\n',
  'a 1 1395066363000\n',
  '# TYPE a untyped\na 1\n',
];
const broken = [
  'a\n',
  'a{b="c" 1\n',
  'a{b=c} 1\n',
  'a{b="c} 1\n',
  'a one\n',
  'a 0x1p4\n',
  'a 1_000\n',
  'a 1 2.5\n',
  'a 1 2 3\n',
  'a 1\r\n',
  '# TYPE a timer\na 1\n',
  '<html>\n',
  '{} 1\n',
];

test('what the parser reads, a real Prometheus scrapes; what it reports, makes Prometheus refuse the page', async () => {
  await using stack = new AsyncDisposableStack();
  const pages = [...sound, ...broken];
  const exporters = await Promise.all(pages.map((page) => startExporter(page)));
  for (const exporter of exporters) stack.use(exporter);
  const jobs = exporters.map(
    ({ address }, index) => `- { job_name: '${String(index)}', scrape_interval: 1s, static_configs: [{ targets: ['${address}'] }] }`,
  );
  const running = stack.use(await startPrometheus({ config: `scrape_configs:\n${jobs.join('\n')}\n` }));
  const prometheus = connectPrometheus({ name: 'Prometheus', url: running.url });
  const signal = AbortSignal.timeout(60_000);
  const targets = await eventually(
    async () => {
      const seen = await prometheus.targets(signal);
      return seen.length === pages.length && seen.every(({ health }) => health !== 'unknown') ? seen : undefined;
    },
    { clock: systemClock, signal, withinMs: 30_000, everyMs: 100 },
  );
  const told = pages.map((page, index) => {
    const target = targets?.find(({ scrapePool }) => scrapePool === String(index));
    return [page, target?.health, parseExposition(page).malformed.length === 0 ? 'up' : 'down'];
  });
  expect(told).toEqual([...sound.map((page) => [page, 'up', 'up']), ...broken.map((page) => [page, 'down', 'down'])]);
});
