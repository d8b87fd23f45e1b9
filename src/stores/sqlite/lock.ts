import { openDatabase } from './database.ts';

/**
 * Holds a store for one daemon: a second one is refused. The system gives it back when the process ends, however it ends, so that no
 * stale lock keeps anybody out. It stands in a file of its own: others may read the store meanwhile.
 */
export function holdLock(file: string): Disposable {
  const database = openDatabase(`${file}.lock`);
  try {
    database.execute('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}
