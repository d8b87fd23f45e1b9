import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import type { Gate, ServerDeclaration } from '../gate/gate.ts';
import { wanted, wantsOf, type Generated, type ItemWants, type Source } from './wants.ts';
import { commented, yaml } from './yaml.ts';

/** Where Prometheus finds its secrets. */
const secretsFolder = '/etc/prometheus/secrets';

/** What a gate says of Prometheus beside its rules: who is told, how often what is scraped, how long it is kept. */
export function prometheusConfig(source: Source): Generated {
  const { gate } = source;
  const items = wantsOf(source);
  const jobs = jobsOf(items);
  if (jobs.length === 0 && gate.stack.alertmanager === undefined) {
    const message = `the gate ${gate.name} says neither what Prometheus scrapes nor whom it tells`;
    return { faults: [new Fault('usage/bad-argument', message, { hint: 'add items with "proof: scrape", and stack: { alertmanager }' })] };
  }
  const shortestMs = Math.min(15_000, ...jobs.map(({ everyMs }) => everyMs));
  const text = yaml({
    global: { scrape_interval: formatDuration(shortestMs), evaluation_interval: formatDuration(shortestMs) },
    rule_files: [`${gate.name}.rules.yml`],
    ...alerting(gate),
    ...(jobs.length === 0 ? {} : { scrape_configs: jobs.map(scrapeConfig) }),
  });
  return { text: `${commented('What Prometheus needs beside the rules', gate, remarks(gate, items))}\n${text}` };
}

type Job = NonNullable<ItemWants['scrape']>;

/** One entry for each job, at the shortest interval that anybody asks for. */
function jobsOf(items: readonly ItemWants[]): readonly Job[] {
  const jobs = Map.groupBy(
    wanted(items, 'scrape').map(({ wants }) => wants),
    ({ job }) => job,
  );
  return [...jobs].map(([job, all]) => ({
    job,
    everyMs: Math.min(...all.map(({ everyMs }) => everyMs)),
    targets: [...new Set(all.flatMap(({ targets }) => targets))],
  }));
}

function scrapeConfig({ job, everyMs, targets }: Job): object {
  return { job_name: job, scrape_interval: formatDuration(everyMs), static_configs: [{ targets }] };
}

function alerting({ stack: { prometheus, alertmanager } }: Gate): object {
  if (alertmanager === undefined) return {};
  const isReplicated = (prometheus?.replicas ?? []).length > 0;
  return {
    alerting: {
      ...(isReplicated ? { alert_relabel_configs: [{ regex: 'replica', action: 'labeldrop' }] } : {}),
      alertmanagers: [alertmanager, ...(alertmanager.replicas ?? [])].map(alertmanagerEntry),
    },
  };
}

function alertmanagerEntry({ url, token }: ServerDeclaration): object {
  const { protocol, host, pathname } = new URL(url);
  return {
    scheme: protocol.slice(0, -1),
    ...(pathname === '/' ? {} : { path_prefix: pathname }),
    ...(token === undefined ? {} : { authorization: { credentials_file: `${secretsFolder}/alertmanager.token` } }),
    static_configs: [{ targets: [host] }],
  };
}

function remarks({ stack }: Gate, items: readonly ItemWants[]): readonly string[] {
  const kept = wanted(items, 'keptMs').map(({ wants }) => wants);
  const unplaced = jobsOf(items).filter(({ targets }) => targets.length === 0);
  return [
    ...(kept.length === 0 ? [] : ['', `Start Prometheus with --storage.tsdb.retention.time=${formatDuration(Math.max(...kept))}`]),
    ...((stack.prometheus?.replicas ?? []).length === 0
      ? []
      : [
          '',
          'Give each Prometheus its own name, global: { external_labels: { replica: a } }: it is taken off alerts, so that two are one.',
        ]),
    ...unplaced.flatMap(({ job }) => [
      '',
      `The gate does not say where ${job} is: add its addresses under targets, and metrics_path where that is not /metrics.`,
    ]),
  ];
}
