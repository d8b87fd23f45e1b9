import { Fault, type FaultCode } from '../../base/fault.ts';
import { CutShort } from './bytes.ts';

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that are no bug of ours, and what they mean for a store. */
const meanings: Readonly<Record<number, { readonly code: FaultCode; readonly says: string; readonly hint: string }>> = {
  3: { code: 'store/unwritable', says: 'may not be used', hint: 'its owner and mode, and those of its folder, must let liveproof write' },
  5: { code: 'store/locked', says: 'is in use by another process', hint: 'end that process, or name another file' },
  6: { code: 'store/locked', says: 'is in use', hint: 'end whatever else uses it, or name another file' },
  8: { code: 'store/unwritable', says: 'is read-only', hint: 'its owner and mode, and those of its folder, must let liveproof write' },
  10: { code: 'store/unwritable', says: 'cannot be read from or written to', hint: 'look at the disk and at the log of the system' },
  11: { code: 'store/unreadable', says: 'is damaged', hint: 'put a copy in its place, or save what is left of it: sqlite3 FILE .recover' },
  13: {
    code: 'store/full',
    says: 'has no more room on its disk',
    hint: 'nothing that was acknowledged is lost: make room, or keep results for a shorter time',
  },
  14: { code: 'store/unreadable', says: 'cannot be opened', hint: 'its folder must be there, and let liveproof in' },
  26: { code: 'store/unreadable', says: 'is no store: it is not even a SQLite file', hint: 'name the file of a store' },
};

/** What went wrong with a store's file as a Fault; bugs stay what they are. */
export function storeFault(file: string, error: unknown): unknown {
  if (error instanceof CutShort || error instanceof SyntaxError) {
    return new Fault('store/unreadable', `the store ${file} is damaged: ${error.message}`, { hint: meanings[11]?.hint, cause: error });
  }
  const { code, errcode, errstr } = error as { readonly code?: string; readonly errcode?: number; readonly errstr?: string };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return error;
  const meaning = meanings[errcode & 0xff];
  if (meaning === undefined) return error;
  return new Fault(meaning.code, `the store ${file} ${meaning.says} (SQLite: ${errstr ?? String(errcode)})`, {
    hint: meaning.hint,
    cause: error,
  });
}
