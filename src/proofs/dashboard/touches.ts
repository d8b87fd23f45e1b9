import type { Touch } from '../../gate/touch.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Nothing but what must move a value. */
export function dashboardTouches({ moves }: DashboardRequirement): Promise<readonly Touch[]> {
  return Promise.resolve(moves === undefined ? [] : [{ does: 'check', says: `the check ${moves.check} is run once` }]);
}
