import type { ActiveSilence, Alertmanager, HeldAlert } from '../../stack/alertmanager.ts';
import { parseAlertmanagerConfig, type AlertmanagerConfig } from '../../stack/alertmanager/config.ts';
import { integrationsIn, type Integration } from '../../stack/alertmanager/receivers.ts';

/** What of a running Alertmanager decides where an alert goes now. */
export interface Live {
  /** As the gate names it. */
  readonly url: string;
  readonly config: AlertmanagerConfig;
  readonly integrations: ReadonlyMap<string, readonly Integration[]>;
  readonly silences: readonly ActiveSilence[];
  /** Those that are active now: they may hold back others. */
  readonly alerts: readonly HeldAlert[];
}

/** Throws the Fault of the first question that has no usable answer. */
export async function readLive(alertmanager: Alertmanager, signal: AbortSignal): Promise<Live> {
  const [{ config }, silences, alerts] = await Promise.all([
    alertmanager.status(signal),
    alertmanager.silences(signal),
    alertmanager.alerts({}, signal),
  ]);
  return {
    url: alertmanager.url,
    config: parseAlertmanagerConfig(config),
    integrations: integrationsIn(config),
    silences,
    alerts,
  };
}
