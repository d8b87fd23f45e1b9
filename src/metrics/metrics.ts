import type { Check } from '../check/check.ts';
import type { Measure } from '../check/measure.ts';
import type { Result } from '../check/result.ts';
import { catalogue } from './catalogue.ts';
import { watchLoop } from './event-loop.ts';
import { checkSeries } from './check-series.ts';
import { createRegistry, type Registry } from './registry.ts';
import type { Sample } from './series.ts';

/** What the daemon is asked for at every scrape. */
export interface DaemonView {
  /** Checks by what is believed of their targets. */
  readonly checks: Readonly<Record<'well' | 'failing' | 'unknown', number>>;
  readonly waitingRuns: number;
  readonly runningRuns: Readonly<Record<string, number>>;
  /** What the self-check finds wrong now. */
  readonly troubles: readonly string[];
  readonly waitingResults: number;
  /** Undefined when it cannot be told. */
  readonly storeBytes: number | undefined;
  /** Kept parts that are open now, by name. */
  readonly keptParts: Readonly<Record<string, number>>;
}

export interface MetricsOptions {
  readonly version: string;
  readonly place: string;
  view(): DaemonView;
}

/** The daemon's metrics: told as things happen, read by Prometheus or pushed by OTLP. */
export interface Metrics extends Pick<Registry, 'pieces' | 'text' | 'families'>, Disposable {
  /** The checks that there are from now on; series of others end. */
  declare(checks: readonly Check[]): void;
  /** A result, and what its probe measured. */
  result(result: Result, measures: readonly Measure[]): void;
  /** What is believed of a check's target; undefined while nothing is. */
  believe(check: string, failing: boolean | undefined): void;
  missed(reason: string, slots: number): void;
  heartbeat(check: string): void;
  heartbeatRefused(reason: string): void;
  stored(write: { readonly ok: boolean; readonly results: number; readonly tookMs: number }): void;
  dropped(results: number): void;
  removed(results: number | 'failed'): void;
  opened(part: string): void;
  reloaded(ok: boolean): void;
}

export function createMetrics({ version, place, view }: MetricsOptions): Metrics {
  const registry = createRegistry();
  const checks = checkSeries(registry, place);
  const loop = watchLoop();

  const each = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
    Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
  const only = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [{ labels: {}, value }]);

  registry.looked({ metric: catalogue.build, look: () => [{ labels: { version, node: process.version }, value: 1 }] });
  registry.looked({ metric: catalogue.checks, look: () => each('state', view().checks) });
  const lateness = registry.histogram(catalogue.lateness);
  const missed = registry.counter(catalogue.missed);
  registry.looked({ metric: catalogue.waiting, look: () => only(view().waitingRuns) });
  registry.looked({ metric: catalogue.running, look: () => each('lane', view().runningRuns) });
  registry.looked({ metric: catalogue.trouble, look: () => view().troubles.map((trouble) => ({ labels: { trouble }, value: 1 })) });
  const heartbeats = registry.counter(catalogue.heartbeats);
  const heartbeatsRefused = registry.counter(catalogue.heartbeatsRefused);
  const storeWrites = registry.counter(catalogue.storeWrites);
  const storeResults = registry.counter(catalogue.storeResults);
  const storeDropped = registry.counter(catalogue.storeDropped);
  registry.looked({ metric: catalogue.storeWaiting, look: () => only(view().waitingResults) });
  const storeSeconds = registry.histogram(catalogue.storeSeconds);
  registry.looked({ metric: catalogue.storeBytes, look: () => only(view().storeBytes) });
  const removed = registry.counter(catalogue.removed);
  const retentionFailures = registry.counter(catalogue.retentionFailures);
  registry.looked({ metric: catalogue.kept, look: () => each('part', view().keptParts) });
  const keptOpened = registry.counter(catalogue.keptOpened);
  const reloads = registry.counter(catalogue.reloads);
  registry.looked({ metric: catalogue.loopLag, look: () => each('at', loop.sinceLastAsked()) });
  registry.looked({ metric: catalogue.memory, look: () => only(process.memoryUsage.rss()) });
  registry.looked({ metric: catalogue.cpu, look: () => only(secondsUsed(process.cpuUsage())) });
  registry.looked({ metric: catalogue.started, look: () => only(performance.timeOrigin / 1000) });

  for (const counter of [storeResults, storeDropped, removed, retentionFailures]) counter.inc({}, 0);
  for (const outcome of ['ok', 'failed']) storeWrites.inc({ outcome }, 0);
  for (const outcome of ['ok', 'refused']) reloads.inc({ outcome }, 0);

  return {
    pieces: registry.pieces,
    text: registry.text,
    families: registry.families,
    declare: checks.declare,
    result: (result, measures) => {
      checks.result(result, measures);
      lateness.observe(result.lateMs / 1000);
    },
    believe: checks.believe,
    missed: (reason, slots) => missed.inc({ reason }, slots),
    heartbeat: (check) => heartbeats.inc({ check }),
    heartbeatRefused: (reason) => heartbeatsRefused.inc({ reason }),
    stored: ({ ok, results, tookMs }) => {
      storeWrites.inc({ outcome: ok ? 'ok' : 'failed' });
      storeSeconds.observe(tookMs / 1000);
      if (ok) storeResults.inc({}, results);
    },
    dropped: (results) => storeDropped.inc({}, results),
    removed: (results) => (results === 'failed' ? retentionFailures.inc({}) : removed.inc({}, results)),
    opened: (part) => keptOpened.inc({ part }),
    reloaded: (ok) => reloads.inc({ outcome: ok ? 'ok' : 'refused' }),
    [Symbol.dispose]: () => loop.stop(),
  };
}

function secondsUsed({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000_000;
}
