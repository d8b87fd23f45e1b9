import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { execa } from 'execa';
import { systemClock } from '../../src/base/clock.ts';
import { locateChromium } from '../../src/browser/chromium.ts';
import { processTree } from '../../src/browser/process-tree.ts';
import type { Outcome } from '../../src/check/outcome.ts';
import browser from '../../src/probes/browser.ts';
import { keepParts } from '../probes/kept.ts';
import { serveHttp } from '../probes/loopback.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { costOf, megabytes, percentile, type Cost } from './browser/cost.ts';
import { startProcessorClock } from './browser/processor-time.ts';
import { median, root, say } from './figures.ts';

const limits = { serial: 4, together: 3, spread: 2, growth: 0.05 };
const together = Math.max(2, Math.floor(availableParallelism() / 2));
/** How long it goes on; fewer with BENCH_FLOWS, none with 0. */
const enduringFlows = Number(process.env['BENCH_FLOWS'] ?? 2_000);
/** In turns, so that a machine that gets slower or faster does so for both. */
const rounds = 7;
const flowsARound = { cold: 3, warm: 30 };
/** Flows before it counts: what runs for months is not judged by its first minute. */
const settling = 30;
const folder = path.join(import.meta.dirname, 'browser');
const spec = path.join(folder, 'login.spec.ts');

const pages: Readonly<Record<string, string>> = {
  '/': `<h1>Sign in</h1><form action="/home" method="post"><label>User <input name="user"></label>
    <label>Password <input type="password" name="password"></label><button>Sign in</button></form>`,
  '/home': '<h1>Welcome</h1><a href="/report">Report</a>',
  '/report': '<h1>Report</h1><p role="status">42</p><a href="/">Sign out</a>',
};

/** An unmodified spec of five steps, run warm by liveproof against `playwright test` run each time; then on and on, three in ten failing. */
export async function benchBrowser(): Promise<boolean> {
  const executable = await locateChromium(undefined);
  await using server = await serveHttp((request, response) => {
    const page = pages[request.url ?? ''];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>App</title><link rel="icon" href="data:,">${page ?? ''}`);
  });
  await using results = await createTempFolder('bench');
  const command = path.join(root, 'node_modules/playwright/cli.js');
  const environment = { URL: `${server.url}/`, LIVEPROOF_CHROMIUM: executable };
  let coldRuns = 0;
  const runCold = async (): Promise<void> => {
    // Each in a folder of its own: it empties it first.
    const output = path.join(results.path, String(++coldRuns));
    await execa(process.execPath, [command, 'test', '-c', folder, '--reporter', 'line', '--output', output, spec], {
      env: environment,
    });
  };
  const kept = keepParts();
  const runWarm = async (amount: string, wanted: Outcome['status']): Promise<void> => {
    const options = browser.options.parse({ script: spec, variables: { URL: `${server.url}/`, AMOUNT: amount } });
    const context = { clock: systemClock, signal: AbortSignal.timeout(60_000), keep: () => Promise.resolve(''), kept };
    const { status, reasons } = browser.judge(options, await browser.observe(options, context));
    if (status !== wanted) throw new Error(`a flow that should ${wanted} ended as ${status}: ${reasons.join('; ')}`);
  };
  const pass = (): Promise<void> => runWarm('42', 'pass');
  const isWithin: boolean[] = [];
  using clock = startProcessorClock();
  try {
    say(`browser: a login of five steps, ${path.basename(executable)}, flows a minute per core (by processor time, of ${clock.countedBy})`);
    for (const [at, limit] of [
      [1, limits.serial],
      [together, limits.together],
    ] as const) {
      // All workers are there before it counts.
      await Promise.all(Array.from({ length: at }, pass));
      await costOf(pass, { times: settling, at, clock });
      const turns: Turn[] = [];
      for (let round = 0; round < rounds; round++) {
        const cold = await costOf(runCold, { times: flowsARound.cold * at, at, clock });
        turns.push({ cold, warm: await costOf(pass, { times: flowsARound.warm * at, at, clock }) });
      }
      isWithin.push(tell(at, turns, limit));
    }
    if (enduringFlows > 0) isWithin.push(await endure(enduringFlows, (fails) => (fails ? runWarm('43', 'fail') : pass()), pass));
  } finally {
    await kept[Symbol.asyncDispose]();
  }
  const left = (await processTree(process.pid)).length - 1;
  say(`  processes left: ${String(left)}`);
  return left === 0 && isWithin.every(Boolean);
}

interface Turn {
  readonly cold: Cost;
  readonly warm: Cost;
}

function tell(at: number, turns: readonly Turn[], limit: number): boolean {
  const ratios = turns.map(({ warm, cold }) => warm.flowsPerCoreMinute / cold.flowsPerCoreMinute);
  const ratio = median(ratios);
  const perMinute = (which: keyof Turn): string => median(turns.map((turn) => turn[which].flowsPerCoreMinute)).toFixed(0);
  const walls = turns.flatMap(({ warm }) => warm.walls);
  const [p50, p99] = [median(walls), percentile(walls, 0.99)];
  const how = at === 1 ? 'one after the other' : `${String(at)} at a time`;
  say(
    `  ${how}, in turns: liveproof ${perMinute('warm')}, playwright test ${perMinute('cold')}: ${ratio.toFixed(2)} times (at least ${String(limit)}; ${ratios.map((each) => each.toFixed(2)).join(', ')})`,
  );
  const coldMs = median(turns.flatMap(({ cold }) => cold.walls));
  say(
    `    wall ms p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}: ${(p99 / p50).toFixed(2)} times (at most ${String(limits.spread)}); playwright test p50 ${coldMs.toFixed(0)}`,
  );
  return ratio >= limit && p99 / p50 <= limits.spread;
}

/** Memory is read between batches, when every worker is there and nothing runs. */
async function endure(flows: number, run: (fails: boolean) => Promise<void>, pass: () => Promise<void>): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const batches = 20;
  const samples: { readonly all: number; readonly own: number }[] = [];
  const begunMs = performance.now();
  let count = 0;
  for (let batch = 1; batch <= batches; batch++) {
    const until = Math.round((flows * batch) / batches);
    const inTurn = async (): Promise<void> => {
      while (count < until) {
        const fails = count % 10 < 3;
        count += 1;
        await run(fails);
      }
    };
    await Promise.all(Array.from({ length: together }, inTurn));
    await Promise.all(Array.from({ length: together }, pass));
    collect();
    samples.push(await megabytes());
  }
  const quarter = batches / 4;
  const [early, late] = [samples.slice(0, quarter), samples.slice(-quarter)];
  const growth = (which: 'all' | 'own') => median(late.map((each) => each[which])) / median(early.map((each) => each[which])) - 1;
  const perMinute = (flows / (performance.now() - begunMs)) * 60_000;
  say(
    `  ${String(flows)} flows, 30% failing, ${String(together)} at a time, ${perMinute.toFixed(0)} a minute: memory from the first quarter to the last`,
  );
  for (const [name, which] of [
    ['all processes', 'all'],
    ['this process', 'own'],
  ] as const) {
    const [from, to] = [median(early.map((each) => each[which])), median(late.map((each) => each[which]))];
    say(
      `    ${name}: ${from.toFixed(0)} to ${to.toFixed(0)} MB, ${(growth(which) * 100).toFixed(1)}%${which === 'all' ? ` (at most ${String(limits.growth * 100)}%)` : ''}`,
    );
  }
  return growth('all') <= limits.growth;
}
