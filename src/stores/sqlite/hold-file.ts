import { statSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';

/** Throws once the file is not the one any more that it is now: SQLite would go on writing into what nobody finds again. */
export function holdFile(file: string): () => void {
  const own = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    if (now?.ino === own.ino && now.dev === own.dev) return;
    throw new Fault('store/unwritable', `the store ${file} was taken away or replaced while it was in use`, {
      hint: 'put it back, or start again with a new one; what was stored is in the file that was taken away',
    });
  };
}
