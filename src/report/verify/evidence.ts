import { evidenceFolder, type Report } from '../report.ts';
import { conclude, no, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';

/** Whether the evidence is exactly what the report names, each file under the digest of its content. */
export function checkEvidence(files: ReportFiles, report: Report): readonly VerifyCheck[] {
  const named = new Set([...report.items.flatMap(({ evidence }) => evidence), ...report.sources.map(({ kept }) => kept)]);
  const missing = [...named]
    .filter((name) => !files.evidence.has(name))
    .map((name) => no(`${evidenceFolder}/${name} is missing or cannot be read`));
  const wrong = [...files.evidence].flatMap(([name, { sha256 }]) => {
    if (!named.has(name)) return [no(`${evidenceFolder}/${name} is not named in report.json`)];
    return sha256 === name ? [] : [no(`${evidenceFolder}/${name} was changed: its SHA-256 is ${sha256}`)];
  });
  return conclude(
    'evidence',
    [...missing, ...wrong],
    `${String(named.size)} files in ${evidenceFolder}/ are the ones that report.json names, unchanged`,
  );
}
