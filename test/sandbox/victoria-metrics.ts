import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask, askJson, valueOf } from './ask.ts';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

export interface VictoriaMetricsOptions {
  /** What VictoriaMetrics scrapes: `scrape_configs` and what belongs to it. */
  readonly config: string;
  /** The rule file that vmalert runs. */
  readonly rules: string;
  /** Where vmalert sends alerts. */
  readonly alertmanager: string;
  readonly flags?: readonly string[];
  readonly vmalertFlags?: readonly string[];
}

export interface RunningVictoriaMetrics extends Part {
  readonly url: string;
  readonly vmalertUrl: string;
  readonly pids: readonly [victoriaMetrics: number, vmalert: number];
  /** Loads another rule file into vmalert and waits until every rule of it was evaluated. Throws when vmalert refuses it. */
  reloadRules(rules: string): Promise<void>;
  /** Ends vmalert alone. */
  stopVmalert(): Promise<void>;
  /** Waits until every target was scraped, successfully or not, so many times from now on. */
  waitForScrapes(times: number): Promise<void>;
  /** Waits until every rule was evaluated from now on. */
  waitForRules(): Promise<void>;
  log(): string;
}

/** Starts a real VictoriaMetrics with a storage of its own and a real vmalert that asks it and is asked through it, both on loopback. */
export async function startVictoriaMetrics({
  config,
  rules,
  alertmanager,
  flags = [],
  vmalertFlags = [],
}: VictoriaMetricsOptions): Promise<RunningVictoriaMetrics> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('victoria-metrics')).path;
  const [port, vmalertPort] = [stack.use(await reservePort()).port, stack.use(await reservePort()).port];
  const url = `http://127.0.0.1:${String(port)}`;
  const vmalertUrl = `http://127.0.0.1:${String(vmalertPort)}`;
  const rulesFile = path.join(folder, 'rules.yml');
  await writeFile(path.join(folder, 'scrape.yml'), config);
  await writeFile(rulesFile, rules);

  const victoriaMetrics = stack.use(
    await startProcess({
      name: 'victoria-metrics',
      command: '/usr/bin/victoria-metrics',
      folder,
      args: [
        `-httpListenAddr=127.0.0.1:${String(port)}`,
        `-storageDataPath=${path.join(folder, 'data')}`,
        `-promscrape.config=${path.join(folder, 'scrape.yml')}`,
        `-vmalert.proxyURL=${vmalertUrl}`,
        ...flags,
      ],
      ready: async () => (await ask('GET', `${url}/health`)) === 'OK',
    }),
  );
  const vmalert = stack.use(
    await startProcess({
      name: 'vmalert',
      command: '/usr/bin/vmalert',
      folder,
      args: [
        `-httpListenAddr=127.0.0.1:${String(vmalertPort)}`,
        `-rule=${rulesFile}`,
        `-datasource.url=${url}`,
        `-remoteWrite.url=${url}`,
        `-remoteRead.url=${url}`,
        `-notifier.url=${alertmanager}`,
        '-evaluationInterval=1s',
        ...vmalertFlags,
      ],
      ready: async () => (await ask('GET', `${vmalertUrl}/health`)) === 'OK',
    }),
  );

  return {
    url,
    vmalertUrl,
    pids: [victoriaMetrics.pid, vmalert.pid],
    reloadRules: async (next) => {
      await writeFile(rulesFile, next);
      const asked = valueOf(await ask('GET', `${vmalertUrl}/metrics`), 'vmalert_config_last_reload_total');
      await ask('GET', `${vmalertUrl}/-/reload`);
      const page = await waitUntil('vmalert has reloaded its rules', async () => {
        const now = await ask('GET', `${vmalertUrl}/metrics`);
        return valueOf(now, 'vmalert_config_last_reload_total') > asked && now;
      });
      if (valueOf(page, 'vmalert_config_last_reload_successful') === 0) throw new Error(`vmalert refused the rules\n${vmalert.log()}`);
      await waitForRules(vmalertUrl);
    },
    stopVmalert: async () => await vmalert.stop(),
    waitForScrapes: async (times) => await waitForScrapes(url, times),
    waitForRules: async () => await waitForRules(vmalertUrl),
    log: () => `${victoriaMetrics.log()}\n${vmalert.log()}`,
    ...partOf(stack.move()),
  };
}

async function waitForScrapes(url: string, times: number): Promise<void> {
  const seen = new Map<string, Set<string>>();
  await waitUntil(
    `VictoriaMetrics has scraped every target ${String(times)} times`,
    async () => {
      const { data } = await askJson<{ data: { activeTargets: { scrapePool: string; scrapeUrl: string; lastScrape: string }[] } }>(
        'GET',
        `${url}/api/v1/targets?state=active`,
      );
      const counts = data.activeTargets.map(({ scrapePool, scrapeUrl, lastScrape }) => {
        const target = `${scrapePool} ${scrapeUrl}`;
        const scrapes = seen.get(target) ?? new Set();
        if (!lastScrape.startsWith('1970')) scrapes.add(lastScrape);
        seen.set(target, scrapes);
        return scrapes.size;
      });
      return counts.length > 0 && counts.every((count) => count >= times);
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}

async function waitForRules(vmalertUrl: string): Promise<void> {
  const since = Date.now();
  await waitUntil(
    'vmalert has evaluated every rule',
    async () => {
      const { data } = await askJson<{ data: { groups: { rules: { lastEvaluation: string }[] }[] } }>('GET', `${vmalertUrl}/api/v1/rules`);
      return data.groups.every((group) => group.rules.every(({ lastEvaluation }) => Date.parse(lastEvaluation) >= since));
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}
