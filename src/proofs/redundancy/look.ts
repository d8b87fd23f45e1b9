import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/digest.ts';
import { withoutCredentials } from '../../base/exchange.ts';
import { orTrouble } from '../../base/trouble.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { Alertmanager } from '../../stack/alertmanager.ts';
import type { LoadedRule, Prometheus } from '../../stack/prometheus.ts';
import type { Parts } from './facts.ts';

/** Looks at every Prometheus and every Alertmanager of the gate. One that gives no answer is recorded with its trouble. */
export async function lookAtParts(
  watchdog: string,
  { prometheuses, alertmanagers, signal }: Pick<ProofContext, 'prometheuses' | 'alertmanagers' | 'signal'>,
): Promise<Parts> {
  const [seenPrometheuses, seenAlertmanagers] = await Promise.all([
    Promise.all(prometheuses().map((one) => lookAtPrometheus(one, signal))),
    Promise.all(alertmanagers().map((one) => lookAtAlertmanager(one, watchdog, signal))),
  ]);
  return { prometheuses: seenPrometheuses, alertmanagers: seenAlertmanagers };
}

async function lookAtPrometheus(prometheus: Prometheus, signal: AbortSignal): Promise<Parts['prometheuses'][number]> {
  const seen = await orTrouble(signal, async () => {
    const [rules, alertmanagers] = await Promise.all([prometheus.alertingRules(signal), prometheus.activeAlertmanagers(signal)]);
    const shown = alertmanagers?.map((url) => withoutCredentials(url).url);
    return { rules: rules.map(definitionOf), ...(shown === undefined ? {} : { alertmanagers: shown }) };
  });
  return { url: nameOf(prometheus), seen };
}

async function lookAtAlertmanager(
  alertmanager: Alertmanager,
  watchdog: string,
  signal: AbortSignal,
): Promise<Parts['alertmanagers'][number]> {
  const seen = await orTrouble(signal, async () => {
    const [{ clusterStatus, peers, config }, held] = await Promise.all([
      alertmanager.status(signal),
      alertmanager.alerts({ alertname: watchdog }, signal),
    ]);
    const watchdogs = held.map(({ labels, updatedAt }) => ({ labels: { ...labels }, updatedAt }));
    return { clusterStatus, peers: peers.toSorted(), config: sha256(config), watchdogs };
  });
  return { url: nameOf(alertmanager), seen };
}

/** A server as the gate names it, fit to be shown. */
export function nameOf({ url }: Prometheus | Alertmanager): string {
  return withoutCredentials(url).url.replace(/\/+$/, '');
}

function definitionOf({ name, query, forMs, keepFiringForMs, labels }: LoadedRule): { name: string; definition: string } {
  return { name, definition: canonicalJson({ query, forMs, keepFiringForMs, labels }) };
}
