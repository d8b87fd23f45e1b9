import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { ask, askJson, valueOf } from './ask.ts';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { crash, startProcess, type RunningProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

export interface PrometheusOptions {
  /** prometheus.yml; paths of rule files are relative to the folder that holds it. */
  readonly config: string;
  /** Rule files by name. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly port?: number;
}

export interface PrometheusChange {
  readonly config?: string;
  /** Replaces all rule files. */
  readonly rules?: Readonly<Record<string, string>>;
}

export interface RunningPrometheus extends Part {
  readonly url: string;
  readonly port: number;
  pid(): number;
  /** Configuration and rules as last written: in force unless the reload was refused. */
  written(): Required<PrometheusChange>;
  /** Loads a change and waits until it is in force: configuration, rules, targets and Alertmanagers. Throws what Prometheus says when it refuses. */
  reload(change?: PrometheusChange): Promise<void>;
  /** Stops it and starts it again at the same address with the same data, with a change that a reload cannot make; then as after a reload. */
  restart(change: PrometheusChange & { readonly flags?: readonly string[] }): Promise<void>;
  /** Ends it at once, as a lost machine would. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address with the same data. */
  resume(): Promise<void>;
  /** Waits until it knows its static targets and Alertmanagers, some 5 s after a start. */
  waitForDiscovery(): Promise<void>;
  /** Waits until every target was scraped, successfully or not: `times` scrapes are seen from now on, the latest one counts. */
  waitForScrapes(times: number): Promise<void>;
  /** Waits until every target has been up for a while, as in `5s`. */
  waitForUpFor(duration: string): Promise<void>;
  /** Waits until every loaded rule was evaluated from now on. */
  waitForRules(): Promise<void>;
  log(): string;
}

/** Starts a real Prometheus on loopback with a storage of its own. */
export async function startPrometheus({ config, rules = {}, flags = [], port: wantedPort }: PrometheusOptions): Promise<RunningPrometheus> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('prometheus')).path;
  const port = wantedPort ?? stack.use(await reservePort()).port;
  const url = `http://127.0.0.1:${String(port)}`;
  const configFile = path.join(folder, 'prometheus.yml');
  let written = { config, rules };

  const write = async (change: Required<PrometheusChange>): Promise<void> => {
    for (const name of Object.keys(written.rules)) await rm(path.join(folder, name), { force: true });
    for (const [name, text] of Object.entries(change.rules)) await writeFile(path.join(folder, name), text);
    await writeFile(configFile, change.config);
    written = change;
  };
  await write(written);

  const start = async (currentFlags: readonly string[]): Promise<RunningProcess> =>
    await startProcess({
      name: 'prometheus',
      command: '/usr/bin/prometheus',
      folder,
      args: [
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(port)}`,
        '--web.enable-lifecycle',
        // By default an alert which found no Alertmanager (there is none for 5 s after a reload) is sent again only after a minute.
        // Alertmanager lets an alert end after four times this, which must outlast those 5 s.
        '--rules.alert.resend-delay=2s',
        ...currentFlags,
      ],
      ready: async () => (await ask('GET', `${url}/-/ready`)) !== '',
    });
  let inForceFlags = flags;
  let running = await start(flags);
  stack.defer(async () => await running.stop());

  return {
    url,
    port,
    pid: () => running.pid,
    written: () => written,
    reload: async (change = {}) => {
      const before = valueOf(await ask('GET', `${url}/metrics`), reloadedAt);
      await write({ ...written, ...change });
      await ask('POST', `${url}/-/reload`);
      await waitUntil(
        'Prometheus has reloaded its configuration',
        async () => valueOf(await ask('GET', `${url}/metrics`), reloadedAt) > before,
      );
      await waitForDiscovery(url, written.config);
    },
    restart: async ({ flags: nextFlags = flags, ...change }) => {
      await running.stop();
      await write({ ...written, ...change });
      running = await start(nextFlags);
      inForceFlags = nextFlags;
      await waitForDiscovery(url, written.config);
    },
    crash: async () => await crash(running),
    resume: async () => {
      running = await start(inForceFlags);
    },
    waitForDiscovery: async () => await waitForDiscovery(url, written.config),
    waitForScrapes: async (times) => {
      await waitForDiscovery(url, written.config);
      await waitForScrapes(url, times);
    },
    waitForUpFor: async (duration) => await waitForUpFor(url, duration),
    waitForRules: async () => await waitForRules(url),
    log: () => running.log(),
    ...partOf(stack.move()),
  };
}

const reloadedAt = 'prometheus_config_last_reload_success_timestamp_seconds';

interface Discovered {
  readonly discoveredLabels: Readonly<Record<string, string>>;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly lastScrape: string;
}

/** Discovery runs every 5 s: until then a reloaded Prometheus keeps old targets and has no Alertmanager at all. */
async function waitForDiscovery(url: string, config: string): Promise<void> {
  const wanted = staticTargets(config);
  await waitUntil(`Prometheus has discovered ${[...wanted.scraped, ...wanted.alerted].join(', ')}`, async () => {
    const { data: targets } = await askJson<{ data: { activeTargets: Discovered[]; droppedTargets: Discovered[] } }>(
      'GET',
      `${url}/api/v1/targets`,
    );
    const scraped = [...targets.activeTargets, ...targets.droppedTargets].map((target) => target.discoveredLabels['__address__']);
    const { data: managers } = await askJson<{ data: { activeAlertmanagers: { url: string }[]; droppedAlertmanagers: { url: string }[] } }>(
      'GET',
      `${url}/api/v1/alertmanagers`,
    );
    const alerted = [...managers.activeAlertmanagers, ...managers.droppedAlertmanagers].map((manager) => new URL(manager.url).host);
    return sameSet(scraped, wanted.scraped) && sameSet(alerted, wanted.alerted);
  });
}

interface StaticConfigs {
  readonly static_configs?: readonly { readonly targets: readonly string[] }[];
}

function staticTargets(config: string): { scraped: string[]; alerted: string[] } {
  const parsed = parse(config) as { scrape_configs?: StaticConfigs[]; alerting?: { alertmanagers?: StaticConfigs[] } } | null;
  const targetsOf = (configs: readonly StaticConfigs[] = []): string[] =>
    configs.flatMap((one) => (one.static_configs ?? []).flatMap((group) => group.targets));
  return { scraped: targetsOf(parsed?.scrape_configs), alerted: targetsOf(parsed?.alerting?.alertmanagers) };
}

function sameSet(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.every((one) => right.includes(one)) && right.every((one) => left.includes(one));
}

async function waitForScrapes(url: string, times: number): Promise<void> {
  const seen = new Map<string, Set<string>>();
  await waitUntil(
    `Prometheus has scraped every target ${String(times)} times`,
    async () => {
      const { data } = await askJson<{ data: { activeTargets: Discovered[] } }>('GET', `${url}/api/v1/targets?state=active`);
      const counts = data.activeTargets.map(({ scrapePool, scrapeUrl, lastScrape }) => {
        const target = `${scrapePool} ${scrapeUrl}`;
        const scrapes = seen.get(target) ?? new Set();
        if (!lastScrape.startsWith('0001')) scrapes.add(lastScrape);
        seen.set(target, scrapes);
        return scrapes.size;
      });
      return counts.every((count) => count >= times);
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}

interface RuleGroup {
  readonly name: string;
  readonly lastEvaluation: string;
}

async function waitForUpFor(url: string, duration: string): Promise<void> {
  // And was there all that time: the few samples of a target that has just been found say nothing of the time before.
  const query = encodeURIComponent(`min(min_over_time(up[${duration}])) * (count(up offset ${duration}) == bool count(up))`);
  await waitUntil(
    `every target has been up for ${duration}`,
    async () => {
      const { data } = await askJson<{ data: { result: { value: [number, string] }[] } }>('GET', `${url}/api/v1/query?query=${query}`);
      return data.result[0]?.value[1] === '1';
    },
    { withinMs: 60_000, everyMs: 100 },
  );
}

async function waitForRules(url: string): Promise<void> {
  const since = Date.now();
  await waitUntil(
    'Prometheus has evaluated every rule',
    async () => {
      const { data } = await askJson<{ data: { groups: RuleGroup[] } }>('GET', `${url}/api/v1/rules`);
      return data.groups.every((group) => Date.parse(group.lastEvaluation) >= since);
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}
