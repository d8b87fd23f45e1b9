import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder of its own for one part, removed with it. */
export async function createTempFolder(name: string): Promise<TempFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), `liveproof-${name}-`));
  return {
    path: folder,
    // A server's last child may still be writing while we delete.
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}
