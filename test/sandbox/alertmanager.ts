import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask, askJson, valueOf } from './ask.ts';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { crash, startProcess, type RunningProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

export interface AlertmanagerOptions {
  /** alertmanager.yml */
  readonly config: string;
  readonly flags?: readonly string[];
  readonly port?: number;
  /** None by default. */
  readonly cluster?: Cluster;
}

/** The port of a cluster that others can join, and the ports of those whom it joins. */
export interface Cluster {
  readonly port: number;
  readonly peers: readonly number[];
}

export interface SilenceOptions {
  /** Labels that must be equal. */
  readonly labels: Readonly<Record<string, string>>;
  readonly lastsMs?: number;
  readonly comment?: string;
}

export interface RunningAlertmanager extends Part {
  readonly url: string;
  readonly port: number;
  pid(): number;
  /** The configuration as last written: in force unless the reload was refused. */
  written(): string;
  /** Loads a configuration and waits until it is in force. Throws what Alertmanager says when it refuses. */
  reload(config: string): Promise<void>;
  /** Ends it at once, as a lost machine would. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address with the same data; in another cluster, or in none, if that is said. */
  resume(cluster?: Cluster | null): Promise<void>;
  /** Makes a silence, waits until it is active and returns its id. */
  silence(options: SilenceOptions): Promise<string>;
  /** Ends a silence and waits until it has ended. */
  expireSilence(id: string): Promise<void>;
  /** Posts an alert as Prometheus would. */
  postAlert(alert: {
    labels: Readonly<Record<string, string>>;
    annotations?: Readonly<Record<string, string>>;
    lastsMs?: number;
  }): Promise<void>;
  log(): string;
}

/** Starts a real Alertmanager on loopback with a storage of its own. */
export async function startAlertmanager({
  config,
  flags = [],
  port: wantedPort,
  cluster,
}: AlertmanagerOptions): Promise<RunningAlertmanager> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('alertmanager')).path;
  const port = wantedPort ?? stack.use(await reservePort()).port;
  const url = `http://127.0.0.1:${String(port)}`;
  const configFile = path.join(folder, 'alertmanager.yml');
  let written = config;
  await writeFile(configFile, config);

  const start = async (joined: Cluster | null | undefined): Promise<RunningProcess> =>
    await startProcess({
      name: 'alertmanager',
      command: '/usr/bin/prometheus-alertmanager',
      folder,
      args: [
        `--config.file=${configFile}`,
        `--storage.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(port)}`,
        ...clusterFlags(joined),
        ...flags,
      ],
      ready: async () => (await ask('GET', `${url}/-/ready`)) !== '',
    });
  let running = await start(cluster);
  stack.defer(async () => await running.stop());

  const reload = async (next: string): Promise<void> => {
    const before = valueOf(await ask('GET', `${url}/metrics`), reloadedAt);
    written = next;
    await writeFile(configFile, next);
    await ask('POST', `${url}/-/reload`);
    await waitUntil(
      'Alertmanager has reloaded its configuration',
      async () => valueOf(await ask('GET', `${url}/metrics`), reloadedAt) > before,
    );
  };

  return {
    url,
    port,
    pid: () => running.pid,
    written: () => written,
    reload,
    crash: async () => await crash(running),
    resume: async (joined = cluster) => {
      running = await start(joined);
    },
    silence: async (options) => await silence(url, options),
    expireSilence: async (id) => {
      await ask('DELETE', `${url}/api/v2/silence/${id}`);
      await waitForSilence(url, id, 'expired');
    },
    postAlert: async ({ labels, annotations = {}, lastsMs = 60_000 }) => {
      const now = Date.now();
      const times = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + lastsMs).toISOString() };
      await ask('POST', `${url}/api/v2/alerts`, [{ labels, annotations, ...times }]);
    },
    log: () => running.log(),
    ...partOf(stack.move()),
  };
}

/** Where two Alertmanagers meet. The ports are let go again at once: what stands for a reservation is in the way of a cluster's own UDP. */
export async function clusterOfTwo(): Promise<readonly [Cluster, Cluster]> {
  await using first = await reservePort();
  await using second = await reservePort();
  return [
    { port: first.port, peers: [second.port] },
    { port: second.port, peers: [first.port] },
  ];
}

/** How long each member waits for the one before it to tell an alert; 15 s by default. */
export const peerTimeoutS = 2;

/** Short times, for the few milliseconds between members on one machine; by default a member that joins settles for some 10 s. */
function clusterFlags(cluster: Cluster | null | undefined): readonly string[] {
  if (cluster === undefined || cluster === null) return ['--cluster.listen-address='];
  return [
    `--cluster.listen-address=127.0.0.1:${String(cluster.port)}`,
    ...cluster.peers.map((peer) => `--cluster.peer=127.0.0.1:${String(peer)}`),
    '--cluster.gossip-interval=50ms',
    '--cluster.pushpull-interval=1s',
    '--cluster.reconnect-interval=1s',
    `--cluster.peer-timeout=${String(peerTimeoutS)}s`,
  ];
}

const reloadedAt = 'alertmanager_config_last_reload_success_timestamp_seconds';

async function silence(url: string, { labels, lastsMs = 10 * 60_000, comment = 'a test' }: SilenceOptions): Promise<string> {
  const now = Date.now();
  const { silenceID } = await askJson<{ silenceID: string }>('POST', `${url}/api/v2/silences`, {
    matchers: Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + lastsMs).toISOString(),
    createdBy: 'test sandbox',
    comment,
  });
  await waitForSilence(url, silenceID, 'active');
  return silenceID;
}

async function waitForSilence(url: string, id: string, state: string): Promise<void> {
  await waitUntil(`the silence ${id} is ${state}`, async () => {
    const { status } = await askJson<{ status: { state: string } }>('GET', `${url}/api/v2/silence/${id}`);
    return status.state === state;
  });
}
