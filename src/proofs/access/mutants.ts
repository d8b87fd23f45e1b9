import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { AccessFacts, Attempt } from './facts.ts';
import type { AccessRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<AccessFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

export function accessMutants(requirement: AccessRequirement, facts: AccessFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.access, grade, rung);
  return [
    ...(requirement.onCall ? onCall(facts) : []),
    ...(asks('opened') ? opened(facts) : []),
    ...(asks('guarded') ? guarded(requirement, facts) : []),
  ];
}

function onCall(facts: AccessFacts): Mutants {
  const people = facts.onCall ?? [];
  return [
    worse('nobody-on-call', 'nobody is on call', { ...facts, onCall: [] }),
    worse('rotation-not-asked', 'the rotation was not asked', without(facts)),
    ...people.map((person, index) => {
      const { known: _, ...stranger } = person;
      return worse('stranger-on-call', `${person.name} is on call, and is none of the gate's people`, {
        ...facts,
        onCall: people.with(index, stranger),
      });
    }),
  ];
}

function without({ onCall: _, ...rest }: AccessFacts): AccessFacts {
  return rest;
}

function opened(facts: AccessFacts): Mutants {
  return facts.opened.flatMap((attempt, index) => {
    const { who, page } = attempt;
    const other = (change: Partial<Attempt>): AccessFacts => ({ ...facts, opened: facts.opened.with(index, { ...attempt, ...change }) });
    return [
      worse('not-tried', `${who} did not try to open it`, { ...facts, opened: facts.opened.toSpliced(index, 1) }),
      worse('untold', `${who} could not try to open it`, other({ trouble })),
      worse('refused', `${who} is refused`, other({ api: 403 })),
      worse('no-data', `${who} opens it and gets no data`, other({ data: false })),
      ...(page === undefined
        ? []
        : [
            worse('page-refused', `${who} is refused the page`, other({ page: { ...page, status: 403 } })),
            worse('page-empty', `${who} opens it and sees nothing`, other({ page: { ...page, shown: 0 } })),
          ]),
      ...(who === 'nobody' ? [] : [worse('no-password', `the gate has no password of ${who}`, other({ hasPassword: false }))]),
    ];
  });
}

function guarded({ refused }: AccessRequirement, facts: AccessFacts): Mutants {
  const doors = facts.refused.flatMap((attempt, index) => {
    const { who } = attempt;
    const other = (change: Partial<Attempt>): AccessFacts => ({ ...facts, refused: facts.refused.with(index, { ...attempt, ...change }) });
    return [
      worse('guard-not-tried', `${who} did not try to get in`, { ...facts, refused: facts.refused.toSpliced(index, 1) }),
      worse('guard-untold', `${who} could not try to get in`, other({ trouble })),
      worse('let-in', `${who} is let in`, other({ api: 200 })),
      worse('let-in-to-data', `${who} gets its data`, other({ data: true })),
      worse('let-in-to-page', `${who} sees its page`, other({ page: { status: 200, panels: 1, shown: 1 } })),
      ...(who === 'nobody'
        ? []
        : [
            worse('guard-without-password', `the gate has no password of ${who}`, other({ hasPassword: false })),
            worse(
              'guard-with-wrong-password',
              `the password of ${who} is not accepted, which says nothing of what they may see`,
              other({ api: 401 }),
            ),
          ]),
    ];
  });
  const linked = (isPublic: boolean | undefined): AccessFacts => ({
    ...facts,
    opened: facts.opened.map(({ isPublic: _, ...attempt }) => (isPublic === undefined ? attempt : { ...attempt, isPublic })),
  });
  const links = [
    worse('public-link', 'it has a public link, by which everybody gets it', linked(true)),
    worse('link-untold', 'whether it has a public link is not told', linked(undefined)),
  ];
  return [...doors, ...(refused.includes('nobody') ? links : [])];
}
