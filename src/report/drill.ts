import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import { count, drilledItem, notDrilledItem, type DrilledItem } from './drill-item.ts';
import { judgingOf, type Judges } from './judge-items.ts';
import { reportFile, reportText, type Report } from './report.ts';
import type { ReportFiles } from './verify/files.ts';

/** The drill's own file beside report.json, when it was attached. */
export const drillFile = 'drill.json';

/** What a drill found, as drill.json keeps it. */
export const drill = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('liveproof'), version: z.string() }),
  /** The report that was drilled. */
  report: z.strictObject({ gate: z.string(), sha256: z.string() }),
  /** Of the proof kinds that know which changes matter. */
  changes: z.strictObject({ tried: count, noticed: count }),
  items: z.array(drilledItem),
  notDrilled: z.array(notDrilledItem),
});
export type Drill = Readonly<z.infer<typeof drill>>;

export type DrillReportOptions = Judges & { readonly toolVersion: string };

/** Drills every proven item of a report from its evidence alone: the same folder always gives the same drill. */
export async function drillReport(files: ReportFiles, report: Report, options: DrillReportOptions): Promise<Drill> {
  const found = await judgingOf(options)('drill', files, report);
  const items = found.filter((each) => 'changes' in each);
  const counted = items.filter(({ informed }) => informed).flatMap(({ changes }) => changes);
  return {
    schemaVersion: 1,
    tool: { name: 'liveproof', version: options.toolVersion },
    report: { gate: report.gate, sha256: files.top.get(reportFile)?.sha256 ?? sha256(reportText(report)) },
    changes: { tried: sum(counted.map(({ tried }) => tried)), noticed: sum(counted.map(({ noticed }) => noticed)) },
    items,
    notDrilled: found.filter((each) => 'says' in each),
  };
}

/** The one way in which drill.json is written. */
export function drillText(found: Drill): string {
  return `${JSON.stringify(drill.parse(found), null, 2)}\n`;
}

/** What a drill comes to. */
export interface DrillConclusion {
  readonly cannotFail: readonly DrilledItem[];
  /** Survivors that nothing explains, in words. */
  readonly unexplained: readonly string[];
  /** Of the changes that matter, the part that was noticed; absent when none was tried. */
  readonly share?: number;
  /** 0 every item can fail, enough is noticed, and the rest is explained · 1 not so · 3 nothing was drilled, or something could not be. */
  readonly exitCode: 0 | 1 | 3;
}

/** `atLeast` is a share, from 0 to 1. */
export function concludeDrill({ changes, items, notDrilled }: Drill, atLeast: number): DrillConclusion {
  const cannotFail = items.filter(({ canFail }) => !canFail);
  const unexplained = items.flatMap(({ id, survivors }) =>
    survivors.filter(({ harmless }) => harmless === undefined).map(({ says }) => `${id}: ${says}`),
  );
  const share = changes.tried === 0 ? undefined : changes.noticed / changes.tried;
  const isWeak = cannotFail.length + unexplained.length > 0 || (share ?? 1) < atLeast;
  const isUnsure = items.length === 0 || notDrilled.some(({ failsAlready }) => !failsAlready);
  const exitCode = isWeak ? 1 : isUnsure ? 3 : 0;
  return { cannotFail, unexplained, exitCode, ...(share === undefined ? {} : { share }) };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}
