import { open, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { syncFolder } from '../../base/sync-folder.ts';
import type { ProcessMark } from '../../base/process-mark.ts';
import type { Redactor } from '../../base/redact.ts';
import type { Effect, Undo } from '../effect.ts';
import type { EffectRecord } from '../journal.ts';
import { lineText, type JournalLine, type SealedUndo } from './entry.ts';

export interface JournalFileOptions {
  /** The room of all journals of one gate. */
  readonly folder: string;
  readonly mark: ProcessMark;
  readonly gate: string;
  readonly environment: string;
  readonly redactor: Redactor;
  now(): Date;
  /** Takes the secrets out of an undo; undefined when it cannot. */
  seal(undo: Undo): SealedUndo | undefined;
}

export interface JournalFile extends EffectRecord {
  /** Makes the file; an effect that is noted does the same. Throws the Fault `journal/unwritable`. */
  open(): Promise<void>;
  /** Takes the file away, unless it still holds effects that could not be undone. */
  close(): Promise<void>;
}

/** So often the file is touched, for those who cannot see our process. */
const signOfLifeEveryMs = 5_000;

/** The journal of one run as a file that is only ever appended to, each line on the disk before its effect is made. Nothing is there before it is needed. */
export function journalFile(options: JournalFileOptions): JournalFile {
  const { folder, mark, redactor } = options;
  const path = join(folder, journalName(mark, mark));
  const stillOpen = new Set<number>();
  let last = 0;
  let opening: Promise<FileHandle> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let signsOfLife: NodeJS.Timeout | undefined;

  const opened = (): Promise<FileHandle> => (opening ??= begin());
  const begin = async (): Promise<FileHandle> => {
    const handle = await makeFile(folder, path);
    signsOfLife = setInterval(() => void handle.utimes(new Date(), new Date()).catch(() => undefined), signOfLifeEveryMs).unref();
    const { gate, environment } = options;
    await handle.appendFile(lineText({ type: 'run', version: 1, gate, environment, startedAt: options.now().toISOString() }));
    await handle.sync();
    await syncFolder(folder);
    return handle;
  };
  const append = (line: JournalLine): Promise<void> => {
    const appended = turn.then(async () => {
      const handle = await opened();
      await handle.appendFile(lineText(line));
      if (line.type === 'effect') await handle.datasync();
    });
    turn = appended.catch(() => undefined);
    return appended;
  };

  const note = async ({ says, expiresInMs, undo }: Effect): Promise<number> => {
    const id = ++last;
    const now = options.now();
    const expiresAt = new Date(now.getTime() + expiresInMs).toISOString();
    const sealed = options.seal(undo);
    const line = { type: 'effect', id, at: now.toISOString(), expiresAt, says: redactor.text(says) } as const;
    await append(sealed === undefined ? line : { ...line, undo: sealed });
    stillOpen.add(id);
    return id;
  };

  return {
    open: async () => void (await opened().catch(unwritable(folder))),
    note: async (effect) => {
      const id = await note(effect).catch(unwritable(folder));
      return {
        // A line less is no harm: the next run then undoes once more what is undone.
        made: () => append({ type: 'made', id }).catch(() => undefined),
        over: () => {
          stillOpen.delete(id);
          return append({ type: 'over', id }).catch(() => undefined);
        },
      };
    },
    close: async () => {
      clearInterval(signsOfLife);
      const handle = await opening?.catch(() => undefined);
      if (handle === undefined) return;
      await turn;
      await handle.close();
      if (stillOpen.size > 0) return;
      await unlink(path).catch(() => undefined);
      await removeIfEmpty(folder);
    },
  };
}

/** A journal's name says who answers for it, and who wrote it. */
export function journalName(owner: ProcessMark, writer: ProcessMark): string {
  return `${owner}.${writer}.jsonl`;
}

/** Another run may put something into it, or have taken it away, just now. */
export async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}

/** Another run takes the folder away when it was its last: made again then. */
async function makeFile(folder: string, path: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    await makeFolder(folder);
    try {
      return await open(path, 'ax', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 10) throw error;
    }
  }
}

function unwritable(folder: string): (error: unknown) => never {
  return (error) => {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new Fault('journal/unwritable', `the journal of side effects cannot be written to ${folder}: ${(error as Error).message}`, {
      hint: 'nothing was made: what is not written down could not be undone after a crash',
      cause: error,
    });
  };
}
