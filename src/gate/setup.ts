import { canonicalJson } from '../base/canonical-json.ts';
import { sha256, type Sha256 } from '../base/digest.ts';
import type { Gate } from './gate.ts';

/**
 * The digest of where items are tried: the same item, asked of another server, proves something else.
 * Takes the gate without its secrets, so that the digest tells nothing about them.
 */
export function setupDigest({ stack }: Gate): Sha256 {
  // Through JSON, which leaves out keys without a value.
  return sha256(canonicalJson(JSON.parse(JSON.stringify({ stack }))));
}
