import { testResultStatement, type Resource, type Statement } from '../attest/statement.ts';
import type { Sha256 } from '../base/digest.ts';
import type { Decision } from '../gate/decide.ts';
import type { State } from '../gate/verdict.ts';
import type { Report } from './report.ts';

const results = { proceed: 'PASSED', 'proceed-with-waivers': 'WARNED', 'do-not-proceed': 'FAILED' } as const satisfies Record<
  Decision,
  string
>;

/** What is signed about a report: the digests of its files and of the gate file, and what came out. Evidence is named in report.json. */
export function statementOf(report: Report, files: ReadonlyMap<string, Sha256>): Statement {
  const gates = report.sources.filter(({ role }) => role === 'gate');
  const named = (found: readonly State[]): string[] => report.items.filter(({ state }) => found.includes(state)).map(({ id }) => id);
  return testResultStatement(
    [...[...files].map(([name, sha256]) => resourceOf(name, sha256)), ...gates.map(({ path, sha256 }) => resourceOf(path, sha256))],
    {
      result: results[report.decision],
      configuration: report.sources.map(({ path, sha256 }) => resourceOf(path, sha256)),
      passedTests: named(['proven']),
      warnedTests: named(['waived']),
      failedTests: named(['disproven', 'inconclusive', 'blocked']),
    },
  );
}

export function resourceOf(name: string, sha256: Sha256): Resource {
  return { name, digest: { sha256 } };
}
