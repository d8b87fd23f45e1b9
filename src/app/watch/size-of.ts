import { statSync } from 'node:fs';

/** Bytes of a store on the disk, with its log; undefined when it cannot be told. */
export function sizeOf(file: string): number | undefined {
  const size = (name: string): number | undefined => statSync(name, { throwIfNoEntry: false })?.size;
  try {
    const main = size(file);
    return main === undefined ? undefined : main + (size(`${file}-wal`) ?? 0);
  } catch {
    return undefined;
  }
}
