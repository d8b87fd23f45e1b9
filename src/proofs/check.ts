import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import { outcome } from '../check/outcome.ts';
import type { CheckRun } from '../check/run.ts';
import { findingsOn, type Finding } from '../gate/finding.ts';
import { ladders, rungOf } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { checkName } from '../gate/reference.ts';

const requirement = z.strictObject({
  check: checkName().describe('The check that must pass.'),
  times: z.int().min(2).max(100).default(3).describe('How often in a row it must pass for the grade `steady`.'),
});
type Requirement = z.output<typeof requirement>;

const run = z.strictObject({
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  outcome,
  /** What the probe saw, in its own shape. */
  observation: z.json().optional(),
});
type Run = z.infer<typeof run>;

/** The runs in order, as far as they passed: the first that does not is the last. */
const facts = z.strictObject({
  /** The grade that was asked for: nothing beyond it was tried. */
  grade: z.enum(ladders.check),
  runs: z.array(run),
});

function judgeRuns({ check, times }: Requirement, { grade, runs }: z.infer<typeof facts>): readonly Finding[] {
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
  return grade === 'shown-to-fail' ? [...findings, notShownToFail(check)] : findings;
}

function notShownToFail(check: string): Finding {
  const hint = 'ask for the grade "steady": breaking the target on purpose is not supported yet';
  return findingsOn(check, 'shown-to-fail').unknown('its target was not broken on purpose, so nobody knows that it can fail', hint);
}

function judgeRun(rung: ReturnType<typeof findingsOn>, { outcome: { status, reasons } }: Run, prefix = ''): Finding {
  const why = prefix + (reasons.join('; ') || 'no reason was given');
  return status === 'fail' ? rung.no(`failed: ${why}`) : rung.unknown(`could not be run: ${why}`);
}

function spread(runs: readonly Run[]): string {
  const durations = runs.map(({ durationMs }) => durationMs);
  return `in ${formatDuration(Math.min(...durations))} to ${formatDuration(Math.max(...durations))}`;
}

function recorded({ startedAt, durationMs, outcome: found, observation }: CheckRun): Run {
  const seen = observation === undefined ? {} : { observation: z.json().parse(JSON.parse(JSON.stringify(observation))) };
  return { startedAt, durationMs: Math.round(durationMs), outcome: { ...found, reasons: [...found.reasons] }, ...seen };
}

export default defineProof({
  kind: 'check',
  summary: 'A check of the gate passes, once or several times in a row.',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement,
  facts,
  observe: async ({ check, times }, { grade, progress, runCheck }) => {
    const wanted = rungOf(ladders.check, grade) >= rungOf(ladders.check, 'steady') ? times : 1;
    const runs: Run[] = [];
    while (runs.length < wanted) {
      progress(wanted === 1 ? `runs ${check}` : `runs ${check}, ${String(runs.length + 1)} of ${String(wanted)}`);
      const next = recorded(await runCheck(check));
      runs.push(next);
      if (next.outcome.status !== 'pass') break;
    }
    return { grade: facts.shape.grade.parse(grade), runs };
  },
  judge: judgeRuns,
});
