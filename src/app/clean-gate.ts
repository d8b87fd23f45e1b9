import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { holdMark, type ProcessMark } from '../base/process-mark.ts';
import { createRedactor, type Redactor } from '../base/redact.ts';
import type { LoadedGate } from '../config/load-gate.ts';
import type { Gate } from '../gate/gate.ts';
import { cleanJournals, type CleanedJournals, type LeftoverEvent } from '../gate/journal/clean.ts';
import { journalFile, type JournalFile } from '../gate/journal/file.ts';
import { sealUndo } from '../gate/journal/seal.ts';
import { gateFolder } from '../report/folder.ts';
import { unfinishedPrefix } from '../report/report.ts';
import { removeLeftovers } from './leftover-folders.ts';

export interface CleanGateOptions {
  readonly loaded: LoadedGate;
  /** The folder of all reports. */
  readonly reportRoot: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  tell(event: LeftoverEvent): void;
}

/** Undoes what ended runs of this gate have left behind, and runs nothing. Throws the Fault `journal/unreadable`. */
export async function cleanGate({ loaded, reportRoot, ...options }: CleanGateOptions): Promise<CleanedJournals> {
  const redactor = createRedactor(loaded.secrets);
  const held = holdMark();
  const own = gateJournal({ gate: loaded.gate, reportRoot, redactor, mark: held.mark, clock: options.clock });
  try {
    return await cleanLeftovers({ ...options, gate: loaded.gate, reportRoot, redactor, mark: held.mark, own });
  } finally {
    await own.close();
    held.release();
  }
}

/** For a run that has a journal and a mark of its own. */
export async function cleanLeftovers(
  options: Omit<CleanGateOptions, 'loaded'> & {
    readonly gate: Gate;
    readonly redactor: Redactor;
    readonly mark: ProcessMark;
    readonly own: JournalFile;
  },
): Promise<CleanedJournals> {
  const { gate, reportRoot, redactor, mark, own, clock, signal, tell } = options;
  await removeLeftovers(tmpdir(), temporaryPrefix);
  await removeLeftovers(gateFolder(reportRoot, gate.name), unfinishedPrefix);
  const tellRedacted = (event: LeftoverEvent): void => tell(redactor.value(event));
  return await cleanJournals({ folder: roomOf(gate, reportRoot), own, mark, gate, signal, now: clock.now, tell: tellRedacted });
}

/** Of the folder for all that a run keeps only while it goes on. */
export const temporaryPrefix = 'liveproof-';

/** The journal of one run of a gate, beside its reports. */
export function gateJournal(options: {
  readonly gate: Gate;
  readonly reportRoot: string;
  readonly redactor: Redactor;
  readonly mark: ProcessMark;
  readonly clock: Clock;
}): JournalFile {
  const { gate, reportRoot, redactor, mark, clock } = options;
  return journalFile({
    folder: roomOf(gate, reportRoot),
    mark,
    gate: gate.name,
    environment: gate.environment,
    redactor,
    now: clock.now,
    seal: (undo) => sealUndo(undo, gate, redactor),
  });
}

/** With a dot, as everything beside reports that is none. */
function roomOf(gate: Gate, reportRoot: string): string {
  return join(gateFolder(reportRoot, gate.name), '.journal');
}
