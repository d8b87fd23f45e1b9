import { remembering } from '../../base/remembering.ts';
import type { Finding } from '../../gate/finding.ts';
import type { DashboardFacts } from './facts.ts';
import { judgeAnswers } from './judge-answers.ts';
import { judgePage } from './judge-page.ts';
import { judgePresent } from './judge-present.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Is the board there as declared, does every query of it answer, and does whoever uses it see that? */
export function judgeDashboard(requirement: DashboardRequirement, facts: DashboardFacts): readonly Finding[] {
  const { shown, declared, answers, page, trouble } = facts;
  return [
    ...present(requirement, shown, declared),
    ...answering(requirement, shown, answers),
    ...seen(requirement, shown, declared, page, trouble),
  ];
}

type Of<Key extends keyof DashboardFacts> = DashboardFacts[Key];

const present = remembering((requirement: DashboardRequirement, shown: Of<'shown'>, declared: Of<'declared'>) =>
  judgePresent(requirement, { shown, declared }),
);

const answering = remembering((requirement: DashboardRequirement, shown: Of<'shown'>, answers: Of<'answers'>) =>
  judgeAnswers(requirement, { shown, answers }),
);

const seen = remembering(
  (requirement: DashboardRequirement, shown: Of<'shown'>, declared: Of<'declared'>, page: Of<'page'>, trouble: Of<'trouble'>) =>
    judgePage(requirement, { shown, declared, page, trouble }),
);
