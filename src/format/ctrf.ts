/** Test results as the Common Test Report Format has them. Texts are written as they are given: make them visible first. */
export interface CtrfDocument<Test extends CtrfTest> {
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tests: readonly Test[];
  readonly environment: object;
}

export interface CtrfTest {
  readonly status: 'passed' | 'failed' | 'skipped';
}

const specVersion = '0.1.0';

export function ctrfJson<Test extends CtrfTest>({ toolVersion, startedAt, finishedAt, tests, environment }: CtrfDocument<Test>): string {
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const [start, stop] = [Date.parse(startedAt), Date.parse(finishedAt)];
  const document = {
    reportFormat: 'CTRF',
    specVersion,
    timestamp: finishedAt,
    generatedBy: `liveproof ${toolVersion}`,
    results: {
      tool: { name: 'liveproof', version: toolVersion },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: 0,
        start,
        stop,
        duration: Math.max(0, stop - start),
      },
      tests,
      environment,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
