import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holdMark } from '../base/process-mark.ts';
import { syncFolder } from '../base/sync-folder.ts';
import { unfinishedPrefix } from './report.ts';

/** Puts one more file into a report's folder, whole or not at all. Written beside the folder first: half a file in it would make verify refuse the report. */
export async function placeWhole(folder: string, file: string, bytes: string | Uint8Array): Promise<void> {
  const { mark, release } = holdMark();
  // The mark has the gate's next run remove what a killed command has left there.
  const unfinished = join(dirname(folder), unfinishedPrefix + mark);
  try {
    await writeFile(unfinished, bytes, { flag: 'wx', flush: true });
    await rename(unfinished, join(folder, file));
    await syncFolder(folder);
  } catch (error) {
    // The first error is the one to tell.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    release();
  }
}
