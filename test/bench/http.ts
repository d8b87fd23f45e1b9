import path from 'node:path';
import { execa } from 'execa';
import { smallEnvironment, smallFlags } from '../../src/cli/small-process.ts';
import { projectFile } from '../../src/config/project-schema.ts';
import { startBlackbox } from '../sandbox/blackbox.ts';
import { reservePort } from '../sandbox/free-port.ts';
import { startProcess, type RunningProcess } from '../sandbox/process.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { median, root, say } from './figures.ts';
import type { Done, Work } from './http/worker.ts';

/**
 * HTTP checks with three assertions each, on fresh connections, judged and stored, by one core; against the blackbox exporter
 * on the same core, which is asked for probes of the same target with the same expectations as fast as it answers.
 */
const proberCore = 0;
/** The targets have cores of their own; whoever asks the exporter shares the last one with them. */
const targetCores = [1, 2];
const askerCore = 3;

const checks = 1_000;
/** How many are under way at once: as a project that says nothing of it has them. */
const atOnce = projectFile.shape.limits.parse({}).checks;
/** How often each check runs where memory is measured: long enough that all have run. */
const everyMs = 10_000;
const forMs = Number(process.env['BENCH_MS'] ?? 8_000);
const rounds = 3;
/** Of a target that is some way off, as most are. */
const afterMs = 20;

const leastPerSecond = 2_500;
const mostLatency = 1.2;
const mostResident = 150e6;

const exporterConfig = `modules:
  bench:
    prober: http
    timeout: 10s
    http:
      valid_status_codes: [200]
      preferred_ip_protocol: ip4
      fail_if_body_not_matches_regexp: ['"status":"healthy"']
`;

function onCore(core: number, command: string, args: readonly string[]): { command: string; args: readonly string[] } {
  return { command: '/usr/bin/taskset', args: ['-c', String(core), command, ...args] };
}

async function startTargets(answersAfterMs: number): Promise<{ readonly url: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { port } = stack.use(await reservePort());
  const url = `http://127.0.0.1:${String(port)}`;
  for (const core of targetCores) {
    const { command, args } = onCore(core, process.execPath, ['test/bench/http/target.ts', String(port), String(answersAfterMs)]);
    stack.use<RunningProcess>(
      await startProcess({ name: 'target', folder: root, command, args, ready: async () => (await fetch(url)).ok }),
    );
  }
  const owned = stack.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function work(given: Work): Promise<Done> {
  const { command, args } = onCore(proberCore, process.execPath, [...smallFlags, 'test/bench/http/worker.ts', JSON.stringify(given)]);
  const { stdout } = await execa(command, [...args], { cwd: root, env: smallEnvironment });
  const done = JSON.parse(stdout) as Done;
  if (done.failed.length > 0) throw new Error(`checks failed: ${done.failed.join('; ')}`);
  return done;
}

interface Probed {
  readonly probed: number;
  readonly succeeded: number;
  readonly tookMs: number;
}

async function askBlackbox(url: string): Promise<number> {
  await using exporter = await startBlackbox({ config: exporterConfig, core: proberCore });
  const words = ['test/bench/http/ask-blackbox.ts', `http://${exporter.address}`, url, String(atOnce), String(forMs)];
  const { command, args } = onCore(askerCore, process.execPath, words);
  const { stdout } = await execa(command, [...args], { cwd: root });
  const { probed, succeeded, tookMs } = JSON.parse(stdout) as Probed;
  if (succeeded < probed) throw new Error(`the exporter failed ${String(probed - succeeded)} of ${String(probed)} probes`);
  return (probed / tookMs) * 1000;
}

/** The most that anything built on this client could come to here. */
async function askBare(url: string): Promise<number> {
  const { command, args } = onCore(proberCore, process.execPath, ['test/bench/http/bare.ts', url, String(atOnce), String(forMs)]);
  const { stdout } = await execa(command, [...args], { cwd: root });
  const { asked, tookMs } = JSON.parse(stdout) as { asked: number; tookMs: number };
  return (asked / tookMs) * 1000;
}

/** Whether all figures are within their limits. */
export async function benchHttp(): Promise<boolean> {
  await using folder = await createTempFolder('bench-http');
  const file = path.join(folder.path, 'results.db');
  say(
    `HTTP checks with 3 assertions on fresh connections, judged and stored by one core; ${String(checks)} checks, ${String(atOnce)} at once`,
  );
  const verdicts: boolean[] = [];
  const line = (good: boolean, text: string): void => {
    verdicts.push(good);
    say(`${good ? 'PASS' : 'OVER'}  ${text}`);
  };
  const inMb = ({ residentBytes }: Done): string => (residentBytes / 1e6).toFixed(0);
  const perSecond = ({ stored, tookMs }: Done): number => (stored / tookMs) * 1000;
  {
    await using target = await startTargets(0);
    // In turns, so that both meet the machine as it is at the time.
    const turns: { readonly fast: Done; readonly blackbox: number }[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      turns.push({ fast: await work({ url: target.url, checks, atOnce, forMs, file }), blackbox: await askBlackbox(target.url) });
    }
    const stored = median(turns.map(({ fast }) => perSecond(fast)));
    const blackbox = median(turns.map((turn) => turn.blackbox));
    const ratios = turns.map((turn) => perSecond(turn.fast) / turn.blackbox);
    const ratio = median(ratios);
    const resident = Math.max(...turns.map(({ fast }) => fast.residentBytes));
    const bare = await askBare(target.url);
    line(
      stored >= leastPerSecond,
      `target that answers at once: ${stored.toFixed(0)} stored a second, median of ${String(rounds)} (at least ${String(leastPerSecond)})`,
    );
    say(`      the bare client, nothing judged or stored: ${bare.toFixed(0)} a second (ratio ${(stored / bare).toFixed(2)})`);
    line(
      ratio > 1,
      `blackbox exporter on the same core, in turns: ${blackbox.toFixed(0)} a second (ratio ${ratio.toFixed(2)}; ${ratios.map((each) => each.toFixed(2)).join(', ')})`,
    );
    const paced = await work({ url: target.url, checks, atOnce, forMs: everyMs, file, everyMs });
    line(
      paced.residentBytes <= mostResident,
      `resident, ${String(checks)} checks every ${String(everyMs / 1000)} s: ${inMb(paced)} MB of ${String(mostResident / 1e6)} MB allowed (as fast as it goes: ${(resident / 1e6).toFixed(0)} MB)`,
    );
    const alone = await work({ url: target.url, checks, atOnce: 1, forMs: forMs / 2, file });
    say(
      `      its latency alone p50 ${alone.totalMs.p50.toFixed(2)} ms, ${String(atOnce)} at once ${median(turns.map(({ fast }) => fast.totalMs.p50)).toFixed(2)} ms: no core is left, and the target's are as busy`,
    );
  }
  {
    await using target = await startTargets(afterMs);
    const alone = await work({ url: target.url, checks, atOnce: 1, forMs, file });
    const full = await work({ url: target.url, checks, atOnce, forMs, file });
    const [p50, p95] = [full.totalMs.p50 / alone.totalMs.p50, full.totalMs.p95 / alone.totalMs.p95];
    say(`      target that answers after ${String(afterMs)} ms: ${perSecond(full).toFixed(0)} stored a second`);
    line(
      p50 <= mostLatency && p95 <= mostLatency,
      `measured latency, ${String(atOnce)} at once against alone: p50 ${full.totalMs.p50.toFixed(2)} / ${alone.totalMs.p50.toFixed(2)} ms (ratio ${p50.toFixed(2)}), p95 ${full.totalMs.p95.toFixed(2)} / ${alone.totalMs.p95.toFixed(2)} ms (ratio ${p95.toFixed(2)}; at most ${String(mostLatency)})`,
    );
  }
  return verdicts.every(Boolean);
}
