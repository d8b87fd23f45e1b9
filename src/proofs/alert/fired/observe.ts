import { eventually } from '../../../base/eventually.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import { parseAlertmanagerConfig } from '../../../stack/alertmanager/config.ts';
import { exchange } from '../../../base/exchange.ts';
import { parsePromql } from '../../../stack/promql.ts';
import { thresholdsOf } from '../../../stack/promql/comparisons.ts';
import { reachMs } from '../../../stack/promql/selectors.ts';
import type { ActiveAlert, Labels, LoadedRule } from '../../../stack/prometheus.ts';
import { chooseRule } from '../loaded/choose.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { explained } from '../routed/observe.ts';
import { nonceLabel } from '../../../stack/alertmanager/test-alert.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { FiredFacts, Watched } from './facts.ts';
import { alertFaultTouch } from '../touches.ts';
import { createGauge, type Gauge } from './gauge.ts';
import { shortened } from '../../../base/shortened.ts';

const longestQuietingMs = 60_000;
/** An alert that found no Alertmanager is sent again after a minute (`rules.alert.resend-delay`). */
const atAlertmanagerWithinMs = 65_000;

/** Makes the item's fault in the system under test and watches the loaded rule until it fires or its time is up. */
export async function observeFired(requirement: AlertRequirement, rule: Rule, context: ProofContext): Promise<FiredFacts> {
  const { fault } = requirement;
  if (fault === undefined) return { outcome: 'no-fault' };
  const { clock, effects, signal, progress } = context;
  const { rulesMs } = await context.prometheus().delays(signal);
  const before = await stateOnceQuiet(requirement, rule, rulesMs, context);
  if (before !== 'inactive') return { outcome: 'not-quiet', state: before };

  await context.beforeSignal(async () => [await alertFaultTouch(fault, requirement, context)]);
  const injectedAt = clock.now().toISOString();
  const injectedMs = clock.monotonicMs();
  const sinceMs = (): number => Math.round(clock.monotonicMs() - injectedMs);
  const { result, undo } = await effects.make({ says: fault.says, expiresInMs: fault.lasts, undo: fault.undo }, () =>
    exchange(fault.inject, signal),
  );
  try {
    const answer = { status: result.status, excerpt: shortened(result.text, 300) };
    if (result.status >= 400) return { outcome: 'refused', answer };
    progress(`${fault.says}: waiting for the rule to fire`);
    const allowedMs = fault.firesWithin ?? timeToFire(rule) + rulesMs;
    const gauge = createGauge(measuredBy(rule), context);
    const { transitions, firing } = await watch(requirement, rule, { context, allowedMs, sinceMs, gauge });
    const measured = gauge.read();
    return {
      outcome: 'watched',
      injectedAt,
      answer,
      transitions,
      watchedMs: sinceMs(),
      allowedMs,
      ...(measured === undefined ? {} : { measured }),
      ...(firing === undefined
        ? {}
        : { annotations: { ...firing.annotations }, ...(await atAlertmanager(firing.labels, context, sinceMs)) }),
    };
  } finally {
    await undo();
  }
}

async function currentRule(requirement: AlertRequirement, { signal, ...context }: ProofContext): Promise<LoadedRule | undefined> {
  return chooseRule(requirement, await context.prometheus().alertingRules(signal));
}

/** What an earlier fault has left in the rule's windows gets the time to leave them, but not for ever. */
async function stateOnceQuiet(requirement: AlertRequirement, rule: Rule, rulesMs: number, context: ProofContext): Promise<string> {
  const { clock, signal } = context;
  let state = 'gone';
  await eventually(
    async () => {
      state = (await currentRule(requirement, context))?.state ?? 'gone';
      if (state !== 'inactive') context.progress('waiting for the rule to be quiet before the fault is made');
      return state === 'inactive' || state === 'gone' || undefined;
    },
    { clock, signal, withinMs: Math.min(longestQuietingMs, reachOf(rule) + 3 * rule.groupIntervalMs + 5_000 + rulesMs), everyMs: 500 },
  );
  return state;
}

/** Its windows may have to fill first, then `for` has to pass; the rest is for scrapes and evaluations. */
function timeToFire(rule: Rule): number {
  return reachOf(rule) + rule.forMs + 3 * rule.groupIntervalMs + 60_000;
}

function reachOf({ query }: Rule): number {
  const expression = parsePromql(query);
  return expression === undefined ? 0 : reachMs(expression);
}

function measuredBy({ query }: Rule): string | undefined {
  const expression = parsePromql(query);
  return expression && thresholdsOf(expression)[0]?.measured.text;
}

interface Watching {
  readonly context: ProofContext;
  readonly allowedMs: number;
  readonly sinceMs: () => number;
  readonly gauge: Gauge;
}

/** Looks a few times in every interval of the rule's group: its state changes no more than once in one. */
async function watch(requirement: AlertRequirement, rule: Rule, { context, allowedMs, sinceMs, gauge }: Watching) {
  const { clock, signal } = context;
  const transitions: Watched['transitions'][number][] = [];
  const everyMs = Math.min(1_000, Math.max(200, rule.groupIntervalMs / 4));
  const firing = await eventually(
    async (): Promise<ActiveAlert | undefined> => {
      const [current] = await Promise.all([currentRule(requirement, context), gauge.look()]);
      if (current === undefined) return undefined;
      const { state, alerts } = current;
      const alert = alerts.find((each) => each.state === state);
      const isNew = (transitions.at(-1)?.state ?? 'inactive') !== state;
      if (isNew) transitions.push({ state, afterMs: sinceMs(), ...(alert === undefined ? {} : { value: alert.value }) });
      return state === 'firing' ? alert : undefined;
    },
    { clock, signal, withinMs: allowedMs, everyMs },
  );
  return { transitions, firing };
}

/** The rule's own alert, told from our test alerts by their nonce and from namesakes by its labels. */
async function atAlertmanager(labels: Labels, context: ProofContext, sinceMs: () => number): Promise<Pick<Watched, 'atAlertmanager'>> {
  const { clock, signal, progress } = context;
  progress('the rule fires: looking for its alert at Alertmanager');
  const found = await orTrouble(signal, async () => {
    const alertmanager = context.alertmanager();
    const own = await eventually(
      async () => {
        const named = await alertmanager.alerts({ alertname: labels['alertname'] ?? '' }, signal);
        return named.find(
          (each) =>
            !(nonceLabel in each.labels) && Object.entries(labels).every(([label, value]) => (each.labels[label] ?? value) === value),
        );
      },
      { clock, signal, withinMs: atAlertmanagerWithinMs, everyMs: 250 },
    );
    if (own === undefined) return undefined;
    const config = parseAlertmanagerConfig((await alertmanager.status(signal)).config);
    return await explained(own, sinceMs(), config, alertmanager, signal);
  });
  return found === undefined ? {} : { atAlertmanager: found };
}
