import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import { makeFolder } from '../base/make-folder.ts';

const kinds = [
  { starts: Buffer.from('89504e470d0a1a0a', 'hex'), ending: 'png' },
  { starts: Buffer.from('ffd8ff', 'hex'), ending: 'jpg' },
  { starts: Buffer.from('PK\u0003\u0004'), ending: 'zip' },
] as const;

/**
 * Writes what a run kept to `<folder>/<check>-<digest>.<kind>` and returns the names of the files, each once; none without a folder.
 * Rejects with a Fault when they cannot be written.
 */
export async function keepEvidence(folder: string | undefined, check: string, evidence: readonly Uint8Array[]): Promise<readonly string[]> {
  if (folder === undefined || evidence.length === 0) return [];
  const files = new Map(evidence.map((bytes) => [join(folder, nameOf(check, bytes)), bytes]));
  try {
    await makeFolder(folder);
    await Promise.all([...files].map(([file, bytes]) => write(file, bytes)));
  } catch (cause) {
    throw new Fault('report/unwritable', `evidence cannot be written to ${folder}: ${(cause as Error).message}`, { cause });
  }
  return [...files.keys()];
}

/** The part has a name of its own: runs side by side, also of other processes, may write the same file. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

function nameOf(check: string, bytes: Uint8Array): string {
  return `${check.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}-${sha256(bytes).slice(0, 16)}.${endingOf(bytes)}`;
}

function endingOf(bytes: Uint8Array): string {
  return kinds.find(({ starts }) => starts.equals(bytes.subarray(0, starts.length)))?.ending ?? 'txt';
}
