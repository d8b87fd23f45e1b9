import type { Statement } from '../../attest/statement.ts';
import { pdfFile, reportFile, type Report } from '../report.ts';
import type { KeptBytes, Reporter } from '../reporter.ts';
import { listed } from '../tally.ts';
import { conclude, no, unknown, type Trouble, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';
import { utf8 } from './read-file.ts';

/** Whether what people read (report.html, report.md) says what report.json says: a signature alone does not show that. */
export function checkRenderings(
  files: ReportFiles,
  report: Report,
  statement: Statement | undefined,
  { reporters, toolVersion }: { readonly reporters: readonly Reporter[]; readonly toolVersion: string },
): readonly VerifyCheck[] {
  const byFile = new Map(reporters.filter(({ file }) => file !== reportFile).map((reporter) => [reporter.file, reporter]));
  const evidence: KeptBytes = (name) => {
    const file = files.evidence.get(name);
    return file?.sha256 === name ? file.bytes : undefined;
  };
  const troubles: Trouble[] = [];
  const same: string[] = [];
  for (const [name, file] of files.top) {
    const reporter = byFile.get(name);
    if (reporter === undefined) {
      const signed = statement?.subject.some((subject) => subject.name === name) === true;
      // Printing is not reproducible: a printed report is worth what its signature is worth.
      if (signed && name !== reportFile && name !== pdfFile)
        troubles.push(unknown(`${name} cannot be compared with report.json: this liveproof does not render it`));
    } else if (utf8(file.bytes) === attempt(reporter, report, evidence)) {
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
    `${same.length === 0 ? 'report.json stands alone' : `${listed(same)} say what report.json says`}${printed(files)}`,
  );
}

/** Nobody should take the printed report for compared. */
function printed(files: ReportFiles): string {
  return files.top.has(pdfFile) ? `; ${pdfFile} was printed, which cannot be repeated: it stands by its signature alone` : '';
}

/** An unsigned report may hold anything; what cannot be rendered is not what the file holds. */
function attempt(reporter: Reporter, report: Report, evidence: KeptBytes): string | undefined {
  try {
    return reporter.render(report, evidence);
  } catch {
    return undefined;
  }
}
