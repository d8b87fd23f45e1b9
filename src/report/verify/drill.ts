import { concludeDrill, drill as drillSchema, drillFile, drillReport, drillText, type Drill, type DrillReportOptions } from '../drill.ts';
import { reportFile, type Report } from '../report.ts';
import { conclude, no, unknown, type Trouble, type VerifyCheck } from './check.ts';
import type { ReportFiles } from './files.ts';
import { json, utf8 } from './read-file.ts';

/** Whether an attached drill is what drilling this report gives: nobody signed it, and nobody needs to. No check when none is attached. */
export async function checkDrill(files: ReportFiles, report: Report, options: DrillReportOptions): Promise<readonly VerifyCheck[]> {
  const file = files.top.get(drillFile);
  if (file === undefined) return [];
  const stated = drillSchema.safeParse(json(file.bytes));
  if (!stated.success) return conclude('drill', [no(`${drillFile} is not a drill`)], '');
  if (stated.data.report.sha256 !== files.top.get(reportFile)?.sha256)
    return conclude('drill', [no(`${drillFile} belongs to another report`)], '');
  const again = await drillReport(files, report, options);
  const troubles = utf8(file.bytes) === drillText(again) ? [] : [differs(stated.data, options.toolVersion)];
  return conclude('drill', troubles, `drilled again: ${summary(again)}`);
}

function differs({ tool }: Drill, toolVersion: string): Trouble {
  if (tool.version === toolVersion) return no(`${drillFile} does not say what drilling this report gives`);
  return unknown(`${drillFile} cannot be compared: liveproof ${tool.version} drilled, and this is ${toolVersion}`);
}

function summary(found: Drill): string {
  const { changes, items } = found;
  const { cannotFail } = concludeDrill(found, 0);
  const weak = cannotFail.length === 0 ? 'each can fail' : `${cannotFail.map(({ id }) => id).join(', ')} cannot fail`;
  return `${String(items.length)} items, ${weak}; ${String(changes.noticed)} of ${String(changes.tried)} changes of the evidence are noticed`;
}
