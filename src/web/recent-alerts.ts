import type { Labels, Prometheus } from '../stack/prometheus.ts';

export interface RecentAlert {
  readonly name: string;
  /** `pending`, `firing` or, once it is over, `resolved`. */
  readonly state: string;
  /** When it began; of one that is over, when it was last seen firing. */
  readonly at: string;
  readonly severity: string;
  readonly summary: string;
}

const recentMs = 24 * 60 * 60_000;
/** Prometheus keeps an alert's labels when it is over, not what it said. */
const unknown: Labels = {};

/** The alerts of the last day, newest first. One without a severity to speak of, as a watchdog's, is no news. */
export async function recentAlerts(prometheus: Prometheus, signal: AbortSignal): Promise<readonly RecentAlert[]> {
  const [rules, fired] = await Promise.all([
    prometheus.alertingRules(signal),
    prometheus.rawSamples('ALERTS{alertstate="firing",severity!="none"}', recentMs, signal),
  ]);
  const active = rules.flatMap(({ name, alerts }) => alerts.map((alert) => ({ name, ...alert })));
  const isActive = new Set(active.map(({ name, labels }) => identityOf(name, labels)));
  const over = fired.flatMap(({ labels, samples }) => {
    const name = labels['alertname'] ?? '';
    const last = samples.at(-1);
    if (last === undefined || isActive.has(identityOf(name, labels))) return [];
    return [{ name, labels, state: 'resolved', activeAt: new Date(last[0]).toISOString(), annotations: unknown }];
  });
  return [...active, ...over]
    .map(({ name, state, activeAt, labels, annotations }) => ({
      name,
      state,
      at: activeAt,
      severity: labels['severity'] ?? '',
      summary: annotations['summary'] ?? '',
    }))
    .filter(({ severity }) => severity !== 'none')
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function identityOf(name: string, labels: Labels): string {
  const own = Object.entries(labels).filter(([label]) => !['__name__', 'alertname', 'alertstate'].includes(label));
  return JSON.stringify([name, ...own.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
