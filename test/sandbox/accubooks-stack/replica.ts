import { startAlertmanager, type RunningAlertmanager } from '../alertmanager.ts';
import { partOf, startTogether, type Part } from '../part.ts';
import { startPrometheus, type RunningPrometheus } from '../prometheus.ts';
import type { MonitoringFiles } from './monitoring.ts';

export const rulesFile = 'alerts.yml';

export interface ReplicaOptions {
  readonly files: MonitoringFiles;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  /** Where this Alertmanager meets the others; it meets nobody when left out. */
  readonly cluster?: { readonly port: number; readonly peers: readonly number[] };
}

/** One Prometheus and one Alertmanager: a whole way for alerts to take. */
export interface Replica extends Part {
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningAlertmanager;
  /** Puts other files in force, by reload or, where only flags can do it, by restart, and waits until rules were evaluated. */
  load(files: MonitoringFiles): Promise<void>;
  /** Waits until it has scraped everything twice and has evaluated its rules. */
  watched(): Promise<void>;
  /** Ends both at once, as a lost machine would. */
  crash(): Promise<void>;
  /** Starts both again, with the same data at the same addresses. */
  resume(): Promise<void>;
}

export async function startReplica({ files, prometheusPort, alertmanagerPort, cluster }: ReplicaOptions): Promise<Replica> {
  await using stack = new AsyncDisposableStack();
  const [prometheus, alertmanager] = await startTogether(stack, [
    startPrometheus({ ...prometheusOptionsOf(files), port: prometheusPort }),
    startAlertmanager({ config: files.alertmanagerConfig, port: alertmanagerPort, ...(cluster === undefined ? {} : { cluster }) }),
  ]);
  let inForce: MonitoringFiles | undefined = files;
  const watched = async (): Promise<void> => {
    await prometheus.waitForScrapes(1);
    await Promise.all([prometheus.waitForScrapes(2), prometheus.waitForRules()]);
  };
  return {
    prometheus,
    alertmanager,
    watched,
    load: async (after) => {
      const before = inForce;
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return;
      // Unknown until all of it is loaded: after a refusal, the next load must not trust what was there before.
      inForce = undefined;
      await Promise.all([loadPrometheus(prometheus, before, after), loadAlertmanager(alertmanager, before, after)]);
      inForce = after;
      await watched();
    },
    crash: async () => {
      await Promise.all([prometheus.crash(), alertmanager.crash()]);
    },
    resume: async () => {
      await Promise.all([prometheus.resume(), alertmanager.resume()]);
    },
    ...partOf(stack.move()),
  };
}

function prometheusOptionsOf({ prometheusConfig, rules, prometheusFlags }: MonitoringFiles) {
  return { config: prometheusConfig, rules: { [rulesFile]: rules }, flags: prometheusFlags };
}

async function loadPrometheus(prometheus: RunningPrometheus, before: MonitoringFiles | undefined, after: MonitoringFiles): Promise<void> {
  const sameFlags = before?.prometheusFlags.join(' ') === after.prometheusFlags.join(' ');
  const sameFiles = before?.prometheusConfig === after.prometheusConfig && before.rules === after.rules;
  if (!sameFlags) await prometheus.restart(prometheusOptionsOf(after));
  else if (!sameFiles) await prometheus.reload(prometheusOptionsOf(after));
}

async function loadAlertmanager(
  alertmanager: RunningAlertmanager,
  before: MonitoringFiles | undefined,
  after: MonitoringFiles,
): Promise<void> {
  if (before?.alertmanagerConfig !== after.alertmanagerConfig) await alertmanager.reload(after.alertmanagerConfig);
}
