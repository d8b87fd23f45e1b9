import { createHash } from 'node:crypto';

/**
 * Where in its period a check starts, by its name alone: as even as a hash is, the same after a restart, and other checks that come
 * or go do not move it. From 0 to below `periodMs`, in whole milliseconds.
 */
export function spreadMs(name: string, periodMs: number): number {
  const share = createHash('sha256').update(name).digest().readUIntBE(0, 6) / 2 ** 48;
  return Math.floor(share * periodMs);
}
