import { startAlertmanager, type RunningAlertmanager } from './alertmanager.ts';
import { startExporter, type RunningExporter } from './exporter.ts';
import { partOf, startTogether, type Part } from './part.ts';
import { startPrometheus, type RunningPrometheus } from './prometheus.ts';

export interface StackOptions {
  /** What the exporter shows at first, in the Prometheus text format. */
  readonly metrics: string | (() => string);
  /** A rule file. */
  readonly rules?: string;
  /** Of scrapes and of rules. */
  readonly interval?: string;
  /** alertmanager.yml; one that keeps every alert to itself when not given. */
  readonly alertmanagerConfig?: string;
  readonly prometheusFlags?: readonly string[];
}

export interface RunningStack extends Part {
  readonly exporter: RunningExporter;
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningAlertmanager;
}

/** The job under which the exporter is scraped. */
const exporterJob = 'exporter';

const keepsEverything = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n';

/** Starts the smallest real stack: an exporter, a Prometheus that has scraped it, an Alertmanager. All of it or nothing. */
export async function startStack({
  metrics,
  rules,
  interval = '1s',
  alertmanagerConfig = keepsEverything,
  prometheusFlags = [],
}: StackOptions): Promise<RunningStack> {
  await using stack = new AsyncDisposableStack();
  const [exporter, alertmanager] = await startTogether(stack, [startExporter(metrics), startAlertmanager({ config: alertmanagerConfig })]);
  const prometheus = stack.use(
    await startPrometheus({
      config: `
global: { scrape_interval: ${interval}, evaluation_interval: ${interval} }
rule_files: ['*.rules.yml']
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${String(alertmanager.port)}'] }] }] }
scrape_configs: [{ job_name: ${exporterJob}, static_configs: [{ targets: ['${exporter.address}'] }] }]
`,
      rules: rules === undefined ? {} : { 'stack.rules.yml': rules },
      flags: prometheusFlags,
    }),
  );
  await prometheus.waitForScrapes(1);
  await Promise.all([prometheus.waitForScrapes(2), prometheus.waitForRules()]);
  return { exporter, prometheus, alertmanager, ...partOf(stack.move()) };
}
