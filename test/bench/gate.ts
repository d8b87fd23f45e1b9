import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { parseDuration } from '../../src/base/duration.ts';
import { proofs } from '../../src/proofs/index.ts';
import type { Report } from '../../src/report/report.ts';
import { newestReport, runAccubooksGate } from '../sandbox/accubooks-gate.ts';
import { startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { peerTimeoutS } from '../sandbox/alertmanager.ts';
import { askJson } from '../sandbox/ask.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { median, root, say } from './figures.ts';

/**
 * What the gate costs beyond what nobody can avoid: its wall time on a healthy stack against the longest
 * `for` + scrape + evaluation + group wait, and then, because nothing else may run meanwhile, the waits of taking
 * each half of the monitoring away and giving it back. All are read from the live servers and from the gate.
 */
const environment = 'bench';
const limitS = 10;
const runs = 3;

/** As in gates/accubooks/environments/bench.yaml: longer than the demo's, so that the overhead is seen against a real wait. */
const durations = {
  'scrape_interval: 15s': 'scrape_interval: 2s',
  'evaluation_interval: 15s': 'evaluation_interval: 2s',
  'interval: 15s': 'interval: 2s',
  'interval: 30s': 'interval: 2s',
  'for: 30s': 'for: 4s',
  'for: 5m': 'for: 20s',
  'for: 10m': 'for: 20s',
  '[5m]': '[6s]',
  'group_wait: 30s': 'group_wait: 2s',
  'group_interval: 5m': 'group_interval: 4s',
  'group_interval: 30s': 'group_interval: 2s',
  'repeat_interval: 30s': 'repeat_interval: 2s',
};

/** Its own rates cover little of the past: a fault shows with the next scrape or two. */
const quickApp = { windowMs: 4_000, cacheBytes: 8 * 1024 * 1024 };

interface Waits {
  readonly forS: number;
  readonly scrapeS: number;
  readonly evaluationS: number;
  readonly groupWaitS: number;
  readonly settleS: number;
  /** Until a Prometheus and an Alertmanager that were ended are ready again. */
  readonly restartS: number;
}

/** Prometheus finds its Alertmanagers so long after its start: until then a half that was given back is not whole. */
const discoveryS = 5;
/** Each half is taken away once. */
const halves = 2;

/** One after the other: all in place, then without each half. */
function aloneS({ groupWaitS, settleS, restartS }: Waits): number {
  return groupWaitS + settleS + halves * (groupWaitS + peerTimeoutS + settleS + restartS + discoveryS);
}

async function unavoidable(stack: AccubooksStack): Promise<Waits> {
  const { prometheus, alertmanager } = stack;
  type Rules = { data: { groups: { interval: number; rules: { duration: number }[] }[] } };
  const { data: rules } = await askJson<Rules>('GET', `${prometheus.url}/api/v1/rules`);
  const { data: targets } = await askJson<{ data: { activeTargets: { scrapeInterval: string }[] } }>(
    'GET',
    `${prometheus.url}/api/v1/targets`,
  );
  const { config } = await askJson<{ config: { original: string } }>('GET', `${alertmanager.url}/api/v2/status`);
  const { route } = parse(config.original) as { route: { group_wait: string } };
  return {
    forS: Math.max(...rules.groups.flatMap((group) => group.rules.map(({ duration }) => duration))),
    evaluationS: Math.max(...rules.groups.map(({ interval }) => interval)),
    scrapeS: Math.max(...targets.activeTargets.map(({ scrapeInterval }) => seconds(scrapeInterval))),
    groupWaitS: seconds(route.group_wait),
    settleS: seconds(await settle()),
    restartS: await restart(stack),
  };
}

/** Ends one half and starts it again, as the gate will have done; and waits until nothing is left of that. */
async function restart({ second, prometheus }: AccubooksStack): Promise<number> {
  if (second === undefined) throw new Error('the bench wants a second half');
  const begunMs = performance.now();
  await second.crash();
  await second.resume();
  const tookS = (performance.now() - begunMs) / 1000;
  await second.watched();
  await prometheus.waitForUpFor('10s');
  return tookS;
}

async function settle(): Promise<string> {
  const file = path.join(root, `gates/accubooks/environments/${environment}.yaml`);
  return (parse(await readFile(file, 'utf8')) as { items: { redundancy: { settle: string } } }).items.redundancy.settle;
}

function seconds(text: string): number {
  return (parseDuration(text) ?? Number.NaN) / 1000;
}

async function activeAlerts({ prometheus }: AccubooksStack): Promise<number> {
  const { data } = await askJson<{ data: { alerts: readonly unknown[] } }>('GET', `${prometheus.url}/api/v1/alerts`);
  return data.alerts.length;
}

async function runGate(stack: AccubooksStack, reports: string): Promise<number> {
  const { exitCode, said, durationMs } = await runAccubooksGate(stack, { environment, reports });
  if (exitCode !== 0) throw new Error(`the gate ended with exit code ${String(exitCode)} on a healthy stack:\n${said}`);
  return durationMs / 1000;
}

/** The chain of items that ended last, each after the one that it waited for longest. */
function criticalPath({ items }: Report): string[] {
  const last = (ids: readonly string[]) =>
    items
      .filter(({ id }) => ids.includes(id))
      .toSorted((a, b) => a.finishedAt.localeCompare(b.finishedAt))
      .at(-1);
  const chain: string[] = [];
  let item = last(items.map(({ id }) => id));
  while (item !== undefined) {
    const tookS = (Date.parse(item.finishedAt) - Date.parse(item.startedAt)) / 1000;
    chain.unshift(`${item.id.padEnd(22)} ${tookS.toFixed(1).padStart(6)} s`);
    const { id, needs, proof } = item;
    const isAlone = proofs.get(proof)?.alone === true;
    item = last(isAlone ? items.map((each) => each.id).filter((each) => each !== id) : needs);
  }
  return chain;
}

/** Of a run's wall time, what passed before its first item and after its last. */
function outsideS({ startedAt, finishedAt }: Report, wallS: number): number {
  return wallS - (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

/** Whether the overhead is within its limit. */
export async function benchGate(): Promise<boolean> {
  await using reports = await createTempFolder('bench');
  await using stack = await startAccubooksStack({ monitoring: 'repaired', durations, redundant: true, app: quickApp });
  // A gate questions a stack that has been running: without any history it would wait for some.
  await stack.prometheus.waitForScrapes(5);
  const waits = await unavoidable(stack);
  const besideS = waits.forS + waits.scrapeS + waits.evaluationS + waits.groupWaitS;
  const waitS = besideS + aloneS(waits);
  say('The gate on a healthy AccuBooks, against the longest wait that nobody can avoid');
  say(
    `  for ${String(waits.forS)} s + scrape ${String(waits.scrapeS)} s + evaluation ${String(waits.evaluationS)} s + group wait ${String(waits.groupWaitS)} s = ${String(besideS)} s`,
  );
  say(
    `  then, alone: ${String(halves + 1)} × (group wait + ${String(waits.settleS)} s for a second copy) + ${String(halves)} × (peer timeout ${String(peerTimeoutS)} s + restart ${waits.restartS.toFixed(1)} s + discovery ${String(discoveryS)} s) = ${aloneS(waits).toFixed(1)} s`,
  );

  const walls: number[] = [];
  for (let run = 1; run <= runs; run++) {
    // The faults of the last run are still in the rules' windows for a while; a gate waits for that, and it is not the gate's time.
    await waitUntil('no alert is active but the watchdog', async () => (await activeAlerts(stack)) <= 1, { withinMs: 120_000 });
    walls.push(await runGate(stack, reports.path));
    say(`  run ${String(run)}: ${(walls.at(-1) ?? 0).toFixed(1)} s, ${((walls.at(-1) ?? 0) - waitS).toFixed(1)} s above it`);
  }
  const { folder, report } = await newestReport(reports.path);
  say('\nWhere the last run’s time went');
  for (const step of criticalPath(report)) say(`  ${step}`);
  say(
    `  ${'loading, report, PDF'.padEnd(22)} ${outsideS(report, walls.at(-1) ?? 0)
      .toFixed(1)
      .padStart(6)} s`,
  );

  const verifies: number[] = [];
  for (let run = 0; run < 5; run++) {
    const { durationMs } = await execa(process.execPath, ['src/cli/liveproof.js', 'verify', folder], { cwd: root, reject: false });
    verifies.push(durationMs / 1000);
  }
  say(`\nliveproof verify of that report, whole process: ${median(verifies).toFixed(2)} s (median of ${String(verifies.length)})`);

  const worstS = Math.max(...walls) - waitS;
  const within = worstS <= limitS;
  say(
    `\n${within ? 'PASS' : 'OVER'}  overhead at worst ${worstS.toFixed(1)} s of ${String(limitS)} s allowed (ratio ${(worstS / limitS).toFixed(2)})`,
  );
  return within;
}
