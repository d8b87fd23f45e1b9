import { appendFile } from 'node:fs/promises';
import type { Place } from '../base/fault.ts';
import { annotation, type Annotation } from '../format/github.ts';
import type { State } from '../gate/verdict.ts';
import type { Report, ReportItem } from '../report/report.ts';
import { asDecided } from '../report/waived.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';

export interface GithubOptions {
  readonly report: Report;
  /** The report for people, in Markdown. */
  readonly markdown: string;
  /** Where an item stands, by its position in the gate. */
  placeOf(index: number): Place | undefined;
}

/** GitHub takes no more than 1024 KiB for the summary of a step, and shows nothing of one that is larger. */
const mostSummaryBytes = 1_000_000;

/** Tells GitHub Actions what came out: an annotation at the line of each item that is not proven, and the report as job summary. */
export async function tellGithub({ report, markdown, placeOf }: GithubOptions, io: Io, out: Io['stdout']): Promise<void> {
  if (io.env['GITHUB_ACTIONS'] !== 'true') return;
  for (const [index, item] of asDecided(report).items.entries()) {
    const level = levels[item.state];
    if (level !== undefined) out.write(`${annotationOf(level, item, placeOf(index), io)}\n`);
  }
  const file = io.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  await appendFile(file, shortened(markdown)).catch((error: unknown) => {
    // The report is written and the decision stands: a runner that takes no summary changes neither.
    io.stderr.write(`the job summary was not written: ${visible((error as Error).message)}\n`);
  });
}

/** GitHub shows ten errors and ten warnings of a step: what only follows from the others is a warning. */
const levels: Readonly<Record<State, 'error' | 'warning' | undefined>> = {
  proven: undefined,
  disproven: 'error',
  inconclusive: 'error',
  blocked: 'warning',
  waived: 'warning',
};

function annotationOf(level: Annotation['level'], item: ReportItem, place: Place | undefined, { cwd, env }: Io): string {
  const first = item.reasons.find(({ holds }) => holds !== 'yes') ?? item.reasons[0];
  const says = `${item.statement}: ${first?.says ?? item.state}${first?.hint === undefined ? '' : ` → ${first.hint}`}`;
  const title = visible(`${item.id}: ${item.state}`);
  return annotation({ level, place, title, says: visible(says) }, { folder: cwd, repository: env['GITHUB_WORKSPACE'] });
}

function shortened(markdown: string): string {
  if (Buffer.byteLength(markdown) <= mostSummaryBytes) return markdown;
  const kept = Buffer.from(markdown).subarray(0, mostSummaryBytes).toString();
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n\n**Cut off here:** GitHub takes no more. The whole report is in report.md.\n`;
}
