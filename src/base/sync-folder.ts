import { open } from 'node:fs/promises';

/** Has the disk remember which names stand in a folder: a file's own sync says nothing about its name. */
export async function syncFolder(folder: string): Promise<void> {
  // Some file systems cannot do that to folders, and need not.
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
