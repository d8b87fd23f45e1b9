import { observationRecord, untriedBecause } from '../../gate/observation.ts';
import type { Report } from '../report.ts';
import type { ReportFiles } from './files.ts';
import { json } from './read-file.ts';

/** An item that nobody tried, and why, to follow its name. */
export interface Untried {
  readonly id: string;
  readonly because: string;
}

/** The items that nobody tried, because the run was told to leave them out or might not wake anybody. */
export function untriedIn(report: Report, files: ReportFiles): readonly Untried[] {
  const becauseOf = ([name = '']: readonly string[]): string | undefined => {
    const file = files.evidence.get(name);
    try {
      const record = file && observationRecord.safeParse(json(file.bytes)).data;
      return record && untriedBecause(record);
    } catch {
      // Nested beyond the stack: the check of the judgement says so.
      return undefined;
    }
  };
  return report.items.flatMap(({ id, evidence }) => {
    const because = becauseOf(evidence);
    return because === undefined ? [] : [{ id, because }];
  });
}
