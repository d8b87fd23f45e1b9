import { readdir, readFile, rename, stat, truncate, unlink, utimes, appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { markPattern, stateOfMark, type ProcessMark } from '../../base/process-mark.ts';
import { lineText, readJournal, type OpenEntry } from './entry.ts';
import { journalName, removeIfEmpty, type JournalFile } from './file.ts';
import { unsealUndo } from './seal.ts';
import { makeUndo } from './undo.ts';

/** What became of something that an ended run has left behind. */
export type LeftoverEvent =
  | { readonly type: 'leftover-undone'; readonly says: string; readonly madeAt: string }
  /** It has ended by itself. */
  | { readonly type: 'leftover-expired'; readonly says: string; readonly expiredAt: string }
  | { readonly type: 'leftover-stuck'; readonly says: string; readonly because: string; readonly until: string };

export interface CleanJournalsOptions {
  /** The room of all journals of the gate. */
  readonly folder: string;
  /** Ours: it is there before anything is taken over. */
  readonly own: JournalFile;
  readonly mark: ProcessMark;
  /** As it is run now, with its secrets. */
  readonly gate: { readonly environment: string };
  readonly signal: AbortSignal;
  now(): Date;
  tell(event: LeftoverEvent): void;
}

export interface CleanedJournals {
  /** Runs of this gate that still go on; theirs is left alone. */
  readonly running: number;
}

/** A run whose process cannot be seen from here is taken for dead when it has given no sign of life for so long. */
const silentForMs = 60_000;
/** Between the note and the effect lies at most one exchange. */
const graceMs = 30_000;

const namePattern = new RegExp(String.raw`^(${markPattern})\.(${markPattern})\.jsonl$`);

/**
 * Undoes what ended runs have left, the newest first, and drops what has ended by itself; what cannot be undone stays written down.
 * Each journal is first taken over by renaming it, which only one of several runs can do. Throws the Fault `journal/unreadable`, after the rest.
 */
export async function cleanJournals(options: CleanJournalsOptions): Promise<CleanedJournals> {
  const { folder, signal } = options;
  let running = 0;
  const faults: Fault[] = [];
  const taken: TakenJournal[] = [];
  for (const name of await journalsIn(folder)) {
    const [, owner, writer] = namePattern.exec(name) ?? [];
    if (owner === undefined || writer === undefined || owner === options.mark) continue;
    if (!(await isOver(owner, join(folder, name), options.now()))) {
      running += 1;
      continue;
    }
    const journal = await take(name, writer, options).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      faults.push(error);
    });
    if (journal !== undefined) taken.push(journal);
  }
  const entries = taken.flatMap((journal) => journal.open.map((entry) => ({ journal, entry })));
  entries.sort((a, b) => b.entry.at.localeCompare(a.entry.at) || b.entry.id - a.entry.id);
  for (const { journal, entry } of entries) {
    signal.throwIfAborted();
    if (!(await settle(entry, journal.environment, options))) continue;
    await appendFile(journal.path, lineText({ type: 'over', id: entry.id }));
    journal.left.delete(entry);
  }
  for (const { path, left } of taken) if (left.size === 0) await unlink(path);
  await removeIfEmpty(folder);
  if (faults[0] !== undefined) throw faults[0];
  return { running };
}

/** Nothing there is nothing left; what cannot be looked at is not. */
async function journalsIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(folder, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).syscall === undefined) return error;
  return new Fault('journal/unreadable', `${path} cannot be read: ${(error as Error).message}`, {
    hint: 'what is named there may still be in force: see what is active in the stack',
    cause: error,
  });
}

interface TakenJournal {
  readonly path: string;
  readonly environment: string | undefined;
  readonly open: readonly OpenEntry[];
  readonly left: Set<OpenEntry>;
}

async function isOver(owner: ProcessMark, path: string, now: Date): Promise<boolean> {
  const state = stateOfMark(owner);
  if (state !== 'elsewhere') return state === 'dead';
  const touchedMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
  return now.getTime() - touchedMs > silentForMs;
}

/** Undefined when another run was faster. */
async function take(
  name: string,
  writer: ProcessMark,
  { folder, own, mark, now }: CleanJournalsOptions,
): Promise<TakenJournal | undefined> {
  const path = join(folder, journalName(mark, writer));
  try {
    // One that cannot be read keeps its name: a person has to see to it.
    const found = join(folder, name);
    readJournal(await readFile(found, 'utf8'), found);
    await own.open();
    await rename(found, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(join(folder, name), error);
  }
  await utimes(path, now(), now());
  const { environment, open, wholeBytes } = readJournal(await readFile(path, 'utf8'), path);
  // What we write about it must not continue a line that its run could not finish.
  await truncate(path, wholeBytes);
  return { path, environment, open, left: new Set(open) };
}

/** Whether nothing is left of it. */
async function settle(entry: OpenEntry, environment: string | undefined, options: CleanJournalsOptions): Promise<boolean> {
  const { gate, signal, tell } = options;
  const { says, at, expiresAt, undo } = entry;
  if (Date.parse(expiresAt) + graceMs < options.now().getTime()) {
    tell({ type: 'leftover-expired', says, expiredAt: expiresAt });
    return true;
  }
  const stuck = (because: string): false => {
    tell({ type: 'leftover-stuck', says, because, until: expiresAt });
    return false;
  };
  if (undo === undefined) return stuck('its undo needs a secret that does not stand in the gate beside the address of that server');
  const unsealed = unsealUndo(undo, gate);
  if (!unsealed.ok) {
    const other = environment === undefined || environment === gate.environment ? '' : `; it was made in the environment ${environment}`;
    return stuck(`${unsealed.because}${other}`);
  }
  const outcome = await makeUndo(unsealed.undo, signal);
  // Written down, and perhaps never made: the run may have been ended between the two.
  if (!outcome.undone && !(outcome.notThere && !entry.made)) return stuck(outcome.because);
  tell({ type: 'leftover-undone', says, madeAt: at });
  return true;
}
