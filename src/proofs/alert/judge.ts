import { findingsOn, type Finding } from '../../gate/finding.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import { judgeDelivered } from './delivered/judge.ts';
import type { AlertFacts } from './facts.ts';
import { judgeFired } from './fired/judge.ts';
import { chooseRule } from './loaded/choose.ts';
import { judgeLoaded } from './loaded/judge.ts';
import type { AlertRequirement } from './requirement.ts';
import { judgeRouted } from './routed/judge.ts';
import type { Troubled } from './trouble.ts';
import { judgeWouldFire } from './would-fire/judge.ts';

/** Rung by rung: what was seen of the alert, against what the gate requires. */
export function judge(requirement: AlertRequirement, facts: AlertFacts): readonly Finding[] {
  const loaded = judgeLoaded(requirement, facts.loaded, wasSeenAtAlertmanager(facts));
  const rule = chooseRule(requirement, facts.loaded.rules);
  if (rule === undefined) return loaded;
  const { wouldFire, live, routed, delivered, fired, grade } = facts;
  return [
    ...loaded,
    ...judgedUnlessTroubled(requirement, 'would-fire', wouldFire, (seen) =>
      judgeWouldFire(requirement, rule, seen, Array.isArray(live) ? live : []),
    ),
    ...judgedUnlessTroubled(requirement, 'routed', routed, (seen) => judgeRouted(requirement, seen)),
    ...judgedUnlessTroubled(requirement, 'fired', fired, (seen) => judgeFired(requirement, rule, seen)),
    ...(delivered === undefined || routed === undefined || !('outcome' in routed) ? [] : judgeDelivered(requirement, routed, delivered)),
    ...acknowledged(requirement, grade),
  ];
}

function judgedUnlessTroubled<Seen extends object>(
  { rule }: AlertRequirement,
  rung: Grade,
  seen: Seen | Troubled | undefined,
  judgeSeen: (seen: Exclude<Seen, Troubled>) => readonly Finding[],
): readonly Finding[] {
  if (seen === undefined) return [];
  if ('trouble' in seen) return [findingsOn(rule, rung).unknown(`could not be looked at: ${seen.trouble.says}`, seen.trouble.hint)];
  return judgeSeen(seen as Exclude<Seen, Troubled>);
}

function wasSeenAtAlertmanager({ fired }: AlertFacts): boolean {
  return (
    fired !== undefined &&
    'outcome' in fired &&
    fired.outcome === 'watched' &&
    fired.atAlertmanager !== undefined &&
    !('trouble' in fired.atAlertmanager)
  );
}

/** Nothing reads acknowledgements yet: it is said, rather than left for somebody to wonder about. */
function acknowledged({ rule }: AlertRequirement, grade: Grade): readonly Finding[] {
  if (rungOf(ladders.alert, grade) < rungOf(ladders.alert, 'acknowledged')) return [];
  return [
    findingsOn(rule, 'acknowledged').unknown(
      'whether somebody acknowledges the alert within the response time is not observed by this version',
      'ask for the grade "delivered", and have a person sign off that the alert was acknowledged',
    ),
  ];
}
