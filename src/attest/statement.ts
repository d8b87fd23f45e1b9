import { z } from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';

export const statementType = 'https://in-toto.io/Statement/v1';
const testResultType = 'https://in-toto.io/attestation/test-result/v0.1';

/** A thing named together with its digest. Source: in-toto ResourceDescriptor v1. */
export const resource = z.strictObject({
  name: z.string(),
  digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type Resource = Readonly<z.infer<typeof resource>>;

/** What was tested and what came out. Source: in-toto test-result predicate v0.1. */
const testResult = z.strictObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  /** What the test was told: the gate file, its environment, its checks. */
  configuration: z.array(resource),
  passedTests: z.array(z.string()),
  warnedTests: z.array(z.string()),
  failedTests: z.array(z.string()),
});
export type TestResult = Readonly<z.infer<typeof testResult>>;

/** An in-toto Statement v1 about the files of one report. */
export const statement = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(resource).min(1),
  predicateType: z.literal(testResultType),
  predicate: testResult,
});
export type Statement = Readonly<z.infer<typeof statement>>;

export function testResultStatement(subject: readonly Resource[], predicate: TestResult): Statement {
  return { _type: statementType, subject: [...subject], predicateType: testResultType, predicate };
}

/** The bytes that are signed. */
export function statementBytes(value: object): Buffer {
  return Buffer.from(canonicalJson(value));
}
