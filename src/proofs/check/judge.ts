import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { CheckFacts, Run } from './facts.ts';
import type { CheckRequirement } from './requirement.ts';
import { judgeShown } from './shown-to-fail.ts';

export function judgeCheck(requirement: CheckRequirement, { grade, runs, shown }: CheckFacts): readonly Finding[] {
  const { check, times } = requirement;
  const passed = findingsOn(check, 'passed');
  const steady = findingsOn(check, 'steady');
  const [first] = runs;
  if (first === undefined) return [passed.unknown('it was not run')];
  const row = runs.findIndex(({ outcome: { status } }) => status !== 'pass');
  const broken = runs[row];
  const findings = [first === broken ? judgeRun(passed, first) : passed.yes(`passed in ${formatDuration(first.durationMs)}`)];
  if (broken !== undefined && row > 0) findings.push(judgeRun(steady, broken, `run ${String(row + 1)} of ${String(times)}: `));
  else if (broken === undefined && runs.length >= times)
    findings.push(steady.yes(`passed ${String(runs.length)} times in a row, ${spread(runs)}`));
  else if (broken === undefined && runs.length > 1)
    findings.push(steady.unknown(`passed ${String(runs.length)} times in a row, ${String(times)} are required`));
  return grade === 'shown-to-fail' ? [...findings, ...judgeShown(requirement, shown)] : findings;
}

function judgeRun(rung: ReturnType<typeof findingsOn>, { outcome: { status, reasons } }: Run, prefix = ''): Finding {
  const why = prefix + (reasons.join('; ') || 'no reason was given');
  return status === 'fail' ? rung.no(`failed: ${why}`) : rung.unknown(`could not be run: ${why}`);
}

function spread(runs: readonly Run[]): string {
  const durations = runs.map(({ durationMs }) => durationMs);
  return `in ${formatDuration(Math.min(...durations))} to ${formatDuration(Math.max(...durations))}`;
}
