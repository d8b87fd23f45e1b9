import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { makeFolder } from '../base/make-folder.ts';
import { createRedactor } from '../base/redact.ts';
import type { Check } from '../check/check.ts';
import type { Measure } from '../check/measure.ts';
import type { Probe } from '../check/probe.ts';
import type { Result } from '../check/result.ts';
import type { LoadedProject, RefusedProject } from '../config/project.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { startSchedule } from '../schedule/loop.ts';
import type { StoreKind } from '../store/store.ts';
import { createMachineObserver, type MachineObserver } from './machine/observer.ts';
import { keepParts } from './kept.ts';
import { createBeliefs } from './watch/beliefs.ts';
import { brokenResult } from './watch/broken-result.ts';
import { createCounts } from './watch/counts.ts';
import type { WatchEvent } from './watch/event.ts';
import { followFirstRound } from './watch/first-round.ts';
import { followMachine } from './watch/follow-machine.ts';
import { openHeartbeats } from './watch/heartbeats.ts';
import { jobsOf } from './watch/jobs.ts';
import { pushMetrics } from './watch/push-metrics.ts';
import { repeatedly } from './watch/repeatedly.ts';
import { createRecorder } from './watch/recorder.ts';
import { retainBy } from './watch/retain.ts';
import { createRuns } from './watch/runs.ts';
import { settingsOf } from './watch/settings.ts';
import { sizeOf } from './watch/size-of.ts';
import { isScheduled, watchedChecks } from './watch/watched-checks.ts';

export interface WatchOptions {
  readonly loaded: LoadedProject;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly storeKind: StoreKind;
  readonly clock: Clock;
  /** Stops it: what runs has some seconds to end. */
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  /** Facts about the machine; those of this one when it is left out. */
  readonly machine?: MachineObserver | undefined;
  tell(event: WatchEvent): void;
}

/** A daemon that is ready to run. */
export interface Watch extends AsyncDisposable {
  readonly metrics: Pick<Metrics, 'pieces' | 'text' | 'heartbeatRefused'>;
  /** Takes a heartbeat; false when no check waits for one of this name. */
  heartbeat(name: string, status: 'ok' | 'failed', says?: string): Promise<boolean>;
  /** What senders of heartbeats must say; undefined when none are taken. */
  heartbeatToken(): string | undefined;
  health(): WatchHealth;
  /** How many checks it runs. */
  checks(): number;
  /** Runs checks until it is stopped, and resolves when every result is stored or told to be lost. */
  run(): Promise<void>;
  /** Goes on with another version of the project; a refused one changes nothing. */
  reload(loaded: LoadedProject | RefusedProject): void;
}

export interface WatchHealth {
  readonly status: 'ok' | 'troubled';
  /** What is wrong with the daemon itself. */
  readonly troubles: readonly string[];
  readonly checks: Readonly<Record<'well' | 'failing' | 'unknown', number>>;
}

const graceMs = 10_000;
const storeWithinMs = 10_000;
const machineEveryMs = 1_000;
const summaryEveryMs = 5 * 60_000;
const retainEveryMs = 60 * 60_000;

/** Opens all that the daemon needs; nothing runs before `run`. Rejects with a Fault when another daemon holds the store. */
export async function openWatch(options: WatchOptions): Promise<Watch> {
  const { probes, storeKind, clock, signal, toolVersion, tell } = options;
  let { loaded } = options;
  let checks = watchedChecks(loaded.project, probes);
  const { place } = loaded.project;
  const file = loaded.project.store.path;
  await makeFolder(dirname(file)).catch((cause: unknown) => {
    throw new Fault('store/unwritable', `the store ${file} has no folder, and none can be made: ${(cause as Error).message}`, {
      hint: 'set store.path in the project file',
      cause,
    });
  });

  await using opening = new AsyncDisposableStack();
  opening.use(await storeKind.hold({ file }));
  const store = opening.use(await storeKind.open({ file }));
  const beliefs = createBeliefs();
  const counts = createCounts();
  const heartbeats = await openHeartbeats(`${file}.heartbeats`, clock);
  const recorder = createRecorder({
    store,
    clock,
    tell: (event) => {
      if (event.type === 'dropped') {
        metrics.dropped(event.results);
        return tell(event);
      }
      metrics.stored({ ok: event.type === 'stored', ...event });
      if (event.type === 'not-stored' && counts.storeFails(true)) tell({ type: 'store-failing', because: event.because });
      if (event.type === 'stored' && counts.storeFails(false)) tell({ type: 'store-well-again', waiting: recorder.waiting() });
    },
  });
  const kept = opening.use(
    keepParts({
      clock,
      tell: (event) => {
        if (event.type === 'opened') metrics.opened(event.part);
        if (event.type === 'not-opened' || event.type === 'not-closed') tell(event);
      },
    }),
  );
  const disks = [
    { holds: 'the store', path: dirname(file) },
    { holds: 'temporary files', path: tmpdir() },
  ];
  const machine = opening.use(
    followMachine({
      clock,
      observer: options.machine ?? createMachineObserver({ clock, disks, references: loaded.project.references }),
      tell,
    }),
  );
  const states = () => counts.states(checks.map(({ name }) => beliefs.of(name)));
  const troubles = (): readonly string[] => {
    const trouble = recorder.trouble();
    return [...(trouble === undefined ? [] : [`results cannot be stored: ${trouble}`]), ...machine.troubles().map(({ says }) => says)];
  };
  const metrics = opening.use(
    createMetrics({
      version: toolVersion,
      place,
      view: () => ({
        checks: states(),
        waitingRuns: schedule?.tally().waiting ?? 0,
        runningRuns: counts.running(),
        troubles: machine.troubles().map(({ kind }) => kind),
        waitingResults: recorder.waiting(),
        storeBytes: sizeOf(file),
        keptParts: kept.open(),
      }),
    }),
  );
  const runs = createRuns({
    probes,
    clock,
    kept,
    heartbeats,
    machine,
    place,
    evidenceFolder: `${file}.evidence`,
    tell,
  });
  let schedule: ReturnType<typeof startSchedule<ReturnType<typeof jobsOf>[number]>> | undefined;

  let redactor = createRedactor([]);

  const use = (next: LoadedProject, watched: readonly Check[]): void => {
    loaded = next;
    checks = watched;
    redactor = createRedactor(next.secrets);
    runs.use(redactor);
    metrics.declare(checks);
    beliefs.keepOnly(checks.map(({ name }) => name));
    for (const { name } of checks) metrics.believe(name, counts.isFailing(beliefs.of(name)));
  };
  const tellUnscheduled = (): void => {
    const names = checks.filter((check) => !isScheduled(check)).map(({ name }) => name);
    if (names.length > 0) tell({ type: 'without-interval', checks: names });
  };
  const accounted = new Map<string, number>();
  for (const check of checks) {
    const last = await beliefs.recall(check, store);
    if (last !== undefined) accounted.set(check.name, last.dueAtMs);
  }
  use(loaded, checks);
  const parts = opening.move();

  return {
    metrics,
    heartbeatToken: () => loaded.project.heartbeatToken,
    heartbeat: async (name, status, says) => {
      const waiting = checks.filter((check) => probes.get(check.probe)?.awaits?.(check.options).includes(name));
      if (waiting.length === 0) return false;
      await heartbeats.take(name, status, says);
      for (const { name: check } of waiting) metrics.heartbeat(check);
      return true;
    },
    health: () => ({ status: troubles().length === 0 ? 'ok' : 'troubled', troubles: troubles(), checks: states() }),
    checks: () => checks.length,
    run: async () => {
      await using background = new AsyncDisposableStack();
      const { otlp } = loaded.project;
      const summarize = (): void =>
        tell({ type: 'summary', summary: { ...states(), ...counts.sinceLast(), waitingResults: recorder.waiting() } });
      tellUnscheduled();
      const firstRound = background.use(followFirstRound({ clock, checks: () => checks, tell: summarize }));
      if (otlp !== undefined) background.use(await pushMetrics({ otlp, place, toolVersion, metrics, tell }));
      schedule = startSchedule({
        jobs: jobsOf(checks, probes, accounted),
        clock,
        signal,
        graceMs,
        limits: { light: loaded.project.limits.checks, heavy: loaded.project.limits.heavy },
        run: async ({ check, weight }, slot, own) => {
          using _ = counts.runs(weight);
          const startedMs = clock.monotonicMs();
          // A reload while it runs changes the secrets.
          const { text: hide } = redactor;
          const ran = runs.run(check, weight, slot, own).catch((error: unknown) => {
            const durationMs = clock.monotonicMs() - startedMs;
            // Without a result the one before would stand for ever, and look well.
            if (!own.aborted) record(check, brokenResult({ check, place, slot, durationMs, error, hide }), []);
            throw error;
          });
          const { result, measures } = await ran;
          record(check, result, measures);
        },
        tell: (event) => {
          if (event.type === 'started') return;
          if (event.type === 'ended') {
            if (event.how === 'threw') tell({ type: 'threw', check: event.id, error: event.error });
            if (event.how === 'aborted') return missed('aborted', 1);
            return firstRound.ended(event.id);
          }
          if (event.type === 'missed') missed(event.why, event.count);
          if (event.type === 'abandoned') missed('abandoned', 1);
          tell(event);
        },
      });
      const record = (check: Check, result: Result, measures: readonly Measure[]): void => {
        recorder.add(result);
        metrics.result(result, measures);
        counts.result(result.status);
        const change = beliefs.take(check, result);
        metrics.believe(check.name, counts.isFailing(beliefs.of(check.name)));
        tell({ type: 'result', check, result });
        if (change !== undefined) tell(change);
      };
      const missed = (why: string, slots: number): void => {
        metrics.missed(why, slots);
        counts.missed(slots);
      };
      background.use(repeatedly(machineEveryMs, clock, machine.look));
      background.use(repeatedly(summaryEveryMs, clock, summarize));
      const retain = retainBy({
        store,
        clock,
        metrics,
        evidenceFolder: `${file}.evidence`,
        retention: () => loaded.project.store.retention,
        tell,
      });
      background.use(repeatedly(retainEveryMs, clock, retain));
      try {
        await schedule.ended;
      } finally {
        await recorder.end(storeWithinMs);
      }
    },
    reload: (next) => {
      const refuse = (faults: readonly Fault[]): void => {
        metrics.reloaded(false);
        tell({ type: 'refused', faults });
      };
      if (!next.ok) return refuse(next.faults);
      let watched: readonly Check[];
      try {
        // Before anything is changed: what is written without a fault may still be of no use here.
        watched = watchedChecks(next.project, probes);
      } catch (error) {
        if (error instanceof Fault) return refuse([error]);
        throw error;
      }
      metrics.reloaded(true);
      const before = settingsOf(loaded.project);
      use(next, watched);
      schedule?.replace(jobsOf(checks, probes));
      const after = settingsOf(next.project);
      const needsRestart = Object.keys(after).filter((name) => after[name] !== before[name]);
      tell({ type: 'reloaded', checks: checks.length, needsRestart });
      tellUnscheduled();
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  };
}
