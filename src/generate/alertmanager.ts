import type { ChannelKind } from '../alert/channel.ts';
import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import type { DeadManDeclaration } from '../gate/gate.ts';
import { parseAlertmanagerConfig, type AlertmanagerConfig } from '../stack/alertmanager/config.ts';
import { routesOf } from '../stack/alertmanager/routing.ts';
import { nonceLabel } from '../stack/alertmanager/test-alert.ts';
import { entriesFor, leadsOf, type Entries, type Leads } from './alertmanager/receivers.ts';
import { matchersOf, routesFor, usual, watchdogRoute, type WrittenRoute } from './alertmanager/routes.ts';
import { withoutSecrets } from './without-secrets.ts';
import { wanted, wantsOf, type Generated, type ItemWants, type Source } from './wants.ts';
import { commented, yaml } from './yaml.ts';

export interface AlertmanagerSource extends Source {
  readonly channels: ReadonlyMap<string, ChannelKind>;
  /** Values that must not be written. */
  readonly secrets: readonly string[];
  /** Where Alertmanager will find its secrets, one file each. */
  readonly secretsFolder: string;
}

/** The receiver of test alerts that no other way leads to their channel. */
const redundancyReceiver = 'liveproof-redundancy';
const redundancyAlerts = 'alertname=~"LiveproofRedundancy.*"';
const repeatedEvery = '4h';

/** The routes and receivers that a gate asks for, as a configuration of Alertmanager. */
export function alertmanagerConfig(source: AlertmanagerSource): Generated {
  const items = wantsOf(source);
  const { leads, faults } = leadsOf(items);
  const unled = unledBy(items, leads);
  const all: Leads = unled === undefined ? leads : new Map([...leads, [redundancyReceiver, [unled.channel]]]);
  const entries = entriesFor([...new Set([...all.values()].flat())], {
    gate: source.gate,
    kinds: source.channels,
    secretsFolder: source.secretsFolder,
  });
  const fallback = [...leads.keys()].toSorted((left, right) => (leads.get(left)?.length ?? 0) - (leads.get(right)?.length ?? 0))[0];
  const everything = [...faults, ...entries.faults, ...noSwitch(source, items), ...(fallback === undefined ? [nobody(source)] : [])];
  if (everything.length > 0 || fallback === undefined) return { faults: everything };

  const watchdogs = watchdogsIn(items);
  const routes: readonly WrittenRoute[] = [
    ...watchdogs.map(({ watchdog, receiver }) => watchdogRoute(watchdog, receiver)),
    // By its name, so that no real alert with these labels goes there too.
    ...(unled === undefined ? [] : [{ matchers: [redundancyAlerts, ...matchersOf(unled.labels)], receiver: redundancyReceiver }]),
    ...routesFor(wanted(items, 'way').map(({ wants }) => wants)),
  ];
  const written = yaml({
    route: {
      receiver: fallback,
      // A real alert has no nonce; each test alert is told by itself, at once, and disturbs no group of real ones.
      group_by: ['alertname', nonceLabel],
      group_wait: formatDuration(usual.groupWaitMs),
      group_interval: formatDuration(usual.groupIntervalMs),
      repeat_interval: repeatedEvery,
      routes,
    },
    receivers: [
      ...[...all].map(([name, channels]) => receiverOf(name, channels, entries)),
      ...[...new Set(watchdogs.map((each) => each.receiver))].map((name) => switchReceiver(name, source.gate.stack.deadMan)),
    ],
  });
  const { text, leftOut } = withoutSecrets(written, source.secrets);
  const astray = strays(items, parseAlertmanagerConfig(text));
  if (astray.length > 0) return { faults: astray };
  return { text: `${commented('Routes and receivers', source.gate, remarks(entries, leftOut))}\n${text}` };
}

function nobody({ gate }: Source): Fault {
  return new Fault('usage/bad-argument', `the gate ${gate.name} names no receiver that an alert must reach`, {
    hint: 'add "receivers" and "channels" to its items with "proof: alert"',
  });
}

/** The redundancy's test alert, when its labels lead no receiver to its channel. */
function unledBy(items: readonly ItemWants[], leads: Leads): ItemWants['led'] {
  const ways = wanted(items, 'way').map(({ wants }) => wants);
  return wanted(items, 'led').find(({ wants: { labels, channel } }) => {
    const same = ways.filter((way) => matchersOf(way.labels).join() === matchersOf(labels).join());
    return !same.some(({ receivers }) => receivers.some((each) => leads.get(each)?.includes(channel)));
  })?.wants;
}

function watchdogsIn(items: readonly ItemWants[]) {
  return wanted(items, 'watchdog').flatMap(({ wants, place }) =>
    wants.receiver === undefined ? [] : [{ watchdog: wants, receiver: wants.receiver, place }],
  );
}

function noSwitch({ gate }: Source, items: readonly ItemWants[]): readonly Fault[] {
  if (gate.stack.deadMan !== undefined) return [];
  return watchdogsIn(items).map(({ receiver: name, place }) => {
    const message = `the gate does not say which dead-man's switch the receiver ${name} pings`;
    return new Fault('config/missing-key', message, { hint: 'add it under stack: { deadMan: { url, apiKey, check } }', place });
  });
}

/** The hosted Healthchecks takes pings at a host of their own. Source: https://healthchecks.io/docs/http_api/ */
function switchReceiver(name: string, deadMan: DeadManDeclaration | undefined): object {
  const base = deadMan?.url === 'https://healthchecks.io' ? 'https://hc-ping.com' : `${deadMan?.url ?? ''}/ping`;
  return { name, webhook_configs: [{ url: `${base}/${deadMan?.check ?? ''}`, send_resolved: false }] };
}

/** Two channels may be reached by one entry: a bridge that calls and writes. */
function receiverOf(name: string, channels: readonly string[], { byChannel }: Entries): object {
  const entries = channels.flatMap((channel) => byChannel.get(channel) ?? []);
  const distinct = [...new Map(entries.map((each) => [JSON.stringify(each), each])).values()];
  const lists = Map.groupBy(distinct, ({ list }) => list);
  return { name, ...Object.fromEntries([...lists].map(([list, own]) => [list, own.map(({ entry }) => entry)])) };
}

/** What was written is read again: every alert must go to its receivers and to no others. */
function strays(items: readonly ItemWants[], { route }: AlertmanagerConfig): readonly Fault[] {
  return wanted(items, 'way').flatMap(({ wants: { alert, labels, receivers }, place }) => {
    const found = new Set(routesOf(route, { ...labels, alertname: alert }).map((each) => each.receiver));
    if (found.symmetricDifference(new Set(receivers)).size === 0) return [];
    const message = `another item's labels take the alert ${alert} to ${[...found].join(' and ')} instead of ${receivers.join(' and ')}`;
    return [new Fault('config/bad-value', message, { hint: 'give the two rules labels that tell them apart', place })];
  });
}

function remarks({ files }: Entries, leftOut: number): readonly string[] {
  const secretFiles = [...files].map(([file, holds]) => `  ${file}  ${holds}`);
  return [
    ...(secretFiles.length === 0 ? [] : ['', 'Alertmanager reads these files; write into each what belongs there:', ...secretFiles]),
    ...(leftOut === 0
      ? []
      : ['', `Secrets that stand in a URL were left out: put them in place of REPLACE-ME (${String(leftOut)} times).`]),
    '',
    'There are no inhibit rules: every alert of the gate has to be told. If you add one, let no test alert',
    'hold back a real one: source_matchers: [severity="critical", liveproof_test!="true"]',
  ];
}
