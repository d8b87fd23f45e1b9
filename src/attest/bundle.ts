import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import type { KeyId } from './keys.ts';

/** Source: the in-toto attestation specification, "DSSE envelope". */
export const payloadType = 'application/vnd.in-toto+json';

/** All that varies between two bundles of ours. */
export interface BundleParts {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly keyId: KeyId;
}

/**
 * The one way in which a sigstore bundle v0.3 of ours is written. A signature does not cover the file around it
 * (white space, unknown keys, base64 with loose bits), so whoever verifies compares the whole file with this.
 */
export function bundleBytes({ payload, signature, keyId }: BundleParts): Buffer {
  const bundle = toDSSEBundle({ artifact: payload, artifactType: payloadType, signature, keyHint: keyId });
  // The key is named once, as the bundle's hint: cosign takes a keyid on the signature for an SSH fingerprint and finds no such key.
  const { dsseEnvelope } = bundle.content;
  const unnamed = { ...dsseEnvelope, signatures: [{ sig: signature, keyid: '' }] };
  return Buffer.from(`${JSON.stringify(bundleToJSON({ ...bundle, content: { ...bundle.content, dsseEnvelope: unnamed } }))}\n`);
}
