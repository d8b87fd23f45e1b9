import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { dashboardFacts } from './dashboard/facts.ts';
import { judgeDashboard } from './dashboard/judge.ts';
import { dashboardMutants } from './dashboard/mutants.ts';
import { dashboardRequirement } from './dashboard/requirement.ts';

export default defineProof({
  kind: 'dashboard',
  summary: 'A board is there as declared, its queries answer, and whoever uses it sees fresh values in a browser.',
  ladder: ladders.dashboard,
  defaultGrade: 'seen',
  requirement: dashboardRequirement,
  facts: dashboardFacts,
  observe: async (...given) => (await import('./dashboard/observe.ts')).observeDashboard(...given),
  judge: judgeDashboard,
  touches: async (requirement) => (await import('./dashboard/touches.ts')).dashboardTouches(requirement),
  restsOn: async (...given) => (await import('./dashboard/rests-on.ts')).restsOnDashboard(...given),
  mutants: dashboardMutants,
});
