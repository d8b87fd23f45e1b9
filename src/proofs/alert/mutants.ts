import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import type { FactsMutant } from '../../gate/mutant.ts';
import { acknowledgedMutants } from './delivered/acknowledged-mutants.ts';
import { deliveredMutants } from './delivered/facts-mutants.ts';
import type { AlertFacts } from './facts.ts';
import { firedMutants } from './fired/facts-mutants.ts';
import { loadedMutants } from './loaded/facts-mutants.ts';
import type { AlertRequirement } from './requirement.ts';
import { routedMutants } from './routed/facts-mutants.ts';
import { wouldFireMutants } from './would-fire/facts-mutants.ts';

type RungMutants = (requirement: AlertRequirement, facts: AlertFacts) => readonly FactsMutant<AlertFacts>[];

const byRung: readonly (readonly [rung: Grade, mutants: RungMutants])[] = [
  ['loaded', loadedMutants],
  ['would-fire', wouldFireMutants],
  ['routed', routedMutants],
  ['fired', firedMutants],
  ['delivered', deliveredMutants],
  ['acknowledged', acknowledgedMutants],
];

export function alertMutants(requirement: AlertRequirement, facts: AlertFacts, grade: Grade): readonly FactsMutant<AlertFacts>[] {
  return byRung.filter(([rung]) => includesRung(ladders.alert, grade, rung)).flatMap(([, mutants]) => mutants(requirement, facts));
}
