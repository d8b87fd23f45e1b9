import { remembering } from '../../base/remembering.ts';
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
import type { LiveSelector } from './would-fire/facts.ts';
import { judgeWouldFire } from './would-fire/judge.ts';

const noLive: readonly LiveSelector[] = [];

/** A drill changes one rung at a time. */
const rungs = {
  loaded: remembering(judgeLoaded),
  wouldFire: remembering(judgeWouldFire),
  routed: remembering(judgeRouted),
  fired: remembering(judgeFired),
  delivered: remembering(judgeDelivered),
  acknowledged: remembering(judgeAcknowledged),
};

/** Rung by rung: what was seen of the alert, against what the gate requires. */
export function judge(requirement: AlertRequirement, facts: AlertFacts): readonly Finding[] {
  const loaded = rungs.loaded(requirement, facts.loaded, wasSeenAtAlertmanager(facts));
  const rule = chooseRule(requirement, facts.loaded.rules);
  if (rule === undefined) return loaded;
  const { wouldFire, live, routed, delivered, fired, grade } = facts;
  return [
    ...loaded,
    ...judgedUnlessTroubled(requirement, 'would-fire', wouldFire, (seen) =>
      rungs.wouldFire(requirement, rule, seen, Array.isArray(live) ? live : noLive),
    ),
    ...judgedUnlessTroubled(requirement, 'routed', routed, (seen) => rungs.routed(requirement, seen)),
    ...judgedUnlessTroubled(requirement, 'fired', fired, (seen) => rungs.fired(requirement, rule, seen)),
    ...(delivered === undefined || routed === undefined || !('outcome' in routed) ? [] : rungs.delivered(requirement, routed, delivered)),
    ...(delivered !== undefined && isAsked(grade, 'acknowledged') ? rungs.acknowledged(requirement, delivered) : []),
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
