import { parseArgs } from 'node:util';
import { probes } from '../../../src/probes/index.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { sha256 } from '../../../src/base/digest.ts';
import { onDemand, type Check } from '../../../src/check/check.ts';
import { runCheck } from '../../../src/check/run.ts';
import { projectFile } from '../../../src/config/project-schema.ts';
import type { Job } from '../../../src/schedule/job.ts';
import { startSchedule } from '../../../src/schedule/loop.ts';
import type { Tally } from '../../../src/schedule/tally.ts';

/** A process that does nothing but run many HTTP checks, and prints what it saw. */
export interface Watched {
  readonly lateMs: readonly number[];
  readonly tally: Tally;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Slots that are neither among the runs nor among those told as missed, or among both. */
  readonly uncounted: number;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    checks: { type: 'string', default: '1000' },
    everyMs: { type: 'string', default: '10000' },
    timeoutMs: { type: 'string', default: '5000' },
    forMs: { type: 'string', default: '60000' },
    hanging: { type: 'string', default: '0.2' },
  },
});
const [checks, everyMs, timeoutMs, forMs] = [values.checks, values.everyMs, values.timeoutMs, values.forMs].map(Number) as [
  number,
  number,
  number,
  number,
];
const http = probes.get('http');
if (http === undefined) throw new Error('there is no probe kind http');

interface CheckJob extends Job {
  readonly check: Check;
}

const jobs = Array.from({ length: checks }, (_, index): CheckJob => {
  const name = `check-${String(index)}`;
  const path = index % Math.round(1 / Number(values.hanging)) === 0 ? 'hang' : 'ok';
  const options = http.options.parse({ steps: [{ url: `${values.url}/${path}/${String(index)}`, expect: { contains: 'bench_up' } }] });
  const schedule = { type: 'every', everyMs } as const;
  const check: Check = { ...onDemand, name, ref: [], statement: `${name} answers`, probe: 'http', timeoutMs, options, schedule };
  return { id: name, schedule, weight: 'light', maintenance: [], check };
});

const lateMs: number[] = [];
const outcomes: Record<string, number> = {};
const slots = new Map<string, number[]>(jobs.map(({ id }) => [id, []]));
const stop = new AbortController();
let residentBytes = 0;

const loop = startSchedule<CheckJob>({
  jobs,
  clock: systemClock,
  signal: stop.signal,
  limits: { light: projectFile.shape.limits.parse({}).checks, heavy: 1 },
  graceMs: timeoutMs + 1_000,
  run: async ({ check }, _slot, signal) => {
    const keep = (bytes: Uint8Array): Promise<ReturnType<typeof sha256>> => Promise.resolve(sha256(bytes));
    const { outcome } = await runCheck(check, http, { clock: systemClock, signal, keep });
    const key = `${outcome.status}${outcome.reasons.length > 0 ? `: ${outcome.reasons[0] ?? ''}` : ''}`.replaceAll(/\/\d+/g, '/…');
    outcomes[key] = (outcomes[key] ?? 0) + 1;
  },
  tell: (event) => {
    if (event.type === 'started') {
      lateMs.push(event.slot.lateMs);
      slots.get(event.id)?.push(event.slot.dueAtMs);
    }
    if (event.type === 'missed') {
      for (let index = 0; index < event.count; index++) slots.get(event.id)?.push(event.fromMs + index * everyMs);
    }
  },
});
const cpu = process.cpuUsage();
const sampler = setInterval(() => (residentBytes = Math.max(residentBytes, process.memoryUsage.rss())), 250);
await systemClock.sleep(forMs);
const used = process.cpuUsage(cpu);
clearInterval(sampler);
stop.abort();
await loop.ended;

/** Each slot of a check lies one period after the one before: a hole is a slot that was lost, a repetition one that was counted twice. */
let uncounted = 0;
for (const times of slots.values()) {
  const sorted = times.toSorted((a, b) => a - b);
  for (const [index, ms] of sorted.entries()) if (index > 0 && ms - (sorted[index - 1] ?? 0) !== everyMs) uncounted += 1;
}
const watched: Watched = { lateMs, tally: loop.tally(), outcomes, uncounted, residentBytes, cpuSeconds: (used.user + used.system) / 1e6 };
process.stdout.write(JSON.stringify(watched));
