import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/digest.ts';

const kinds = [
  { starts: Buffer.from('89504e470d0a1a0a', 'hex'), ending: 'png' },
  { starts: Buffer.from('ffd8ff', 'hex'), ending: 'jpg' },
  { starts: Buffer.from('PK\u0003\u0004'), ending: 'zip' },
] as const;

/** Writes what a run kept to `<folder>/<check>-<digest>.<kind>` and returns the names of the files; none without a folder. */
export async function keepEvidence(folder: string | undefined, check: string, evidence: readonly Uint8Array[]): Promise<readonly string[]> {
  if (folder === undefined || evidence.length === 0) return [];
  await mkdir(folder, { recursive: true });
  return await Promise.all(
    evidence.map(async (bytes) => {
      const name = `${check.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}-${sha256(bytes).slice(0, 16)}.${endingOf(bytes)}`;
      const file = join(folder, name);
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
      return file;
    }),
  );
}

function endingOf(bytes: Uint8Array): string {
  return kinds.find(({ starts }) => starts.equals(bytes.subarray(0, starts.length)))?.ending ?? 'txt';
}
