import { readFile } from 'node:fs/promises';
import type { Basis } from '../../base/basis.ts';
import { sha256 } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpOptions } from './options.ts';

/** The files of certificates that its options name. */
export async function restsOnFiles({ tls }: HttpOptions): Promise<readonly Basis[]> {
  const files = [tls?.ca, tls?.certificate, tls?.key].filter((file) => file !== undefined);
  return Promise.all(files.map(async (file) => ({ what: `the file ${file}`, value: await digestOf(file) })));
}

async function digestOf(file: string): Promise<string> {
  try {
    return sha256(await readFile(file));
  } catch (error) {
    throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
