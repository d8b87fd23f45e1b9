import { junitXml, type JunitCase } from '../format/junit.ts';
import { visible } from '../report/visible.ts';
import type { CheckResult, Results } from './results.ts';

/** A test case for each check: a failure when the target is wrong, an error when it could not be told. */
export function resultsJunit({ project, place, startedAt, finishedAt, checks }: Results): string {
  return junitXml({
    suite: visible(project),
    startedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    properties: [{ name: 'place', value: visible(place) }],
    cases: checks.map((check) => caseOf(check, project)),
  });
}

function caseOf(
  { name, statement, probe, status, reasons, durationMs, attempts, runbook, evidence }: CheckResult,
  project: string,
): JunitCase {
  const said = reasons.map(visible);
  const output = [
    ...(attempts > 1 ? [`${String(attempts)} attempts`] : []),
    ...(runbook === undefined ? [] : [`runbook: ${visible(runbook)}`]),
    ...evidence.map((file) => `evidence: ${visible(file)}`),
  ];
  return {
    classname: visible(`${project}.${probe}`),
    name: visible(statement === name ? name : `${name}: ${statement}`),
    durationMs,
    problem:
      status === 'pass'
        ? undefined
        : { element: status === 'fail' ? 'failure' : 'error', type: status, message: said[0] ?? status, details: said.join('\n') },
    output: output.join('\n'),
  };
}
