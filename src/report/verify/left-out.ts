import { observationRecord } from '../../gate/observation.ts';
import type { Report } from '../report.ts';
import type { ReportFiles } from './files.ts';
import { json } from './read-file.ts';

/** Ids of the items that nobody tried, because the run was told to leave them out. */
export function leftOutOf(report: Report, files: ReportFiles): readonly string[] {
  const isLeftOut = ([name = '']: readonly string[]): boolean => {
    const file = files.evidence.get(name);
    try {
      return file !== undefined && observationRecord.safeParse(json(file.bytes)).data?.failure?.code === 'run/left-out';
    } catch {
      // Nested beyond the stack: the check of the judgement says so.
      return false;
    }
  };
  return report.items.filter(({ evidence }) => isLeftOut(evidence)).map(({ id }) => id);
}
