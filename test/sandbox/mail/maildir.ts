import { chown, mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Who owns the mail; absent when we are not root and everything is ours anyway. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type MailFolder = 'INBOX' | 'Junk';

/** Makes the Maildir of one user under `homes`, with its Junk folder. */
export async function createMaildir(homes: string, user: string, owner: Owner | undefined): Promise<void> {
  const home = path.join(homes, user);
  const folders = (['INBOX', 'Junk'] as const).map((folder) => folderOf(homes, user, folder));
  const paths = folders.flatMap((folder) => ['cur', 'new', 'tmp'].map((part) => path.join(folder, part)));
  for (const each of paths) await mkdir(each, { recursive: true, mode: 0o700 });
  if (owner === undefined) return;
  for (const each of [home, ...folders, ...paths]) await chown(each, owner.uid, owner.gid);
}

let delivered = 0;

/** Delivers one message (one character a byte) as Maildir demands: written in full under `tmp`, then moved to `new` in one step. */
export async function deliver(homes: string, user: string, folder: MailFolder, message: string, owner: Owner | undefined): Promise<void> {
  const now = new Date();
  const name = `${String(Math.floor(now.getTime() / 1000))}.P${String(process.pid)}Q${String(++delivered)}.sandbox`;
  const target = folderOf(homes, user, folder);
  const draft = path.join(target, 'tmp', name);
  await writeFile(draft, message, { mode: 0o600, encoding: 'latin1' });
  if (owner !== undefined) await chown(draft, owner.uid, owner.gid);
  // Dovecot takes the file's time as the time of arrival.
  await utimes(draft, now, now);
  await rename(draft, path.join(target, 'new', name));
}

function folderOf(homes: string, user: string, folder: MailFolder): string {
  return path.join(homes, user, 'Maildir', folder === 'INBOX' ? '' : `.${folder}`);
}
