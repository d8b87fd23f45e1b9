import type { Touch } from '../../gate/touch.ts';
import type { MetricsRequirement } from './requirement.ts';

/** Nothing but what the stimulus does. */
export function metricsTouches({ stimulus }: MetricsRequirement): Promise<readonly Touch[]> {
  if (stimulus === undefined) return Promise.resolve([]);
  const { check, times } = stimulus;
  return Promise.resolve([{ does: 'check', says: `the check ${check} is run ${times === 1 ? 'once' : `${String(times)} times`}` }]);
}
