import type { AlertRequirement } from '../requirement.ts';
import type { Rule } from './facts.ts';

/**
 * The one rule that the item is about, among those of its name. Rules may share a name when their labels tell them apart
 * (a warning and a critical one); undefined when there is none or more than one that it could be.
 */
export function chooseRule<Candidate extends Pick<Rule, 'name' | 'labels'>>(
  { rule, labels }: Pick<AlertRequirement, 'rule' | 'labels'>,
  rules: readonly Candidate[],
): Candidate | undefined {
  const named = rules.filter(({ name }) => name === rule);
  const labelled = named.filter((each) => Object.entries(labels).every(([label, value]) => each.labels[label] === value));
  const candidates = labelled.length > 0 ? labelled : named;
  return candidates.length === 1 ? candidates[0] : undefined;
}
