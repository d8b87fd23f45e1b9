import { startAccubooks, type Accubooks, type AccubooksOptions } from '../systems/accubooks/start-accubooks.ts';
import { startTraffic } from '../systems/accubooks/start-traffic.ts';
import { people, startBoards, type BoardSabotage } from './accubooks-stack/boards.ts';
import { startChannels, type AccubooksChannels, type ChannelSabotage } from './accubooks-stack/channels.ts';
import { renderMonitoring, type Durations, type Monitoring, type MonitoringSabotage } from './accubooks-stack/monitoring.ts';
import { rulesFile, startReplica, type Replica } from './accubooks-stack/replica.ts';
import { clusterOfTwo, type Cluster, type RunningAlertmanager } from './alertmanager.ts';
import { accubooksModules, startBlackbox } from './blackbox.ts';
import { startFaultyProxy, type FaultyProxy, type ProxyFault } from './faulty-proxy.ts';
import { reservePort, type ReservedPort } from './free-port.ts';
import { startHealthchecks, type HealthchecksBehaviour, type RunningHealthchecks } from './healthchecks.ts';
import { partOf, startTogether, type Part } from './part.ts';
import type { RunningPrometheus } from './prometheus.ts';
import { startSupervisor, type SupervisorFault } from './supervisor.ts';

export { shortDurations, type Durations, type Monitoring, type MonitoringSabotage } from './accubooks-stack/monitoring.ts';

/** What is wrong with the stack: from the start, or put in force and taken back while it runs. */
export interface StackSabotage extends MonitoringSabotage, ChannelSabotage {
  readonly app?: NonNullable<AccubooksOptions['sabotage']>;
  readonly boards?: BoardSabotage;
  /** What is wrong with the second Prometheus and Alertmanager, in place of what is wrong with the first. */
  readonly second?: MonitoringSabotage;
  readonly supervisor?: SupervisorFault;
  readonly deadMan?: HealthchecksBehaviour;
  readonly webhook?: readonly ProxyFault[];
  readonly prometheusProxy?: readonly ProxyFault[];
  readonly alertmanagerProxy?: readonly ProxyFault[];
}

export interface AccubooksStackOptions {
  readonly monitoring: Monitoring;
  readonly durations: Durations;
  /** Of the gate, for the boards that it declares; the demo's when left out. */
  readonly environment?: string;
  readonly sabotage?: StackSabotage;
  readonly app?: Omit<AccubooksOptions, 'port' | 'testFaults' | 'sabotage'>;
  /** Requests of users that go on while the stack runs; 0 for none. */
  readonly requestsPerSecond?: number;
  /** Whether a second Prometheus and a second Alertmanager stand beside the first ones; not by default. */
  readonly redundant?: boolean;
}

export interface AccubooksStack extends Part, Omit<AccubooksChannels, 'sabotage' | 'variables'> {
  readonly app: Accubooks;
  readonly prometheus: RunningPrometheus;
  readonly alertmanager: RunningAlertmanager;
  /** The second Prometheus and Alertmanager, where there are any. */
  readonly second: Replica | undefined;
  /** The dead-man's switch outside, which tells the on-call Slack channel. */
  readonly healthchecks: RunningHealthchecks;
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

/** Rates on the metrics page cover this much of the past, and the cache is this large: a fault shows at once, and is forgotten at once. */
const smallApp = { windowMs: 10_000, cacheBytes: 8 * 1024 * 1024 };

/** Starts AccuBooks with everything that watches it, and waits until it is being watched. All of it or nothing. */
export async function startAccubooksStack(options: AccubooksStackOptions): Promise<AccubooksStack> {
  const { durations, sabotage: sabotaged = {}, app: appOptions = smallApp, requestsPerSecond = 20, redundant = false } = options;
  await using stack = new AsyncDisposableStack();
  const local = (port: number): string => `127.0.0.1:${String(port)}`;

  // All addresses come first, so that everything can start at once: Prometheus finds no target in its first 5 s anyway.
  const ports = await startTogether(stack, [reservePort(), reservePort(), reservePort(), reservePort(), reservePort()]);
  const [appPort, prometheusPort, alertmanagerPort, sinkPort, blackboxPort] = ports;
  const secondPorts = await startTogether(stack, [reservePort(), reservePort()]);
  const clusters = redundant ? await clusterOfTwo() : [];
  const proxyOf = async ({ port }: { port: number }): Promise<FaultyProxy> => await startFaultyProxy({ target: `http://${local(port)}` });
  const [appProxy, prometheusProxy, alertmanagerProxy, webhookProxy] = await startTogether(stack, [
    proxyOf(appPort),
    proxyOf(prometheusPort),
    proxyOf(alertmanagerPort),
    proxyOf(sinkPort),
  ]);
  const { sabotage: sabotageChannels, variables, ...channels } = await startChannels(stack, sabotaged);
  const { mail, slack, pagerduty, bridge } = channels;

  // Two pings of the watchdog may be twice its repeat_interval apart: the switch must outlast that.
  const healthchecks = stack.use(await startHealthchecks({ timeoutMs: 3_000, graceMs: 3_000, notifyUrl: slack.webhook }));

  const webhookUrl = `${webhookProxy.url}/alerts`;
  const values = {
    APP_ADDRESS: appProxy.address,
    ALERTMANAGER_ADDRESSES: [alertmanagerProxy.address, ...(redundant ? [local(secondPorts[1].port)] : [])].join("', '"),
    BLACKBOX_ADDRESS: local(blackboxPort.port),
    RULES_FILE: rulesFile,
    SMTP_ADDRESS: local(mail.smtpPort),
    WEBHOOK_URL: webhookUrl,
    SLACK_WEBHOOK_URL: slack.webhook,
    PAGERDUTY_EVENTS_URL: `${pagerduty.url}/v2/enqueue`,
    PAGERDUTY_KEY: pagerduty.routingKey,
    PHONE_BRIDGE_URL: bridge.alertsUrl,
    DEAD_MAN_URL: healthchecks.pingUrl,
  };
  const render = (REPLICA: string, monitoring: Monitoring, sabotage: MonitoringSabotage) =>
    renderMonitoring({ monitoring, durations, values: { ...values, REPLICA }, sabotage });
  const start = async (name: string, [prometheusAt, alertmanagerAt]: readonly ReservedPort[], cluster: Cluster | undefined) =>
    await startReplica({
      files: await render(name, options.monitoring, sabotaged),
      prometheusPort: prometheusAt?.port ?? 0,
      alertmanagerPort: alertmanagerAt?.port ?? 0,
      ...(cluster === undefined ? {} : { cluster }),
    });
  const [app, first] = await startTogether(stack, [
    startApp({ ...appOptions, port: appPort.port, testFaults: true, sabotage: sabotaged.app }),
    start('a', [prometheusPort, alertmanagerPort], clusters[0]),
    startBlackbox({ config: await accubooksModules, port: blackboxPort.port }),
  ]);
  const second = redundant ? stack.use(await start('b', secondPorts, clusters[1])) : undefined;
  const replicas = second === undefined ? { a: first } : { a: first, b: second };
  const supervisor = stack.use(await startSupervisor(replicas));
  const { prometheus, alertmanager } = first;
  if (requestsPerSecond > 0) stack.use(startUsers(app.url, requestsPerSecond));

  const sabotageProxies = ({ webhook = [], prometheusProxy: metrics = [], alertmanagerProxy: alerts = [] }: StackSabotage): void => {
    appProxy.behave();
    webhookProxy.behave(...webhook);
    prometheusProxy.behave(...metrics);
    alertmanagerProxy.behave(...alerts);
  };
  sabotageProxies(sabotaged);

  await Promise.all(Object.values(replicas).map((one) => one.watched()));
  // Whoever is asked while everything starts answers late: a gate would take that for an outage.
  if (sabotaged.prometheusConfig === undefined && sabotaged.app === undefined) await prometheus.waitForUpFor('5s');

  const deadMan = { DEAD_MAN_API: healthchecks.url, DEAD_MAN_KEY: healthchecks.apiKey, DEAD_MAN_CHECK: healthchecks.check };
  const everything = { ...deadMan, ...variables, ...people, PROMETHEUS_URL: prometheusProxy.url, ALERTMANAGER_URL: alertmanagerProxy.url };
  const boards = stack.use(await startBoards(everything, options.environment ?? 'demo'));

  let monitoring = options.monitoring;
  let appSabotage = sabotaged.app;
  const load = async (next: Monitoring, sabotage: MonitoringSabotage & Pick<StackSabotage, 'second'> = {}): Promise<void> => {
    const files = await Promise.all([render('a', next, sabotage), render('b', next, sabotage.second ?? sabotage)]);
    await Promise.all([first.load(files[0]), second?.load(files[1])]);
    monitoring = next;
  };
  const sabotage = async (next: StackSabotage): Promise<void> => {
    const isAppChanged = next.app !== appSabotage;
    appSabotage = next.app;
    app.sabotage(next.app ?? {});
    sabotageChannels(next);
    sabotageProxies(next);
    healthchecks.behave(next.deadMan ?? { kind: 'work' });
    await boards.sabotage(next.boards);
    supervisor.behave(next.supervisor);
    await load(monitoring, next);
    // What the application does not tell any more is gone from Prometheus with the next scrape, and back with the one after.
    if (isAppChanged) await prometheus.waitForScrapes(2);
  };
  const undos: (() => Promise<unknown>)[] = [];

  return {
    app,
    prometheus,
    alertmanager,
    second,
    healthchecks,
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
      PROMETHEUS_B_URL: `http://${local(secondPorts[0].port)}`,
      ALERTMANAGER_B_URL: `http://${local(secondPorts[1].port)}`,
      SUPERVISOR_URL: supervisor.url,
    },
    load,
    sabotage,
    whenMended: (undo) => void undos.push(undo),
    mend: async () => {
      await supervisor.resumeAll();
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
