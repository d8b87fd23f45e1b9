import { eventually } from '../../../base/eventually.ts';
import { activateAlert } from '../../../gate/activate-alert.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { Alertmanager, HeldAlert } from '../../../stack/alertmanager.ts';
import { parseAlertmanagerConfig, type AlertmanagerConfig } from '../../../stack/alertmanager/config.ts';
import { formatInhibitRule, inhibitRuleBetween, routesOf } from '../../../stack/alertmanager/routing.ts';
import type { Labels } from '../../../stack/prometheus.ts';
import type { Rule } from '../loaded/facts.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { Held, Posted, RoutedFacts } from './facts.ts';
import { harmless, nonceLabel, ownLabels, testAlert, testLabels } from '../../../stack/alertmanager/test-alert.ts';

const seenWithinMs = 10_000;
const aloneWithinMs = 60_000;

/** What goes on while the test alert is active; it is ended as soon as this is done. */
export type Meanwhile<Result> = (posted: Posted, alertmanager: Alertmanager, sincePostedMs: () => number) => Promise<Result>;

/** Posts a test alert with the rule's labels and sees where Alertmanager routes it; `result` is undefined when nothing was posted. */
export async function observeRouted<Result>(
  rule: Rule,
  lastsMs: number,
  context: ProofContext,
  meanwhile: Meanwhile<Result>,
): Promise<{ readonly routed: RoutedFacts; readonly result: Result | undefined }> {
  const { clock, nonce, signal } = context;
  const alertmanager = context.alertmanager();
  const config = parseAlertmanagerConfig((await alertmanager.status(signal)).config);
  const safe = harmless(config, testLabels(rule, nonce), nonce);
  if ('because' in safe) return { routed: { outcome: 'not-posted', inhibitRule: formatInhibitRule(safe.because) }, result: undefined };

  const routes = routesFor(config, safe.labels, ownLabels(rule));
  const others = await untilAlone(rule, routes.groupIntervalMs, alertmanager, context);
  const alert = testAlert(rule, safe.labels, nonce, clock.now(), lastsMs);
  const postedMs = clock.monotonicMs();
  const sincePostedMs = (): number => Math.round(clock.monotonicMs() - postedMs);
  const { undo } = await activateAlert(alert, lastsMs, context.alertmanagers(), context);
  try {
    const found = await eventually(async () => (await alertmanager.alerts({ [nonceLabel]: nonce }, signal))[0], {
      clock,
      signal,
      withinMs: seenWithinMs,
      everyMs: 100,
    });
    const afterMs = sincePostedMs();
    const posted: Posted = {
      outcome: 'posted',
      labels: { ...safe.labels },
      postedAt: alert.startsAt,
      others,
      ...(found === undefined ? {} : { held: await explained(found, afterMs, config, alertmanager, signal) }),
      routes,
    };
    return { routed: posted, result: await meanwhile(posted, alertmanager, sincePostedMs) };
  } finally {
    await undo();
  }
}

/**
 * Waits until no other alert of this name is active, and until people were told so: a test alert that joins a group which
 * is being told already may wake nobody anew. Resolves with how many are left when that takes too long.
 */
async function untilAlone(rule: Rule, groupIntervalMs: number, alertmanager: Alertmanager, context: ProofContext): Promise<number> {
  const { clock, signal, progress } = context;
  const othersNow = async (): Promise<number> => (await alertmanager.alerts({ alertname: rule.name }, signal)).length;
  if ((await othersNow()) === 0) return 0;
  progress(`waits until no other ${rule.name} is active`);
  const look = async (): Promise<true | undefined> => ((await othersNow()) === 0 ? true : undefined);
  const isAlone = await eventually(look, { clock, signal, withinMs: aloneWithinMs, everyMs: 250 });
  if (isAlone === undefined) return othersNow();
  await clock.sleep(Math.min(groupIntervalMs, aloneWithinMs), signal);
  return 0;
}

function routesFor({ route, receivers: known }: AlertmanagerConfig, withTest: Labels, without: Labels) {
  const taken = routesOf(route, withTest);
  const receivers = (labels: Labels): string[] => [...new Set(routesOf(route, labels).map(({ receiver }) => receiver))];
  return {
    withTestLabels: receivers(withTest),
    withoutTestLabels: receivers(without),
    receivers: [...known],
    groupWaitMs: Math.max(...taken.map(({ groupWaitMs }) => groupWaitMs)),
    groupIntervalMs: Math.max(...taken.map(({ groupIntervalMs }) => groupIntervalMs)),
    timeIntervals: [...new Set(taken.flatMap(({ timeIntervals }) => timeIntervals))],
  };
}

/** An alert that Alertmanager holds, with the names of whatever keeps it from being told. */
export async function explained(
  alert: HeldAlert,
  afterMs: number,
  config: AlertmanagerConfig,
  alertmanager: Alertmanager,
  signal: AbortSignal,
): Promise<Held> {
  const { fingerprint, labels, receivers, state, mutedBy } = alert;
  const sources = alert.inhibitedBy.length === 0 ? [] : await alertmanager.alerts({}, signal);
  return {
    afterMs,
    fingerprint,
    labels: { ...labels },
    receivers: [...receivers],
    state,
    silencedBy: await Promise.all(alert.silencedBy.map((id) => describedSilence(id, alertmanager, signal))),
    inhibitedBy: alert.inhibitedBy.map((id) => {
      const source = sources.find((each) => each.fingerprint === id)?.labels;
      const rule = source && inhibitRuleBetween(config, source, labels);
      return `alert ${source?.['alertname'] ?? id}${rule === undefined ? '' : ` by ${formatInhibitRule(rule)}`}`;
    }),
    mutedBy: [...mutedBy],
  };
}

async function describedSilence(id: string, alertmanager: Alertmanager, signal: AbortSignal): Promise<string> {
  const silence = await orTrouble(signal, () => alertmanager.silence(id, signal));
  if ('trouble' in silence) return `silence ${id}`;
  return `silence ${id} of ${silence.createdBy} until ${silence.endsAt} ("${silence.comment}")`;
}
