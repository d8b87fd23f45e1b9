import { checkRunner } from '../../../src/app/check-runner.ts';
import { createRecorder } from '../../../src/app/watch/recorder.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { createRedactor } from '../../../src/base/redact.ts';
import { parseAssertion } from '../../../src/check/assertion/parse.ts';
import { onDemand, type Check } from '../../../src/check/check.ts';
import { probes } from '../../../src/probes/index.ts';
import { stores } from '../../../src/stores/index.ts';

/** Runs checks as the daemon does, so many at once and as fast as it goes, and prints what it came to as JSON. */
export interface Work {
  readonly url: string;
  readonly checks: number;
  readonly atOnce: number;
  readonly forMs: number;
  readonly file: string;
  /** Every check once in so long, as a schedule has it; as fast as it goes when left out. */
  readonly everyMs?: number;
}

export interface Done {
  /** Acknowledged by the store. */
  readonly stored: number;
  readonly failed: readonly string[];
  readonly tookMs: number;
  /** Of all threads, the store's among them. */
  readonly cpuMs: number;
  readonly totalMs: { readonly p50: number; readonly p95: number };
  readonly residentBytes: number;
}

const work = JSON.parse(process.argv[2] ?? '') as Work;
const http = probes.get('http');
const sqlite = stores.get('sqlite');
if (http === undefined || sqlite === undefined) throw new Error('no http probe or no store');

const assertions = ['status is 200', 'total < 5s', 'json status is healthy'].map((text) => {
  const parsed = parseAssertion(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.mistake.message}`);
  return parsed.assertion;
});
const checks = Array.from({ length: work.checks }, (_each, index): Check => {
  const name = `check-${String(index)}`;
  const options = http.options.parse({ steps: [{ url: `${work.url}/${String(index)}` }] });
  return { ...onDemand, name, ref: [], statement: name, probe: 'http', timeoutMs: 10_000, options, assertions };
});

const totals: number[] = [];
const timed = { ...http, readings: readingsAndTotal };
const run = checkRunner({
  probes: new Map([['http', timed]]),
  clock: systemClock,
  redactor: createRedactor(['a-secret-of-the-project']),
  kept: { get: (_name, open) => open(), drop: () => Promise.resolve() },
});

function readingsAndTotal(options: unknown, observation: unknown) {
  const readings = http?.readings?.(options, observation) ?? new Map();
  totals.push(Number(readings.get('total')?.value));
  return readings;
}

async function measure(forMs: number): Promise<Done> {
  const store = await sqlite?.open(sqlite.options.parse({ file: work.file }));
  if (store === undefined) throw new Error('no store');
  const failed: string[] = [];
  let next = 0;
  let stored = 0;
  const recorder = createRecorder({
    store,
    clock: systemClock,
    tell: (event) => {
      if (event.type !== 'stored') throw new Error(`not all was stored: ${JSON.stringify(event)}`);
      stored += event.results;
    },
  });
  totals.length = 0;
  const { signal } = new AbortController();
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const runNext = async (): Promise<void> => {
    const check = checks[next++ % checks.length];
    if (check === undefined) return;
    const dueAtMs = Date.now();
    const { durationMs, attempts, status, reasons, observation } = await run(check, signal);
    if (status !== 'pass') failed.push(...reasons.slice(0, 1));
    recorder.add({ check: check.name, place: '', dueAtMs, lateMs: 0, durationMs, status, reasons, attempts, observation });
  };
  const slot = async (place: number): Promise<void> => {
    const pauseMs = work.everyMs === undefined ? undefined : (work.everyMs / work.checks) * work.atOnce;
    if (pauseMs !== undefined) await systemClock.sleep((pauseMs * place) / work.atOnce);
    while (performance.now() - startedMs < forMs) {
      const beganMs = performance.now();
      await runNext();
      if (pauseMs !== undefined) await systemClock.sleep(Math.max(0, pauseMs - (performance.now() - beganMs)));
    }
  };
  await Promise.all(Array.from({ length: work.atOnce }, (_each, place) => slot(place)));
  await recorder.end(10_000);
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  const residentBytes = process.memoryUsage.rss();
  await store.close();
  const sorted = totals.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    stored,
    failed: failed.slice(0, 3),
    tookMs,
    cpuMs: (user + system) / 1000,
    totalMs: { p50: at(0.5), p95: at(0.95) },
    residentBytes,
  };
}

// The first requests are slow everywhere: code is compiled, the store is made.
await measure(Math.min(1_500, work.forMs));
process.stdout.write(`${JSON.stringify(await measure(work.forMs))}\n`);
