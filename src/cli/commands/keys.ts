import { rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { newKeyPair } from '../../attest/keys.ts';
import { Fault } from '../../base/fault.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { Io } from '../io.ts';

export interface KeysNewOptions {
  /** The folder to put the pair in; the current one by default. */
  readonly out?: string | undefined;
}

const privateKeyFile = 'gate.pem';
const publicKeyFile = 'gate.pub.pem';

/** Makes a key pair for signing reports. Never overwrites a key. */
export async function keysNewCommand({ out = '.' }: KeysNewOptions, io: Io): Promise<0> {
  const folder = resolve(io.cwd, out);
  const privateFile = join(folder, privateKeyFile);
  const publicFile = join(folder, publicKeyFile);
  const { keyId, privatePem, publicPem } = newKeyPair();
  await makeFolder(folder).catch((cause: unknown) => {
    throw new Fault('key/unwritable', `the folder ${folder} cannot be made: ${(cause as Error).message}`, { cause });
  });
  await create(privateFile, privatePem, 0o600);
  try {
    await create(publicFile, publicPem, 0o644);
  } catch (error) {
    // Half a pair would be mistaken for the other half of an older one.
    await rm(privateFile);
    throw error;
  }
  const shown = (file: string): string => {
    const path = relative(io.cwd, file);
    return path.startsWith('..') ? file : path;
  };
  const width = shown(publicFile).length;
  io.stdout.write(
    [
      `A new key pair, ECDSA P-256, key ${keyId}`,
      '',
      `  ${shown(privateFile).padEnd(width)}  private: signs reports. Keep it secret and out of version control; only you can read the file.`,
      `  ${shown(publicFile)}  public: verifies them. Give it to everybody who reads your reports.`,
      '',
      'Next:',
      `  liveproof gate FILE --key ${shown(privateFile)}`,
      `  liveproof verify REPORT_DIR --key ${shown(publicFile)}`,
      '',
    ].join('\n'),
  );
  return 0;
}

async function create(file: string, content: string, mode: number): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', mode });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Fault('key/unwritable', `${file} is there already, and a key is never overwritten`, {
        hint: 'whoever holds its reports could no longer verify them: choose another folder with --out',
        cause,
      });
    }
    throw new Fault('key/unwritable', `${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
