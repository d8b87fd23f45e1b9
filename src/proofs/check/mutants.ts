import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { CheckFacts, Run, Shown, Wait } from './facts.ts';
import type { CheckRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<CheckFacts>[];

export function checkMutants(requirement: CheckRequirement, facts: CheckFacts, grade: Grade): Mutants {
  const { check, times } = requirement;
  const steady = includesRung(ladders.check, grade, 'steady');
  // Without steadiness being asked for, only the first run counts.
  const runs = steady ? facts.runs : facts.runs.slice(0, 1);
  const ended = (index: number, status: 'fail' | 'error'): CheckFacts => ({
    ...facts,
    runs: facts.runs.map((run, each) => (each === index ? ending(run, status) : run)),
  });
  return [
    worse('not-run', `${check} was not run`, { ...facts, runs: [] }),
    ...runs.flatMap((_, index) => [
      worse('run-failed', `run ${String(index + 1)} of ${check} failed`, ended(index, 'fail')),
      worse('run-untold', `run ${String(index + 1)} of ${check} could not be made`, ended(index, 'error')),
    ]),
    ...(steady
      ? [
          worse('runs-missing', `${check} was run once less than ${String(times)} times`, {
            ...facts,
            runs: facts.runs.slice(0, times - 1),
          }),
        ]
      : []),
    ...(includesRung(ladders.check, grade, 'shown-to-fail') ? shownMutants(requirement, facts) : []),
  ];
}

type Broken = Extract<Shown, { readonly outcome: 'broken' }>;

function shownMutants({ check, fault }: CheckRequirement, facts: CheckFacts): Mutants {
  const { shown } = facts;
  if (fault === undefined || shown?.outcome !== 'broken') return [];
  const { whileBroken, afterwards } = shown;
  const allowedMs = Math.min(fault.failsWithin, fault.lasts);
  const became = (other: Shown): CheckFacts => ({ ...facts, shown: other });
  const changed = (change: Partial<Broken>): CheckFacts => became({ ...shown, ...change });
  const ended = (wait: Wait, status: Run['outcome']['status'], waitedMs = wait.waitedMs): Wait => ({
    ...wait,
    last: ending(wait.last, status),
    waitedMs,
  });
  return [
    worse('not-tried', `the target of ${check} was not broken`, became({ outcome: 'no-fault' })),
    worse('fault-not-made', 'the fault could not be made', became({ outcome: 'not-made', says: 'nobody answered' })),
    worse('fault-refused', 'the fault was refused', became({ outcome: 'refused', answer: { status: 403, excerpt: '' } })),
    worse(
      'fault-not-noticed',
      `${check} went on passing while its target was broken`,
      changed({ whileBroken: ended(whileBroken, 'pass', allowedMs) }),
    ),
    worse(
      'failed-for-another-reason',
      `${check} could not be run while its target was broken`,
      changed({ whileBroken: ended(whileBroken, 'error') }),
    ),
    worse('failed-late', `${check} failed too late`, changed({ whileBroken: { ...whileBroken, waitedMs: allowedMs + 1 } })),
    worse('not-recovered', `${check} did not pass again`, changed({ afterwards: ended(afterwards, 'fail') })),
    worse(
      'recovered-late',
      `${check} passed again too late`,
      changed({ afterwards: { ...afterwards, waitedMs: fault.recoversWithin + 1 } }),
    ),
  ];
}

function ending(run: Run, status: Run['outcome']['status']): Run {
  return { ...run, outcome: { ...run.outcome, status, reasons: status === 'pass' ? [] : ['HTTP 500'] } };
}
