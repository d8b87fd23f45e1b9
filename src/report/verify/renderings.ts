import type { Statement } from '../../attest/statement.ts';
import { reportFile, type Report } from '../report.ts';
import type { Reporter } from '../reporter.ts';
import { conclude, no, unknown, type Trouble, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';
import { utf8 } from './read-file.ts';

/** Whether what people read (report.md, junit.xml) says what report.json says: a signature alone does not show that. */
export function checkRenderings(
  files: ReportFiles,
  report: Report,
  statement: Statement | undefined,
  { reporters, toolVersion }: { readonly reporters: readonly Reporter[]; readonly toolVersion: string },
): readonly VerifyCheck[] {
  const byFile = new Map(reporters.filter(({ file }) => file !== reportFile).map((reporter) => [reporter.file, reporter]));
  const troubles: Trouble[] = [];
  const same: string[] = [];
  for (const [name, file] of files.top) {
    const reporter = byFile.get(name);
    if (reporter === undefined) {
      const signed = statement?.subject.some((subject) => subject.name === name) === true;
      if (signed && name !== reportFile)
        troubles.push(unknown(`${name} cannot be compared with report.json: this liveproof does not render it`));
    } else if (utf8(file.bytes) === attempt(reporter, report)) {
      same.push(name);
    } else if (report.tool.version === toolVersion) {
      troubles.push(no(`${name} does not say what report.json says`));
    } else {
      troubles.push(
        unknown(`${name} cannot be compared with report.json: liveproof ${report.tool.version} wrote it, and this is ${toolVersion}`),
      );
    }
  }
  return conclude(
    'renderings',
    troubles,
    same.length === 0 ? 'report.json stands alone' : `${same.join(' and ')} say what report.json says`,
  );
}

/** An unsigned report may hold anything; what cannot be rendered is not what the file holds. */
function attempt(reporter: Reporter, report: Report): string | undefined {
  try {
    return reporter.render(report);
  } catch {
    return undefined;
  }
}
