import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { dashboardFacts } from './dashboard/facts.ts';
import { judgeDashboard } from './dashboard/judge.ts';
import { dashboardMutants } from './dashboard/mutants.ts';
import { observeDashboard } from './dashboard/observe.ts';
import { dashboardRequirement } from './dashboard/requirement.ts';
import { dashboardTouches } from './dashboard/touches.ts';
import { restsOnDashboard } from './dashboard/rests-on.ts';

export default defineProof({
  kind: 'dashboard',
  summary: 'A board is there as declared, its queries answer, and whoever uses it sees fresh values in a browser.',
  ladder: ladders.dashboard,
  defaultGrade: 'seen',
  requirement: dashboardRequirement,
  facts: dashboardFacts,
  observe: observeDashboard,
  judge: judgeDashboard,
  touches: dashboardTouches,
  restsOn: restsOnDashboard,
  mutants: dashboardMutants,
});
