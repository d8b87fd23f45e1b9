import { closest } from '../base/closest.ts';
import { Fault } from '../base/fault.ts';
import type { Check } from '../check/check.ts';
import type { Project } from '../config/project.ts';

/** The checks of these names that carry one of these tags, in the project's order; an empty list chooses all. Throws a Fault for what there is not. */
export function chooseChecks({ checks, name: project }: Project, names: readonly string[], tags: readonly string[]): readonly Check[] {
  if (checks.length === 0) {
    throw new Fault('usage/bad-argument', `the project ${project} has no checks`, { hint: 'liveproof init writes one to begin with' });
  }
  mustBeKnown(
    'check',
    names,
    checks.map(({ name }) => name),
  );
  mustBeKnown('tag', tags, [...new Set(checks.flatMap((check) => check.tags))]);
  const chosen = checks.filter(
    (check) => (names.length === 0 || names.includes(check.name)) && (tags.length === 0 || check.tags.some((tag) => tags.includes(tag))),
  );
  if (chosen.length === 0) {
    throw new Fault('usage/bad-argument', `none of the checks ${names.join(', ')} carries the tag ${tags.join(' or ')}`);
  }
  return chosen;
}

const noneOf = { check: 'there are none', tag: 'no check carries a tag' } as const;

/** Throws a Fault for the first that there is not, and says which was meant. */
export function mustBeKnown(what: 'check' | 'tag', wanted: readonly string[], there: readonly string[]): void {
  for (const each of wanted) {
    if (there.includes(each)) continue;
    const near = closest(each, there);
    const list = there.length === 0 ? noneOf[what] : `there are ${there.slice(0, 20).join(', ')}${there.length > 20 ? ', …' : ''}`;
    throw new Fault('usage/bad-argument', `there is no ${what} "${each}"`, { hint: near === undefined ? list : `did you mean "${near}"?` });
  }
}
