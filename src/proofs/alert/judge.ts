import { findingsOn, type Finding } from '../../gate/finding.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import { judgeAcknowledged } from './delivered/judge-acknowledged.ts';
import { judgeDelivered } from './delivered/judge.ts';
import type { AlertFacts } from './facts.ts';
import { judgeFired } from './fired/judge.ts';
import { chooseRule } from './loaded/choose.ts';
import { judgeLoaded } from './loaded/judge.ts';
import type { AlertRequirement } from './requirement.ts';
import { judgeRouted } from './routed/judge.ts';
import type { Troubled } from '../../base/trouble.ts';
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
    ...(delivered !== undefined && isAsked(grade, 'acknowledged') ? judgeAcknowledged(requirement, delivered) : []),
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

function isAsked(grade: Grade, rung: Grade): boolean {
  return rungOf(ladders.alert, grade) >= rungOf(ladders.alert, rung);
}
