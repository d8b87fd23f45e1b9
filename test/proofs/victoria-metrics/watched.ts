import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Grade } from '../../../src/gate/grade.ts';
import type { Report } from '../../../src/report/report.ts';
import { proveFile } from '../../prove-file.ts';
import { startAlertmanager, type RunningAlertmanager } from '../../sandbox/alertmanager.ts';
import { startExporter, type RunningExporter } from '../../sandbox/exporter.ts';
import { reservePort } from '../../sandbox/free-port.ts';
import { partOf, startTogether, type Part } from '../../sandbox/part.ts';
import { createTempFolder } from '../../sandbox/temp-folder.ts';
import { startVictoriaMetrics, type RunningVictoriaMetrics } from '../../sandbox/victoria-metrics.ts';

export interface WatchedOptions {
  readonly flags?: readonly string[];
  /** Instead of the stack's own Alertmanager. */
  readonly notifier?: string;
  readonly rules?: string;
}

/** An application with a queue, watched by VictoriaMetrics, vmalert and Alertmanager, and the gate for it. */
export interface Watched extends Part {
  readonly exporter: RunningExporter;
  readonly alertmanager: RunningAlertmanager;
  readonly victoriaMetrics: RunningVictoriaMetrics;
  readonly alertmanagerConfig: string;
  /** Runs the gate: all items, or some with what they rest on; with vmalert named in it, or asked through VictoriaMetrics. */
  prove(options?: { readonly only?: readonly string[]; readonly nameVmalert?: boolean; readonly grade?: Grade }): Promise<Report>;
}

export const healthyRules = `groups:
- name: queue
  interval: 1s
  rules:
  - alert: QueueTooLong
    expr: max by (job) (queue_depth{job="app"})>200
    for: 2s
    labels: { severity: critical }
    annotations: { summary: The queue is long, description: '{{ $value }} jobs wait.' }
`;

export async function startWatched({ flags = [], notifier, rules = healthyRules }: WatchedOptions = {}): Promise<Watched> {
  await using own = new AsyncDisposableStack();
  let depth = 3;
  let jobs = 0;
  let done = 0;
  let isDown = false;
  const app = createServer((asked, response) => {
    if (asked.url === '/queue') depth = asked.method === 'POST' ? 500 : 3;
    if (asked.url === '/down') isDown = asked.method === 'POST';
    if (asked.url === '/work' && !isDown) done += 1;
    response.writeHead(asked.url === '/work' && isDown ? 503 : 204).end();
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  own.defer(() => new Promise<void>((resolve) => app.close(() => resolve())));
  const port = own.use(await reservePort()).port;
  const alertmanagerConfig = `route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 200ms
  group_interval: 1s
  routes: [{ matchers: [severity="critical", alertgroup="queue"], receiver: oncall }]
receivers: [{ name: nobody }, { name: oncall, webhook_configs: [{ url: 'http://127.0.0.1:${String(port)}/alerts' }] }]
`;
  const page = () =>
    `# TYPE queue_depth gauge\nqueue_depth{queue="mail"} ${String(depth)}\n# TYPE jobs_total counter\njobs_total{queue="mail"} ${String((jobs += 7))}\n` +
    (done === 0 ? '' : `# TYPE work_total counter\nwork_total ${String(done)}\n`);
  const [exporter, alertmanager] = await startTogether(own, [startExporter(page), startAlertmanager({ config: alertmanagerConfig })]);
  const victoriaMetrics = own.use(
    await startVictoriaMetrics({
      config: `scrape_configs: [{ job_name: app, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'] }] }]\n`,
      rules,
      alertmanager: notifier ?? alertmanager.url,
      flags,
    }),
  );
  await Promise.all([victoriaMetrics.waitForScrapes(2), victoriaMetrics.waitForRules()]);
  const appUrl = `http://127.0.0.1:${String((app.address() as AddressInfo).port)}`;

  return {
    exporter,
    alertmanager,
    victoriaMetrics,
    alertmanagerConfig,
    prove: async ({ only, nameVmalert = true, grade = 'delivered' } = {}) => {
      const rulesServer = nameVmalert ? `, rules: { url: '${victoriaMetrics.vmalertUrl}' }` : '';
      const stack = `{ prometheus: { url: '${victoriaMetrics.url}' }${rulesServer}, alertmanager: { url: '${alertmanager.url}' } }`;
      return await runGateFile(
        gateFile({ stack, port, appUrl, grade }),
        `check: work\nprobe: http\nsteps: [{ url: '${appUrl}/work' }]\n`,
        only,
      );
    },
    ...partOf(own.move()),
  };
}

interface GateFile {
  readonly stack: string;
  readonly port: number;
  readonly appUrl: string;
  readonly grade: Grade;
}

function gateFile({ stack, port, appUrl, grade }: GateFile): string {
  return `gate: queue
title: The queue is watched by VictoriaMetrics
stack: ${stack}
channels:
  hook: { kind: webhook, url: 'http://127.0.0.1:${String(port)}/alerts', listen: '127.0.0.1:${String(port)}' }
checks: [work.yaml]
items:
  - { id: scrape, statement: The application is scraped, proof: scrape, job: app, interval: 1s, tolerance: 0.3 }
  - id: metrics
    statement: Its queue can be seen
    proof: metrics
    job: app
    metrics:
      - { name: queue_depth, type: gauge, labels: [queue] }
      - { name: jobs_total, type: counter, labels: [queue] }
  - id: moves
    statement: What is done is counted, from the first time on
    proof: metrics
    grade: responsive
    job: app
    metrics: [{ name: work_total, type: counter }]
    stimulus: { check: work }
    moves: [{ series: work_total, by: 1 }]
  - id: work
    statement: The check of the work can fail
    proof: check
    needs: [moves]
    check: work
    grade: shown-to-fail
    fault:
      says: the application refuses to work
      inject: { method: POST, url: '${appUrl}/down' }
      undo: { method: DELETE, url: '${appUrl}/down' }
      lasts: 1m
  - { id: retention, statement: Kept for 30 days, proof: retention, atLeast: 30d }
  - id: alert
    statement: A long queue wakes somebody
    proof: alert
    grade: ${grade}
    rule: QueueTooLong
    expression: 'max(queue_depth{job="app"}) by (job) > 200'
    for: 2s
    labels: { severity: critical }
    annotations: [summary, description]
    firesWhen: [{ say: 250 jobs wait, series: [{ series: 'queue_depth{job="app",queue="mail"}', value: 250 }] }]
    silentWhen: [{ say: 150 jobs wait, series: [{ series: 'queue_depth{job="app",queue="mail"}', value: 150 }] }]
    receivers: [oncall]
    onlyReceivers: true
    channels: [hook]
    deliveredWithin: 20s
    resolvedWithin: 20s
    fault:
      says: the queue is filled
      inject: { method: POST, url: '${appUrl}/queue' }
      undo: { method: DELETE, url: '${appUrl}/queue' }
      lasts: 3m
`;
}

async function runGateFile(text: string, check: string, only: readonly string[] | undefined): Promise<Report> {
  await using folder = await createTempFolder('gate');
  const file = path.join(folder.path, 'gate.yaml');
  await writeFile(file, text);
  await writeFile(path.join(folder.path, 'work.yaml'), check);
  return await proveFile(file, { only });
}
