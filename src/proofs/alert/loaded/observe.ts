import { eventually } from '../../../base/eventually.ts';
import { Fault } from '../../../base/fault.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import { readClocks } from '../../../stack/clocks.ts';
import type { LoadedRule, Prometheus } from '../../../stack/prometheus.ts';
import type { AlertRequirement } from '../requirement.ts';
import { orTrouble } from '../../../base/trouble.ts';
import { chooseRule } from './choose.ts';
import type { LoadedFacts, Rule } from './facts.ts';

/** Looks at the rule as the running Prometheus has it. A Prometheus that cannot be asked is a Fault. */
export async function observeLoaded(requirement: AlertRequirement, context: ProofContext): Promise<LoadedFacts> {
  const { signal } = context;
  const prometheus = context.prometheus();
  const rules = await rulesOnceEvaluated(requirement, prometheus, context);
  const [clocks, alertmanagers, expression] = await Promise.all([
    readClocks(prometheus, context.clock, signal),
    activeAlertmanagers(prometheus, context),
    formatted(requirement, prometheus, signal),
  ]);
  const alertmanager = namedAlertmanager(context);
  return {
    rules: rules.filter(({ name }) => name === requirement.rule).map(withoutAlerts),
    names: [...new Set(rules.map(({ name }) => name))].toSorted(),
    clocks,
    ...(alertmanagers === undefined ? {} : { alertmanagers: [...alertmanagers] }),
    ...(alertmanager === undefined ? {} : { alertmanager }),
    ...(expression === undefined ? {} : { expression }),
  };
}

/** A rule that was loaded a moment ago has not been evaluated yet: it gets the time of its first evaluation. */
async function rulesOnceEvaluated(
  requirement: AlertRequirement,
  prometheus: Prometheus,
  { clock, signal }: ProofContext,
): Promise<readonly LoadedRule[]> {
  let rules = await prometheus.alertingRules(signal);
  const first = chooseRule(requirement, rules);
  if (first === undefined || isEvaluated(first)) return rules;
  await eventually(
    async () => {
      rules = await prometheus.alertingRules(signal);
      return isEvaluated(chooseRule(requirement, rules)) || undefined;
    },
    { clock, signal, withinMs: first.groupIntervalMs + 5_000, everyMs: 250 },
  );
  return rules;
}

/** For a few seconds after a reload Prometheus has not found its Alertmanagers again. */
export async function activeAlertmanagers(
  prometheus: Prometheus,
  { clock, signal }: Pick<ProofContext, 'clock' | 'signal'>,
): Promise<readonly string[] | undefined> {
  const found = await eventually(
    async () => {
      const urls = await prometheus.activeAlertmanagers(signal);
      return urls === undefined || urls.length > 0 ? { urls } : undefined;
    },
    { clock, signal, withinMs: 7_000, everyMs: 500 },
  );
  return found === undefined ? [] : found.urls;
}

function isEvaluated(rule: LoadedRule | undefined): boolean {
  return rule !== undefined && rule.health !== 'unknown';
}

function withoutAlerts({ alerts: _alerts, ...rule }: LoadedRule): Rule {
  return { ...rule };
}

async function formatted({ expression }: AlertRequirement, prometheus: Prometheus, signal: AbortSignal) {
  return expression === undefined ? undefined : await orTrouble(signal, () => prometheus.formatQuery(expression, signal));
}

function namedAlertmanager(context: ProofContext): string | undefined {
  try {
    return context.alertmanager().url;
  } catch (error) {
    if (error instanceof Fault && error.code === 'stack/not-configured') return undefined;
    throw error;
  }
}
