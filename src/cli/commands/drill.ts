import { resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { concludeDrill, drillFile, drillReport, drillText } from '../../report/drill.ts';
import { placeWhole } from '../../report/place-whole.ts';
import { openReport } from '../../report/verify.ts';
import { visible } from '../../report/visible.ts';
import type { Io } from '../io.ts';
import { showDrill } from '../show-drill.ts';
import { paint, wrap } from '../style.ts';
import type { VerifyParts } from './verify.ts';

export interface DrillCommandOptions {
  readonly folder: string;
  /** The percentage of changes that must be noticed. */
  readonly atLeast?: string | undefined;
  /** Writes drill.json into the report's folder. */
  readonly attach?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const defaultPercent = 95;

/** Drills a report and says which of its items cannot fail. Resolves with the exit code; throws Faults for usage and unreadable folders. */
export async function drillCommand(options: DrillCommandOptions, io: Io, parts: VerifyParts): Promise<0 | 1 | 3> {
  const percent = options.atLeast === undefined ? defaultPercent : Number(options.atLeast);
  if (options.atLeast?.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new Fault('usage/bad-argument', `--at-least "${options.atLeast ?? ''}" is not a percentage`, {
      hint: 'write a number from 0 to 100',
    });
  }
  const folder = resolve(io.cwd, options.folder);
  // Nothing is judged or rendered again before: the drill itself begins with judging.
  const { report, files, checks } = await openReport(folder, parts.reporters, []);
  const refused = checks.filter(({ holds }) => holds === 'no').map(({ check, says }) => `${check}: ${says}`);
  if (report === undefined || refused.length > 0) {
    io.stderr.write(refusal(refused, io));
    return 1;
  }
  const found = await drillReport(files, report, parts);
  const conclusion = concludeDrill(found, percent / 100);
  if (options.attach === true) await attach(folder, drillText(found));
  io.stdout.write(
    options.json === true
      ? drillText(found)
      : showDrill({ folder: options.folder, found, conclusion, percent, attached: options.attach === true }, io),
  );
  return conclusion.exitCode;
}

function refusal(refused: readonly string[], { color, columns = 80 }: Io): string {
  const said = refused.map((says) => wrap(visible(says), columns, '  '));
  return [paint(color, 'bold', 'REFUSED: what does not hold together is not drilled.'), ...said, ''].join('\n');
}

async function attach(folder: string, text: string): Promise<void> {
  await placeWhole(folder, drillFile, text).catch((error: unknown) => {
    throw new Fault('report/unwritable', `${drillFile} cannot be written to ${folder}: ${(error as Error).message}`, { cause: error });
  });
}
