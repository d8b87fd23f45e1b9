import type { Finding } from '../../gate/finding.ts';
import type { DashboardFacts } from './facts.ts';
import { judgeAnswers } from './judge-answers.ts';
import { judgePage } from './judge-page.ts';
import { judgePresent } from './judge-present.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Is the board there as declared, does every query of it answer, and does whoever uses it see that? */
export function judgeDashboard(requirement: DashboardRequirement, facts: DashboardFacts): readonly Finding[] {
  return [...judgePresent(requirement, facts), ...judgeAnswers(requirement, facts), ...judgePage(requirement, facts)];
}
