import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, type Sha256 } from '../base/digest.ts';
import { makeFolder } from '../base/make-folder.ts';

/** Bytes kept under the name of their own content, so that a report which names them cannot be given others. */
export interface Evidence {
  put(bytes: Uint8Array | string): Promise<Sha256>;
  get(name: Sha256): Promise<Uint8Array>;
}

/** Evidence as files `<folder>/<sha256>`. */
export function evidenceIn(folder: string): Evidence {
  return {
    put: async (bytes) => {
      const name = sha256(bytes);
      await makeFolder(folder);
      await writeFile(join(folder, name), bytes);
      return name;
    },
    get: (name) => readFile(join(folder, name)),
  };
}
