import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { Away, Parts, RedundancyFacts, Trial } from './facts.ts';
import { partsMutants } from './parts-mutants.ts';
import type { RedundancyRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<RedundancyFacts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

export function redundancyMutants(requirement: RedundancyRequirement, facts: RedundancyFacts, grade: Grade): Mutants {
  const parts = partsMutants(requirement, facts.parts).map((each) => ({ ...each, facts: { ...facts, parts: each.facts } }));
  return [...parts, ...(includesRung(ladders.redundancy, grade, 'survived') ? survived(requirement, facts) : [])];
}

function survived(requirement: RedundancyRequirement, facts: RedundancyFacts): Mutants {
  const { trials = [] } = facts;
  return trials.flatMap((trial, index) => {
    const when = trial.away?.says ?? 'with everything in place';
    const other = (change: Trial): RedundancyFacts => ({ ...facts, trials: trials.with(index, change) });
    return [
      worse('not-tried', `${when}: that was not tried`, { ...facts, trials: trials.toSpliced(index, 1) }),
      ...arrival(requirement, when, trial, other),
      ...(trial.away === undefined ? [] : takenAway(requirement, facts.parts, trial, trial.away, other)),
    ];
  });
}

type Other = (change: Trial) => RedundancyFacts;

function arrival({ deliveredWithin }: RedundancyRequirement, when: string, trial: Trial, other: Other): Mutants {
  const { test, ...untested } = trial;
  if (test === undefined) return [];
  const { foundAfterMs: _, ...unfound } = test;
  const [first] = test.arrivals;
  const changed = (change: Partial<NonNullable<Trial['test']>>): RedundancyFacts => other({ ...trial, test: { ...test, ...change } });
  return [
    worse('not-posted', `${when}: no test alert was posted`, other(untested)),
    worse('not-delivered', `${when}: the test alert did not arrive`, other({ ...trial, test: { ...unfound, arrivals: [] } })),
    worse('delivered-late', `${when}: the test alert arrived too late`, changed({ foundAfterMs: deliveredWithin + 1 })),
    ...(first === undefined
      ? []
      : [worse('delivered-twice', `${when}: the test alert arrived twice`, changed({ arrivals: [first, ...test.arrivals] }))]),
    worse('delivery-untold', `${when}: nobody could look whether the test alert arrived`, changed({ trouble })),
    worse('copies-merged', `${when}: the channel takes copies for one`, changed({ mergesCopies: true })),
    ...test.postedTo.map((url, index) =>
      worse(
        'not-posted-to-all',
        `${when}: the test alert was not posted to ${url}`,
        changed({ postedTo: test.postedTo.toSpliced(index, 1) }),
      ),
    ),
  ];
}

function takenAway({ goneWithin }: RedundancyRequirement, parts: Parts, trial: Trial, away: Away, other: Other): Mutants {
  const { says } = away;
  const changed = (change: Partial<Away>): RedundancyFacts => other({ ...trial, away: { ...away, ...change } });
  return [
    worse('take-away-refused', `${says}: the request for it was refused`, changed({ answer: { status: 403, excerpt: '' } })),
    worse('back-too-soon', `${says}: it was back before the test alert had arrived`, changed({ stayedAway: false })),
    worse('not-whole-again', `${says}: not everything came back`, changed({ back: { parts } })),
    worse('renewal-not-looked-at', `${says}: nobody looked whether the watchdog was renewed`, changed({ renewed: [] })),
    ...away.gone.flatMap(({ url }, index) => [
      worse(
        'still-there',
        `${says}: ${url} still answered after ${String(goneWithin)} ms`,
        changed({ gone: away.gone.with(index, { url }) }),
      ),
      worse('never-taken-away', `${says}: ${url} stayed`, changed({ gone: away.gone.toSpliced(index, 1) })),
    ]),
    ...away.renewed.flatMap(({ url }, index) => [
      worse('not-renewed', `${says}: the watchdog was not renewed at ${url}`, changed({ renewed: away.renewed.with(index, { url }) })),
      worse(
        'renewal-untold',
        `${says}: ${url} could not be asked for the watchdog`,
        changed({ renewed: away.renewed.with(index, { url, trouble }) }),
      ),
    ]),
  ];
}
