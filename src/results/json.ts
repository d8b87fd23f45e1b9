import { statusOf, type Results } from './results.ts';

/** The results for programs. */
export function resultsJson({ project, place, toolVersion, startedAt, finishedAt, checks }: Results): string {
  const document = {
    project,
    place,
    status: statusOf(checks),
    startedAt,
    finishedAt,
    tool: { name: 'liveproof', version: toolVersion },
    checks: checks.map(({ declaredAt, ...check }) => ({
      ...check,
      ...(declaredAt === undefined ? {} : { file: declaredAt.file, line: declaredAt.line }),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
