import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { smallEnvironment, smallFlags } from '../../src/cli/small-process.ts';
import { reservePort } from '../sandbox/free-port.ts';
import { startProcess, type RunningProcess } from '../sandbox/process.ts';
import { startPrometheus } from '../sandbox/prometheus.ts';
import { say } from './figures.ts';
import type { Watched } from './schedule/watch.ts';

/**
 * A thousand HTTP checks every ten seconds, of which a fifth hang until their time is up: how late each starts, whether every slot is
 * accounted for, and what it costs. Beside it a Prometheus that scrapes the same targets as often; both are timed by the targets.
 */
const checks = Number(process.env['BENCH_CHECKS'] ?? 1_000);
const forMs = Number(process.env['BENCH_MS'] ?? 60_000);
const everyMs = 10_000;
const timeoutMs = 5_000;
const lateLimitMs = 50;
const residentLimit = 150e6;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function startTargets(): Promise<RunningProcess & { readonly url: string }> {
  await using port = await reservePort();
  const url = `http://127.0.0.1:${String(port.port)}`;
  const started = await startProcess({
    name: 'targets',
    command: process.execPath,
    args: [fileURLToPath(import.meta.resolve('./schedule/target.ts')), '--port', String(port.port)],
    ready: async () => (await fetch(`${url}/ok/ready`)).ok,
  });
  return Object.assign(started, { url });
}

/** How far from one period the requests for each target lay apart, in order. */
async function jitter(url: string): Promise<readonly number[]> {
  const distances = (await (await fetch(`${url}/arrivals`)).json()) as number[];
  return distances.map((ms) => Math.abs(ms - everyMs)).toSorted((a, b) => a - b);
}

async function watchChecks(url: string): Promise<Watched> {
  const args = [
    '--url',
    url,
    '--checks',
    String(checks),
    '--everyMs',
    String(everyMs),
    '--timeoutMs',
    String(timeoutMs),
    '--forMs',
    String(forMs),
  ];
  const { stdout } = await execa(process.execPath, [...smallFlags, fileURLToPath(import.meta.resolve('./schedule/watch.ts')), ...args], {
    env: smallEnvironment,
    maxBuffer: 100_000_000,
  });
  return JSON.parse(stdout) as Watched;
}

async function scrapeAsOften(url: string): Promise<readonly number[]> {
  const targets = (kind: string, wanted: (index: number) => boolean): string =>
    Array.from({ length: checks }, (_, index) => index)
      .filter(wanted)
      .map(
        (index) =>
          `    - targets: ['${url.slice('http://'.length)}']\n      labels: {__metrics_path__: '/${kind}/${String(index)}', n: '${String(index)}'}`,
      )
      .join('\n');
  const config = `global: {scrape_interval: ${String(everyMs / 1000)}s, scrape_timeout: ${String(timeoutMs / 1000)}s}
scrape_configs:
- job_name: bench
  static_configs:
${targets('hang', (index) => index % 5 === 0)}
${targets('ok', (index) => index % 5 !== 0)}
`;
  await using prometheus = await startPrometheus({ config });
  await prometheus.waitForDiscovery();
  await fetch(`${url}/arrivals`);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return await jitter(url);
}

function show(name: string, sorted: readonly number[]): string {
  return `  ${name.padEnd(46)} p50 ${percentile(sorted, 0.5).toFixed(1)} ms   p99 ${percentile(sorted, 0.99).toFixed(1)} ms   worst ${(sorted.at(-1) ?? Number.NaN).toFixed(1)} ms`;
}

/** Whether starts are on time, every slot is accounted for, and the memory is within its limit. */
export async function benchSchedule(): Promise<boolean> {
  await using targets = await startTargets();
  say(
    `${String(checks)} HTTP checks every ${String(everyMs / 1000)} s for ${String(forMs / 1000)} s, a fifth hanging until ${String(timeoutMs / 1000)} s are up`,
  );
  const watched = await watchChecks(targets.url);
  const ours = await jitter(targets.url);
  const { tally, uncounted, residentBytes, cpuSeconds, outcomes } = watched;
  const late = watched.lateMs.toSorted((a, b) => a - b);
  const missed = Object.values(tally.missed).reduce((sum, count) => sum + count, 0);
  say(show('start lateness', late));
  say(show('requests, off their period (liveproof)', ours));
  const peers = await scrapeAsOften(targets.url);
  say(show('requests, off their period (Prometheus scrapes)', peers));
  say(`  slots: ${String(tally.due)} due = ${String(tally.ran)} ran + ${String(missed)} missed; ${String(uncounted)} not counted once`);
  for (const [outcome, count] of Object.entries(outcomes)) say(`  ${String(count).padStart(6)} × ${outcome}`);
  say(`  processor: ${((cpuSeconds / forMs) * 100_000).toFixed(0)}% of one core`);

  const p99Ms = percentile(late, 0.99);
  const isCounted = uncounted === 0 && tally.due === tally.ran + missed && tally.ran === tally.ended.done;
  const verdicts = [
    verdict(
      p99Ms <= lateLimitMs,
      `start lateness p99 ${p99Ms.toFixed(1)} ms of ${String(lateLimitMs)} ms allowed (ratio ${(p99Ms / lateLimitMs).toFixed(2)})`,
    ),
    verdict(isCounted, 'every slot that was due has run or was told to be missed, once'),
    verdict(
      residentBytes <= residentLimit,
      `${(residentBytes / 1e6).toFixed(0)} MB resident of ${String(residentLimit / 1e6)} MB allowed (ratio ${(residentBytes / residentLimit).toFixed(2)})`,
    ),
  ];
  return verdicts.every(Boolean);
}

function verdict(isWithin: boolean, text: string): boolean {
  say(`${isWithin ? 'PASS' : 'OVER'}  ${text}`);
  return isWithin;
}
