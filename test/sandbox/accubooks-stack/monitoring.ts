import { readFile } from 'node:fs/promises';

/** The monitoring as the guide's examples have it, or as it should be. */
export type Monitoring = 'as-written' | 'repaired';

/** Which text becomes which, in all three files: `{ 'for: 5m': 'for: 4s', '[5m]': '[10s]' }`. Longer texts win over shorter ones. */
export type Durations = Readonly<Record<string, string>>;

type Change = (text: string) => string;

/** Changes to the files of the monitoring, made last. One that changes nothing is an error: it would prove nothing. */
export interface MonitoringSabotage {
  readonly prometheusConfig?: Change;
  readonly rules?: Change;
  readonly alertmanagerConfig?: Change;
  /** Replaces Prometheus's flags. */
  readonly prometheusFlags?: readonly string[];
}

export interface MonitoringFiles {
  readonly prometheusConfig: string;
  readonly rules: string;
  readonly alertmanagerConfig: string;
  readonly prometheusFlags: readonly string[];
}

export interface MonitoringOptions {
  readonly monitoring: Monitoring;
  readonly durations: Durations;
  /** What stands in the templates as `${NAME}`. */
  readonly values: Readonly<Record<string, string>>;
  readonly sabotage: MonitoringSabotage;
}

/** The guide says nothing about retention, so Prometheus keeps its default of 15 days. */
const flags: Readonly<Record<Monitoring, readonly string[]>> = {
  'as-written': [],
  repaired: ['--storage.tsdb.retention.time=30d'],
};

/** What the guide leaves out, and without which its files load no rule and reach no Alertmanager. Its own lines stay as they are. */
const leftOut = `
rule_files:
  - \${RULES_FILE}
alerting:
  alertmanagers:
    - static_configs:
        - targets: ['\${ALERTMANAGER_ADDRESSES}']
`;
const guidesAddress = 'localhost:3000';

/**
 * The guide's durations made short enough for a demo, and nothing else about the rules. A window must hold several scrapes
 * and a `for` must outlast a few evaluations, which is why the two shrink differently.
 */
export const shortDurations: Durations = {
  'scrape_interval: 15s': 'scrape_interval: 1s',
  'evaluation_interval: 15s': 'evaluation_interval: 1s',
  'interval: 15s': 'interval: 1s',
  'interval: 30s': 'interval: 1s',
  'for: 30s': 'for: 2s',
  'for: 5m': 'for: 4s',
  'for: 10m': 'for: 5s',
  '[5m]': '[10s]',
  'group_wait: 30s': 'group_wait: 1s',
  'group_interval: 5m': 'group_interval: 2s',
  // The watchdog's own, so that a dead-man's switch can be short too.
  'group_interval: 30s': 'group_interval: 1s',
  'repeat_interval: 30s': 'repeat_interval: 1s',
};

/** Reads the files of one kind of monitoring and makes what Prometheus and Alertmanager run with. */
export async function renderMonitoring({ monitoring, durations, values, sabotage }: MonitoringOptions): Promise<MonitoringFiles> {
  const render = async (kind: Monitoring, file: string, change: Change | undefined): Promise<string> => {
    const template = await readFile(new URL(`../../systems/accubooks/monitoring/${kind}/${file}`, import.meta.url), 'utf8');
    const completed =
      kind === 'as-written' && file === 'prometheus.yml' ? template.replace(guidesAddress, '${APP_ADDRESS}') + leftOut : template;
    const text = fillIn(shorten(completed, durations), values);
    if (change === undefined) return text;
    const changed = change(text);
    if (changed === text) throw new Error(`the sabotage of ${file} changes nothing in it:\n${text}`);
    return changed;
  };
  return {
    prometheusConfig: await render(monitoring, 'prometheus.yml', sabotage.prometheusConfig),
    rules: await render(monitoring, 'alerts.yml', sabotage.rules),
    // The guide has no configuration of Alertmanager to be taken at its word.
    alertmanagerConfig: await render('repaired', 'alertmanager.yml', sabotage.alertmanagerConfig),
    prometheusFlags: sabotage.prometheusFlags ?? flags[monitoring],
  };
}

/** Replaces whole words only: `for: 5m` is not found in `for: 5m30s`, nor `interval: 15s` in `scrape_interval: 15s`. */
function shorten(text: string, durations: Durations): string {
  const longestFirst = Object.keys(durations).toSorted((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text;
  const wholeWords = longestFirst.map(
    (from) => `${/^\w/.test(from) ? '(?<!\\w)' : ''}${RegExp.escape(from)}${/\w$/.test(from) ? '(?!\\w)' : ''}`,
  );
  const pattern = new RegExp(wholeWords.join('|'), 'g');
  return text.replace(pattern, (from) => durations[from] ?? from);
}

function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to put in place of ${placeholder}`);
    return value;
  });
}
