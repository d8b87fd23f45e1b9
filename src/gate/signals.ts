import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parseAlertmanagerConfig } from '../stack/alertmanager/config.ts';
import { labelsRoutedBy } from '../stack/alertmanager/routing.ts';
import { mayMatch } from '../stack/alertmanager/may-reach.ts';
import type { LoadedRule, Prometheus } from '../stack/prometheus.ts';
import { parsePromql } from '../stack/promql.ts';
import { selectorsOf, type Selector } from '../stack/promql/selectors.ts';
import { sameServer } from '../stack/same-server.ts';
import type { TouchContext } from './proof.ts';
import type { Signal, Touch } from './touch.ts';

/**
 * The alerts that a fault may bring: those of the rules that it is made for, and of `alsoFires`. Where the gate does not say what it
 * makes fire besides, of every loaded rule that looks at something.
 */
export async function signalsOfFault(
  isOwn: ((rule: LoadedRule) => boolean) | undefined,
  alsoFires: readonly string[] | undefined,
  context: TouchContext,
): Promise<Pick<Touch, 'signals' | 'untold'>> {
  if (isOwn === undefined && alsoFires?.length === 0) return {};
  const prometheus = context.prometheus();
  const rules = await prometheus.alertingRules(context.signal);
  const mayFire = (rule: LoadedRule): boolean => (alsoFires === undefined ? looksAtSomething(rule) : alsoFires.includes(rule.name));
  const chosen = rules.filter((rule) => isOwn?.(rule) === true || mayFire(rule));
  if (chosen.length === 0) return {};
  const [routed, relabelling, untold] = await Promise.all([
    labelsRouted(context),
    readRelabelling(prometheus, context.signal),
    strangers(prometheus, context),
  ]);
  // Prometheus tells every one of them.
  const at = context.alertmanagers().map(({ url }) => url);
  const signals = await Promise.all(
    chosen.map(async (rule) => ({ ...(await signalOf(rule, routed, relabelling, prometheus, context.signal)), at })),
  );
  return { signals, untold };
}

function looksAtSomething({ query }: LoadedRule): boolean {
  const expression = parsePromql(query);
  return expression === undefined || selectorsOf(expression).length > 0;
}

/** The labels that decide where any of the gate's Alertmanagers sends an alert. */
async function labelsRouted({ alertmanagers, signal }: TouchContext): Promise<readonly string[]> {
  const routed = await Promise.all(
    alertmanagers().map(async (each) => labelsRoutedBy(parseAlertmanagerConfig((await each.status(signal)).config).route)),
  );
  return [...new Set(routed.flatMap((labels) => [...labels]))];
}

/** Alertmanagers to which Prometheus sends and of whose routes the gate knows nothing. */
async function strangers(prometheus: Prometheus, { alertmanagers, signal }: TouchContext): Promise<readonly string[]> {
  const told = await prometheus.activeAlertmanagers(signal);
  if (told === undefined) return ['Prometheus does not tell to which Alertmanagers it sends'];
  const named = alertmanagers().map(({ url }) => url);
  const others = told.filter((url) => named.every((each) => sameServer(url, each) === 'different'));
  if (others.length > 0) return others.map((url) => `Prometheus also tells ${url}, which the gate does not name`);
  const count = (all: readonly string[]): string => String(all.length);
  return told.length > named.length ? [`Prometheus tells ${count(told)} Alertmanagers, and the gate names ${count(named)}`] : [];
}

const relabelling = z.object({
  global: z.object({ external_labels: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  alerting: z
    .object({
      alert_relabel_configs: z
        .array(z.object({ action: z.string().default('replace'), regex: z.string().default('(.*)'), target_label: z.string().optional() }))
        .nullish(),
      alertmanagers: z.array(z.object({ alert_relabel_configs: z.array(z.unknown()).nullish() })).nullish(),
    })
    .nullish(),
});
type Relabelling = z.infer<typeof relabelling> | undefined;

async function readRelabelling(prometheus: Prometheus, signal: AbortSignal): Promise<Relabelling> {
  const text = await prometheus.configuration(signal);
  if (text === undefined) return undefined;
  const yaml = parseDocument(text);
  const read = yaml.errors.length > 0 ? undefined : relabelling.safeParse(yaml.toJS()).data;
  // Since 2.51 each Alertmanager may be told something else; which one that is, discovery decides.
  const differs = read?.alerting?.alertmanagers?.some(({ alert_relabel_configs: own }) => (own ?? []).length > 0);
  return differs === true ? undefined : read;
}

/** A label's value, that it is surely not there, or that nobody knows. */
type Known = { readonly value: string } | 'absent' | 'open';

async function signalOf(
  rule: LoadedRule,
  routed: readonly string[],
  changes: Relabelling,
  prometheus: Prometheus,
  signal: AbortSignal,
): Promise<Omit<Signal, 'at'>> {
  const own = { ...rule.labels, alertname: rule.name };
  const free = routed.filter((label) => !(label in own));
  const open = await labelsFromSeries(rule, free, prometheus, signal);
  const external = Object.keys(changes?.global?.external_labels ?? {});
  const state = new Map<string, Known>([
    ...free.map((label) => [label, open.includes(label) || external.includes(label) ? 'open' : 'absent'] as const),
    // Filled in when it fires.
    ...Object.entries(own).map(([label, value]) => [label, value.includes('{{') ? 'open' : { value }] as const),
  ]);
  const known = [...(changes === undefined ? new Map<string, Known>() : relabelled(state, changes))];
  return {
    alert: rule.name,
    labels: Object.fromEntries(known.flatMap(([label, each]) => (typeof each === 'object' ? [[label, each.value]] : []))),
    without: known.filter(([, each]) => each === 'absent').map(([label]) => label),
  };
}

/** Which of these labels the rule's series could bring along; all of them where that cannot be told. */
async function labelsFromSeries(
  { query }: LoadedRule,
  labels: readonly string[],
  prometheus: Prometheus,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const expression = parsePromql(query);
  if (expression === undefined) return labels;
  // `label_replace` and its like make labels whose names stand in the expression as text.
  const made = labels.filter((label) => new RegExp(`["'\`]${RegExp.escape(label)}["'\`]`).test(query));
  if (labels.length === 0) return made;
  const asked = new Set(selectorsOf(expression).map(everySeriesOf));
  const brought = await Promise.all(
    [...asked].map(async (series) => {
      const found = await prometheus.instant(`group by (${labels.join(', ')}) (${series})`, signal);
      return found.length === 0 ? labels : found.flatMap((each) => Object.keys(each.labels));
    }),
  );
  return [...made, ...brought.flat()];
}

/** A fault may bring series that are not there yet: they have the labels of the others of their metric. */
function everySeriesOf({ metric, text }: Selector): string {
  return metric === undefined ? text : `{__name__=${JSON.stringify(metric)}}`;
}

/** What Prometheus changes on alerts on their way. Source: prometheus.io/docs/prometheus/latest/configuration, "alert_relabel_configs". */
function relabelled(state: ReadonlyMap<string, Known>, { alerting }: NonNullable<Relabelling>): ReadonlyMap<string, Known> {
  const after = new Map(state);
  for (const { action, regex, target_label: target } of alerting?.alert_relabel_configs ?? []) {
    for (const label of after.keys()) {
      const isNamed = mayMatch({ labels: { label }, without: [] }, [{ label: 'label', operator: '=~', value: regex }]);
      if (action === 'labelmap' || (/^label(?:drop|keep)$/.test(action) && isNamed === undefined)) after.set(label, 'open');
      else if ((action === 'labeldrop' && isNamed === true) || (action === 'labelkeep' && isNamed === false)) after.set(label, 'absent');
    }
    // It may name another label by what it finds.
    if (target !== undefined && /^[a-zA-Z_]\w*$/.test(target)) after.set(target, 'open');
    else if (target !== undefined) for (const label of after.keys()) after.set(label, 'open');
  }
  return after;
}
