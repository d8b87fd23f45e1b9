import type { CounterMetric, GaugeMetric, Metric } from '../metric.ts';

const gauge = (name: string, help: string, labels: readonly string[] = []): GaugeMetric => ({ name, type: 'gauge', labels, help });
const counter = (name: string, help: string, labels: readonly string[] = []): CounterMetric => ({ name, type: 'counter', labels, help });

/** The daemon's own health. */
export const daemonMetrics = {
  build: gauge('liveproof_build_info', 'Always 1; its labels tell which version runs on which Node.', ['version', 'node']),
  checks: gauge('liveproof_checks', 'Checks by what is believed of their targets: well, failing, or unknown as long as nothing was told.', [
    'state',
  ]),
  lateness: {
    name: 'liveproof_lateness_seconds',
    type: 'histogram',
    labels: [],
    help: 'How much later than due runs began.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
  missed: counter('liveproof_missed_slots_total', 'Slots of the schedule in which a check was not run, by reason.', ['reason']),
  waiting: gauge('liveproof_waiting_runs', 'Runs that are due and wait to be let in.'),
  running: gauge('liveproof_running_runs', 'Runs that go on now.', ['lane']),
  trouble: gauge(
    'liveproof_self_trouble',
    '1 while the self-check finds this wrong with the machine, so that failures are told as errors.',
    ['trouble'],
  ),
  heartbeats: counter('liveproof_heartbeats_total', 'Heartbeats that were taken.', ['check']),
  heartbeatsRefused: counter('liveproof_heartbeats_refused_total', 'Requests to /heartbeat that were refused, by reason.', ['reason']),
  storeWrites: counter('liveproof_store_writes_total', 'Writes to the store by how they ended: ok or failed.', ['outcome']),
  storeResults: counter('liveproof_store_results_total', 'Results that the store has acknowledged.'),
  storeDropped: counter(
    'liveproof_store_dropped_results_total',
    'Results that were lost because the store could not be written and the buffer was full.',
  ),
  storeWaiting: gauge('liveproof_store_waiting_results', 'Results that wait to be written.'),
  storeSeconds: {
    name: 'liveproof_store_write_duration_seconds',
    type: 'histogram',
    labels: [],
    help: 'Time that writes to the store took until they were acknowledged.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  },
  storeBytes: gauge('liveproof_store_size_bytes', 'Size of the store on the disk.'),
  removed: counter('liveproof_store_removed_results_total', 'Results that were taken away after their time.'),
  retentionFailures: counter('liveproof_store_retention_failures_total', 'Attempts to take old results away that failed.'),
  kept: gauge('liveproof_kept_parts', 'Parts that are kept between runs, such as browsers.', ['part']),
  keptOpened: counter('liveproof_kept_parts_opened_total', 'How often a kept part was opened; more than once means that it was replaced.', [
    'part',
  ]),
  reloads: counter('liveproof_reloads_total', 'Reloads of the project file by how they ended: ok or refused.', ['outcome']),
  loopLag: gauge(
    'liveproof_event_loop_lag_seconds',
    'How late timers of the process fire, over the time since the last scrape: p50, p99 and max.',
    ['at'],
  ),
  memory: gauge('process_resident_memory_bytes', 'Resident memory of the process.'),
  cpu: counter('process_cpu_seconds_total', 'Processor time that the process has used.'),
  started: gauge('process_start_time_seconds', 'When the process began, in seconds since the epoch.'),
} as const satisfies Readonly<Record<string, Metric>>;
