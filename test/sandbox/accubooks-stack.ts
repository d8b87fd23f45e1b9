import { startAccubooks, type Accubooks, type AccubooksOptions } from '../systems/accubooks/start-accubooks.ts';
import { startTraffic } from '../systems/accubooks/start-traffic.ts';
import {
  renderMonitoring,
  type Durations,
  type Monitoring,
  type MonitoringFiles,
  type MonitoringSabotage,
} from './accubooks-stack/monitoring.ts';
import { startAlertmanager, type RunningAlertmanager } from './alertmanager.ts';
import { startFaultyProxy, type FaultyProxy, type ProxyFault } from './faulty-proxy.ts';
import { reservePort } from './free-port.ts';
import { startMail, type MailBehaviour, type RunningMail } from './mail.ts';
import { partOf, startTogether, type Part } from './part.ts';
import { startPrometheus, type RunningPrometheus } from './prometheus.ts';

export { shortDurations, type Durations, type Monitoring, type MonitoringSabotage } from './accubooks-stack/monitoring.ts';

/** What is wrong with the stack from the start. Most of it can also be done, and undone, while it runs. */
export interface StackSabotage extends MonitoringSabotage {
  readonly app?: NonNullable<AccubooksOptions['sabotage']>;
  readonly mail?: MailBehaviour;
  readonly webhook?: readonly ProxyFault[];
}

export interface AccubooksStackOptions {
  readonly monitoring: Monitoring;
  readonly durations: Durations;
  readonly sabotage?: StackSabotage;
  readonly app?: Omit<AccubooksOptions, 'port' | 'testFaults' | 'sabotage'>;
  /** Requests of users that go on while the stack runs; 0 for none. */
  readonly requestsPerSecond?: number;
}

export interface AccubooksStack extends Part {
  readonly app: Accubooks;
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningAlertmanager;
  readonly mail: RunningMail;
  /** Each stands in front of one part: everybody, the gate and the other parts, asks through it. */
  readonly appProxy: FaultyProxy;
  readonly prometheusProxy: FaultyProxy;
  readonly alertmanagerProxy: FaultyProxy;
  /** Between Alertmanager and the gate's own sink, which listens only while a gate runs: 503 until then, so Alertmanager tries again. */
  readonly webhookProxy: FaultyProxy;
  /** What the gate file reads from its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Puts other monitoring in force, sabotaged or not, by reload (by restart where only flags can do it), and waits until rules were evaluated. */
  load(monitoring: Monitoring, sabotage?: MonitoringSabotage): Promise<void>;
}

const rulesFile = 'alerts.yml';

/** Starts AccuBooks with everything that watches it, and waits until it is being watched. All of it or nothing. */
export async function startAccubooksStack(options: AccubooksStackOptions): Promise<AccubooksStack> {
  const { monitoring, durations, sabotage = {}, app: appOptions = {}, requestsPerSecond = 20 } = options;
  await using stack = new AsyncDisposableStack();
  const local = (port: number): string => `127.0.0.1:${String(port)}`;

  // All addresses come first, so that everything can start at once: Prometheus finds no target in its first 5 s anyway.
  const [appPort, prometheusPort, alertmanagerPort, sinkPort] = await startTogether(stack, [
    reservePort(),
    reservePort(),
    reservePort(),
    reservePort(),
  ]);
  const proxyOf = async ({ port }: { port: number }): Promise<FaultyProxy> => await startFaultyProxy({ target: `http://${local(port)}` });
  const [appProxy, prometheusProxy, alertmanagerProxy, webhookProxy, mail] = await startTogether(stack, [
    proxyOf(appPort),
    proxyOf(prometheusPort),
    proxyOf(alertmanagerPort),
    proxyOf(sinkPort),
    startMail(),
  ]);
  mail.behave(sabotage.mail ?? { kind: 'deliver' });
  webhookProxy.behave(...(sabotage.webhook ?? []));

  const webhookUrl = `${webhookProxy.url}/alerts`;
  const values = {
    APP_ADDRESS: appProxy.address,
    ALERTMANAGER_ADDRESS: alertmanagerProxy.address,
    RULES_FILE: rulesFile,
    SMTP_ADDRESS: local(mail.smtpPort),
    WEBHOOK_URL: webhookUrl,
  };
  const files = await renderMonitoring({ monitoring, durations, values, sabotage });
  const [app, prometheus, alertmanager] = await startTogether(stack, [
    startApp({ ...appOptions, port: appPort.port, testFaults: true, sabotage: sabotage.app }),
    startPrometheus({ ...prometheusOptionsOf(files), port: prometheusPort.port }),
    startAlertmanager({ config: files.alertmanagerConfig, port: alertmanagerPort.port }),
  ]);
  if (requestsPerSecond > 0) stack.use(startUsers(app.url, requestsPerSecond));

  const watched = async (): Promise<void> => {
    await prometheus.waitForScrapes(1);
    await Promise.all([prometheus.waitForScrapes(2), prometheus.waitForRules()]);
  };
  await watched();
  let inForce: MonitoringFiles | undefined = files;

  return {
    app,
    prometheus,
    alertmanager,
    mail,
    appProxy,
    prometheusProxy,
    alertmanagerProxy,
    webhookProxy,
    variables: {
      ACCUBOOKS_URL: appProxy.url,
      PROMETHEUS_URL: prometheusProxy.url,
      ALERTMANAGER_URL: alertmanagerProxy.url,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mail.smtpPort),
      IMAP_HOST: '127.0.0.1',
      IMAP_PORT: String(mail.imapPort),
      IMAP_USER: mail.address,
      IMAP_PASSWORD: mail.password,
      WEBHOOK_URL: webhookUrl,
      WEBHOOK_LISTEN: local(sinkPort.port),
    },
    load: async (next, nextSabotage = {}) => {
      const before = inForce;
      const after = await renderMonitoring({ monitoring: next, durations, values, sabotage: nextSabotage });
      // Unknown until all of it is loaded: after a refusal, the next load must not trust what was there before.
      inForce = undefined;
      await Promise.all([loadPrometheus(prometheus, before, after), loadAlertmanager(alertmanager, before, after)]);
      inForce = after;
      await watched();
    },
    ...partOf(stack.move()),
  };
}

async function startApp(options: AccubooksOptions): Promise<Accubooks & AsyncDisposable> {
  const app = await startAccubooks(options);
  return { ...app, [Symbol.asyncDispose]: async () => await app.stop() };
}

function startUsers(url: string, requestsPerSecond: number): AsyncDisposable {
  const leaving = new AbortController();
  const users = startTraffic({ url, requestsPerSecond, signal: leaving.signal });
  return {
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await users;
    },
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
