import type { Alertmanager } from '../../../stack/alertmanager.ts';
import { parseExposition } from '../../../stack/exposition.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { Failures } from './facts.ts';

/** Attempts that failed; older servers count only what they gave up, which is long after our time is up. */
const counters = ['alertmanager_notification_requests_failed_total', 'alertmanager_notifications_failed_total'];

/** Alertmanager's own count of what it failed to send, by integration and reason; none when it does not tell. */
export async function failuresSoFar(alertmanager: Alertmanager, signal: AbortSignal): Promise<readonly Failures[]> {
  const metrics = await orTrouble(signal, () => alertmanager.ownMetrics(signal));
  if (typeof metrics !== 'string') return [];
  const { families } = parseExposition(metrics);
  const family = counters.map((counter) => families.find(({ name }) => name === counter)).find((found) => found !== undefined);
  return (family?.samples ?? []).map(({ labels, value }) => {
    const { integration = 'unknown', reason } = labels;
    return { integration, times: Number(value), ...(reason === undefined ? {} : { reason }) };
  });
}

export function newFailures(before: readonly Failures[], after: readonly Failures[]): Failures[] {
  const earlier = ({ integration, reason }: Failures): number =>
    before.find((each) => each.integration === integration && each.reason === reason)?.times ?? 0;
  return after.map((each) => ({ ...each, times: each.times - earlier(each) })).filter(({ times }) => times > 0);
}
