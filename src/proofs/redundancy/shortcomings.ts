import { isDeepStrictEqual } from 'node:util';
import type { Parts } from './facts.ts';

/** One thing in which alerting is not redundant, and what to change. */
export interface Shortcoming {
  readonly says: string;
  readonly hint: string;
  /** Whether we could not tell, instead of having seen it. */
  readonly unknown?: boolean;
}

type Seen<Part extends { readonly seen: unknown }> = Exclude<Part['seen'], { readonly trouble: unknown }>;
type SeenPrometheus = { readonly url: string } & Seen<Parts['prometheuses'][number]>;
type SeenAlertmanager = { readonly url: string } & Seen<Parts['alertmanagers'][number]>;

/** Everything that keeps these parts from standing in for each other; none when all of them are whole. */
export function shortcomingsOf({ prometheuses, alertmanagers }: Parts, watchdog: string): readonly Shortcoming[] {
  const seenPrometheuses = prometheuses.flatMap(({ url, seen }) => ('trouble' in seen ? [] : [{ url, ...seen }]));
  const seenAlertmanagers = alertmanagers.flatMap(({ url, seen }) => ('trouble' in seen ? [] : [{ url, ...seen }]));
  return [
    ...tooFew('Prometheus', 'prometheus', prometheuses),
    ...tooFew('Alertmanager', 'alertmanager', alertmanagers),
    ...[...prometheuses, ...alertmanagers].flatMap(({ seen }) =>
      'trouble' in seen ? [{ says: seen.trouble.says, hint: seen.trouble.hint ?? 'is it running?', unknown: true }] : [],
    ),
    ...otherRules(seenPrometheuses),
    ...seenPrometheuses.flatMap((each) => unknownAlertmanagers(each, alertmanagers.length)),
    ...otherAlertmanagers(seenPrometheuses),
    ...seenAlertmanagers.flatMap((each) => notInCluster(each, alertmanagers.length)),
    ...otherMembers(seenAlertmanagers),
    ...otherConfiguration(seenAlertmanagers),
    ...seenAlertmanagers.flatMap((each) => wrongWatchdogs(each, watchdog)),
  ];
}

function tooFew(name: string, key: string, named: readonly { readonly url: string }[]): readonly Shortcoming[] {
  // The same one named twice cannot stand in for itself.
  if (new Set(named.map(({ url }) => url)).size > 1) return [];
  return [
    { says: `the gate names only one ${name}: there is nothing to stand in for it`, hint: `add the others to stack.${key}.replicas` },
  ];
}

function otherRules([first, ...others]: readonly SeenPrometheus[]): readonly Shortcoming[] {
  if (first === undefined) return [];
  return others.flatMap(({ url, rules }) => {
    const missing = first.rules.filter(({ name }) => !rules.some((rule) => rule.name === name));
    const surplus = rules.filter(({ name }) => !first.rules.some((rule) => rule.name === name));
    const definitions = (all: typeof rules, name: string) => all.filter((rule) => rule.name === name).map(({ definition }) => definition);
    const changed = rules.filter(
      ({ name }) =>
        first.rules.some((rule) => rule.name === name) && !isDeepStrictEqual(definitions(rules, name), definitions(first.rules, name)),
    );
    const differ = [
      ...missing.map(({ name }) => `${name} is missing`),
      ...surplus.map(({ name }) => `${name} is only there`),
      ...[...new Set(changed.map(({ name }) => name))].map((name) => `${name} is another rule there`),
    ];
    if (differ.length === 0) return [];
    return [
      { says: `${url} has other rules than ${first.url}: ${differ.join(', ')}`, hint: 'give both the same rule files, and reload them' },
    ];
  });
}

function unknownAlertmanagers({ url, alertmanagers }: SeenPrometheus, wanted: number): readonly Shortcoming[] {
  if (alertmanagers === undefined) {
    return [{ says: `${url} does not say to which Alertmanagers it sends`, hint: 'ask a Prometheus, which does', unknown: true }];
  }
  const count = new Set(alertmanagers).size;
  if (count >= wanted) return [];
  const sends = count === 0 ? 'to no Alertmanager' : `only to ${alertmanagers.join(', ')}`;
  return [
    {
      says: `${url} sends alerts ${sends}; ${String(wanted)} must each be told`,
      hint: 'name every Alertmanager under alerting.alertmanagers, never a load balancer before them',
    },
  ];
}

/** As many is not yet the same: one may tell a stranger in place of one of ours. */
function otherAlertmanagers([first, ...others]: readonly SeenPrometheus[]): readonly Shortcoming[] {
  const told = (one: SeenPrometheus | undefined): readonly string[] => [...new Set(one?.alertmanagers)].toSorted();
  return others
    .filter((one) => one.alertmanagers !== undefined && first?.alertmanagers !== undefined && !isDeepStrictEqual(told(one), told(first)))
    .map((one) => ({
      says: `${one.url} sends alerts to ${told(one).join(', ')}, and ${first?.url ?? ''} to ${told(first).join(', ')}`,
      hint: 'name the same Alertmanagers, by the same addresses, under alerting.alertmanagers of each Prometheus',
    }));
}

function notInCluster({ url, clusterStatus, peers }: SeenAlertmanager, wanted: number): readonly Shortcoming[] {
  if (clusterStatus === 'ready' && peers.length >= wanted) return [];
  const hint = 'start each with --cluster.listen-address, and --cluster.peer= the others, reachable by TCP and UDP';
  if (clusterStatus === 'disabled') {
    return [{ says: `the Alertmanager at ${url} is in no cluster (disabled): each of them would tell every alert`, hint }];
  }
  const knows = peers.length === 1 ? '1 member' : `${String(peers.length)} members`;
  return [{ says: `the cluster of the Alertmanager at ${url} is ${clusterStatus} and has ${knows}; ${String(wanted)} are required`, hint }];
}

/** Who tells an alert first goes by the order of the members: with other members the order is another one, and two may be first. */
function otherMembers([first, ...others]: readonly SeenAlertmanager[]): readonly Shortcoming[] {
  if (first === undefined) return [];
  return others
    .filter(({ peers }) => !isDeepStrictEqual(peers, first.peers))
    .map(({ url, peers }) => ({
      says: `the Alertmanagers at ${first.url} and ${url} know other members of their cluster: ${first.peers.join(', ')}; and ${peers.join(', ')}`,
      hint: 'one that was lost is forgotten after some seconds; otherwise see whether they reach each other by TCP and UDP',
    }));
}

function otherConfiguration([first, ...others]: readonly SeenAlertmanager[]): readonly Shortcoming[] {
  if (first === undefined) return [];
  return others
    .filter(({ config }) => config !== first.config)
    .map(({ url }) => ({
      says: `the Alertmanager at ${url} has another configuration than the one at ${first.url}`,
      hint: 'give both the same alertmanager.yml, and reload them',
    }));
}

/** Two Prometheus that tell the same must be taken for one, or people are told everything twice. */
function wrongWatchdogs({ url, watchdogs: [first, ...others] }: SeenAlertmanager, watchdog: string): readonly Shortcoming[] {
  if (first === undefined) {
    const says = `the Alertmanager at ${url} holds no alert ${watchdog}, though that rule should always fire`;
    return [{ says, hint: `load a rule ${watchdog} with the expression vector(1), and see which Alertmanagers Prometheus sends to` }];
  }
  if (others.length === 0) return [];
  const all = [first, ...others];
  const names = new Set(all.flatMap(({ labels }) => Object.keys(labels)));
  const differ = [...names].filter((name) => new Set(all.map(({ labels }) => labels[name])).size > 1);
  return [
    {
      says: `the Alertmanager at ${url} holds ${String(all.length)} alerts ${watchdog}, which differ in ${differ.join(', ')}: everything would be told that often`,
      hint: 'drop the label that tells the Prometheus apart with alerting.alert_relabel_configs: { action: labeldrop, regex: … }',
    },
  ];
}
