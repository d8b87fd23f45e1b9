import XMLBuilder from 'fast-xml-builder';

/** Test results as JUnit XML has them. Texts are written as they are given: make them visible first. */
export interface JunitDocument {
  readonly suite: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly durationMs: number;
  /** Absent when it passed. `skipped` leaves a pipeline green. */
  readonly problem?:
    { readonly element: JunitElement; readonly type: string; readonly message: string; readonly details: string } | undefined;
  readonly output: string;
}

export type JunitElement = 'failure' | 'error' | 'skipped';

/** One suite of cases, with the totals that CI systems read. */
export function junitXml({ suite: name, startedAt, durationMs, properties, cases }: JunitDocument): string {
  const count = (element: JunitElement): string => String(cases.filter(({ problem }) => problem?.element === element).length);
  const totals = {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(durationMs),
  };
  const suite = {
    ...attributes({ name, ...totals, timestamp: startedAt }),
    properties: { property: properties.map((property) => attributes({ ...property })) },
    testcase: cases.map(testcase),
  };
  return xml.build({
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: { ...attributes({ name: 'liveproof', ...totals }), testsuite: suite },
  });
}

/** What begins with this is an attribute, everything else an element. */
const prefix = '@';
const xml = new XMLBuilder({
  attributeNamePrefix: prefix,
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
  indentBy: '  ',
});

function attributes(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function testcase({ classname, name, durationMs, problem, output }: JunitCase): Record<string, unknown> {
  return {
    ...attributes({ classname, name, time: seconds(durationMs) }),
    ...(problem === undefined
      ? {}
      : { [problem.element]: { ...attributes({ type: problem.type, message: problem.message }), '#text': problem.details } }),
    'system-out': output,
  };
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}
