import type { Basis } from '../../base/basis.ts';
import type { Alertmanager } from '../../stack/alertmanager.ts';
import { wayOf } from '../../stack/alertmanager/way.ts';
import type { Labels } from '../../stack/labels.ts';

/** The way of an alert with these labels through the live Alertmanager; the series that fire may add labels of their own. */
export async function routeBasis(alertmanager: Alertmanager, rule: string, labels: Labels, signal: AbortSignal): Promise<readonly Basis[]> {
  const { config, version } = await alertmanager.status(signal);
  return [
    { what: `the route of ${rule}`, value: wayOf(config, { ...labels, alertname: rule }) },
    { what: 'the version of Alertmanager', value: version },
  ];
}
