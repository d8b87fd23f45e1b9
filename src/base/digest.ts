import { hash } from 'node:crypto';

/** A SHA-256 digest in lower-case hex. */
export type Sha256 = string;

export function sha256(bytes: Uint8Array | string): Sha256 {
  return hash('sha256', bytes, 'hex');
}
