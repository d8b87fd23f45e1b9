import { startAccubooks, type Accubooks, type AccubooksOptions } from '../systems/accubooks/start-accubooks.ts';
import { startTraffic } from '../systems/accubooks/start-traffic.ts';
import { people, startBoards, type BoardSabotage } from './accubooks-stack/boards.ts';
import { startChannels, type AccubooksChannels, type ChannelSabotage } from './accubooks-stack/channels.ts';
import {
  renderMonitoring,
  type Durations,
  type Monitoring,
  type MonitoringFiles,
  type MonitoringSabotage,
} from './accubooks-stack/monitoring.ts';
import { startAlertmanager, type RunningAlertmanager } from './alertmanager.ts';
import { accubooksModules, startBlackbox } from './blackbox.ts';
import { startFaultyProxy, type FaultyProxy, type ProxyFault } from './faulty-proxy.ts';
import { reservePort } from './free-port.ts';
import { partOf, startTogether, type Part } from './part.ts';
import { startPrometheus, type RunningPrometheus } from './prometheus.ts';

export { shortDurations, type Durations, type Monitoring, type MonitoringSabotage } from './accubooks-stack/monitoring.ts';

/** What is wrong with the stack: from the start, or put in force and taken back while it runs. */
export interface StackSabotage extends MonitoringSabotage, ChannelSabotage {
  readonly app?: NonNullable<AccubooksOptions['sabotage']>;
  readonly boards?: BoardSabotage;
  readonly webhook?: readonly ProxyFault[];
  readonly prometheusProxy?: readonly ProxyFault[];
  readonly alertmanagerProxy?: readonly ProxyFault[];
}

export interface AccubooksStackOptions {
  readonly monitoring: Monitoring;
  readonly durations: Durations;
  readonly sabotage?: StackSabotage;
  readonly app?: Omit<AccubooksOptions, 'port' | 'testFaults' | 'sabotage'>;
  /** Requests of users that go on while the stack runs; 0 for none. */
  readonly requestsPerSecond?: number;
}

export interface AccubooksStack extends Part, Omit<AccubooksChannels, 'sabotage' | 'variables'> {
  readonly app: Accubooks;
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningAlertmanager;
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
  /** Puts a sabotage in force in place of the last one; nothing is wrong any more with `{}`. */
  sabotage(sabotage: StackSabotage): Promise<void>;
  /** Runs `undo` when the stack is mended. */
  whenMended(undo: () => Promise<unknown>): void;
  /** Takes back every sabotage and everything that was to be undone. */
  mend(): Promise<void>;
}

const rulesFile = 'alerts.yml';
/** Rates on the metrics page cover this much of the past, and the cache is this large: a fault shows at once, and is forgotten at once. */
const smallApp = { windowMs: 10_000, cacheBytes: 8 * 1024 * 1024 };

/** Starts AccuBooks with everything that watches it, and waits until it is being watched. All of it or nothing. */
export async function startAccubooksStack(options: AccubooksStackOptions): Promise<AccubooksStack> {
  const { durations, sabotage: sabotaged = {}, app: appOptions = smallApp, requestsPerSecond = 20 } = options;
  await using stack = new AsyncDisposableStack();
  const local = (port: number): string => `127.0.0.1:${String(port)}`;

  // All addresses come first, so that everything can start at once: Prometheus finds no target in its first 5 s anyway.
  const [appPort, prometheusPort, alertmanagerPort, sinkPort, blackboxPort] = await startTogether(stack, [
    reservePort(),
    reservePort(),
    reservePort(),
    reservePort(),
    reservePort(),
  ]);
  const proxyOf = async ({ port }: { port: number }): Promise<FaultyProxy> => await startFaultyProxy({ target: `http://${local(port)}` });
  const [appProxy, prometheusProxy, alertmanagerProxy, webhookProxy] = await startTogether(stack, [
    proxyOf(appPort),
    proxyOf(prometheusPort),
    proxyOf(alertmanagerPort),
    proxyOf(sinkPort),
  ]);
  const { sabotage: sabotageChannels, variables, ...channels } = await startChannels(stack, sabotaged);
  const { mail, slack, pagerduty, bridge } = channels;

  const webhookUrl = `${webhookProxy.url}/alerts`;
  const values = {
    APP_ADDRESS: appProxy.address,
    ALERTMANAGER_ADDRESSES: alertmanagerProxy.address,
    BLACKBOX_ADDRESS: local(blackboxPort.port),
    REPLICA: 'a',
    RULES_FILE: rulesFile,
    SMTP_ADDRESS: local(mail.smtpPort),
    WEBHOOK_URL: webhookUrl,
    SLACK_WEBHOOK_URL: slack.webhook,
    PAGERDUTY_EVENTS_URL: `${pagerduty.url}/v2/enqueue`,
    PAGERDUTY_KEY: pagerduty.routingKey,
    PHONE_BRIDGE_URL: bridge.alertsUrl,
    DEAD_MAN_URL: `${slack.url}/nowhere`,
  };
  const render = (monitoring: Monitoring, sabotage: MonitoringSabotage) => renderMonitoring({ monitoring, durations, values, sabotage });
  const files = await render(options.monitoring, sabotaged);
  const [app, prometheus, alertmanager] = await startTogether(stack, [
    startApp({ ...appOptions, port: appPort.port, testFaults: true, sabotage: sabotaged.app }),
    startPrometheus({ ...prometheusOptionsOf(files), port: prometheusPort.port }),
    startAlertmanager({ config: files.alertmanagerConfig, port: alertmanagerPort.port }),
    startBlackbox({ config: await accubooksModules, port: blackboxPort.port }),
  ]);
  if (requestsPerSecond > 0) stack.use(startUsers(app.url, requestsPerSecond));

  const sabotageProxies = ({ webhook = [], prometheusProxy: metrics = [], alertmanagerProxy: alerts = [] }: StackSabotage): void => {
    appProxy.behave();
    webhookProxy.behave(...webhook);
    prometheusProxy.behave(...metrics);
    alertmanagerProxy.behave(...alerts);
  };
  sabotageProxies(sabotaged);

  const watched = async (): Promise<void> => {
    await prometheus.waitForScrapes(1);
    await Promise.all([prometheus.waitForScrapes(2), prometheus.waitForRules()]);
  };
  await watched();
  // Whoever is asked while everything starts answers late: a gate would take that for an outage.
  if (sabotaged.prometheusConfig === undefined && sabotaged.app === undefined) await prometheus.waitForUpFor('5s');

  const everything = { ...variables, ...people, PROMETHEUS_URL: prometheusProxy.url, ALERTMANAGER_URL: alertmanagerProxy.url };
  const boards = stack.use(await startBoards(everything));

  let inForce: MonitoringFiles | undefined = files;
  let monitoring = options.monitoring;
  let appSabotage = sabotaged.app;
  const load = async (next: Monitoring, sabotage: MonitoringSabotage = {}): Promise<void> => {
    const before = inForce;
    const after = await render(next, sabotage);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return;
    // Unknown until all of it is loaded: after a refusal, the next load must not trust what was there before.
    inForce = undefined;
    await Promise.all([loadPrometheus(prometheus, before, after), loadAlertmanager(alertmanager, before, after)]);
    [inForce, monitoring] = [after, next];
    await watched();
  };
  const sabotage = async (next: StackSabotage): Promise<void> => {
    const isAppChanged = next.app !== appSabotage;
    appSabotage = next.app;
    app.sabotage(next.app ?? {});
    sabotageChannels(next);
    sabotageProxies(next);
    await boards.sabotage(next.boards);
    await load(monitoring, next);
    // What the application does not tell any more is gone from Prometheus with the next scrape, and back with the one after.
    if (isAppChanged) await prometheus.waitForScrapes(2);
  };
  const undos: (() => Promise<unknown>)[] = [];

  return {
    app,
    prometheus,
    alertmanager,
    ...channels,
    appProxy,
    prometheusProxy,
    alertmanagerProxy,
    webhookProxy,
    variables: {
      ...everything,
      ACCUBOOKS_URL: appProxy.url,
      BOARDS_URL: boards.url,
      WEBHOOK_URL: webhookUrl,
      WEBHOOK_LISTEN: local(sinkPort.port),
    },
    load,
    sabotage,
    whenMended: (undo) => void undos.push(undo),
    mend: async () => {
      for (const undo of undos.splice(0).toReversed()) await undo();
      await sabotage({});
      await prometheus.waitForUpFor('6s');
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
