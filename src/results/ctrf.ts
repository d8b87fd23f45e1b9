import { ctrfJson } from '../format/ctrf.ts';
import { visible } from '../report/visible.ts';
import { finishedAtMs, statusOf, type CheckResult, type Results } from './results.ts';

/** A test for each check; what could not be told fails too, since nothing unknown may look well. */
export function resultsCtrf({ project, place, toolVersion, startedAt, finishedAt, checks }: Results): string {
  return ctrfJson({
    toolVersion: visible(toolVersion),
    startedAt,
    finishedAt,
    tests: checks.map((check) => testOf(check, project)),
    environment: { reportName: visible(project), testEnvironment: visible(place), healthy: statusOf(checks) === 'pass' },
  });
}

function testOf(check: CheckResult, project: string) {
  const { name, statement, probe, tags, severity, runbook, status, reasons, startedAt, durationMs, attempts, declaredAt } = check;
  const said = reasons.map(visible);
  return {
    name: visible(statement === name ? name : `${name}: ${statement}`),
    status: status === 'pass' ? ('passed' as const) : ('failed' as const),
    rawStatus: status,
    duration: Math.round(durationMs),
    start: Date.parse(startedAt),
    stop: finishedAtMs(check),
    suite: [visible(project), visible(probe)],
    ...(said[0] === undefined ? {} : { message: said[0], trace: said.join('\n') }),
    ...(declaredAt === undefined ? {} : { filePath: visible(declaredAt.file), line: declaredAt.line }),
    ...(tags.length === 0 ? {} : { tags: tags.map(visible) }),
    retries: attempts - 1,
    flaky: status === 'pass' && attempts > 1,
    extra: {
      ...(severity === undefined ? {} : { severity: visible(severity) }),
      ...(runbook === undefined ? {} : { runbook: visible(runbook) }),
      ...(check.evidence.length === 0 ? {} : { evidence: check.evidence.map(visible) }),
    },
  };
}
