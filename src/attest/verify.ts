import { bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey, type Bundle } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import type { z } from 'zod';
import { bundleBytes } from './bundle.ts';
import type { KeyId, VerifyingKey } from './keys.ts';
import { approvalStatement, type ApprovalStatement } from './approval.ts';
import { statement, type Statement } from './statement.ts';

/** A bundle as far as it can be read: nobody's signature has been checked yet. */
export interface OpenedBundle<Stated = Statement> {
  readonly opened: true;
  /** The key that it says it was signed with. */
  readonly keyId: KeyId;
  readonly statement: Stated;
  readonly bundle: Bundle;
}

/** Why it is refused, to follow the file's name: `is not JSON`. */
export interface RefusedBundle {
  readonly opened: false;
  readonly says: string;
}

/** Reads a report's bundle from anywhere; refuses every file that is not written exactly as ours are. Never throws. */
export function openBundle(bytes: Uint8Array): OpenedBundle | RefusedBundle {
  return open(bytes, statement, 'a test result');
}

/** The same for the bundle of an approval. */
export function openApproval(bytes: Uint8Array): OpenedBundle<ApprovalStatement> | RefusedBundle {
  return open(bytes, approvalStatement, 'an approval');
}

/** A bundle grows with the items that it names; what is larger is nobody's report. */
const mostBytes = 32 * 1024 * 1024;

function open<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, about: string): OpenedBundle<z.output<Schema>> | RefusedBundle {
  if (bytes.length > mostBytes) return refused(`is larger than ${String(mostBytes)} bytes, which no attestation is`);
  const bundle = attempt(() => bundleFromJSON(JSON.parse(utf8(bytes))));
  if (bundle === undefined) return refused('is not a sigstore bundle');
  if (!isBundleWithDsseEnvelope(bundle)) return refused('is a sigstore bundle without an in-toto statement');
  if (!isBundleWithPublicKey(bundle)) return refused('names no public key');
  const { payload, signatures } = bundle.content.dsseEnvelope;
  const keyId = bundle.verificationMaterial.content.publicKey.hint;
  const signature = signatures[0]?.sig;
  if (signature === undefined) return refused('holds no signature');
  if (!bundleBytes({ payload, signature, keyId }).equals(bytes)) {
    return refused('is not written as liveproof writes it: something in it was added, removed or changed');
  }
  const read = attempt(() => schema.safeParse(JSON.parse(utf8(payload))));
  if (read?.success !== true) return refused(`does not hold an in-toto statement of ${about}`);
  return { opened: true, keyId, statement: read.data, bundle };
}

/** Why `key` did not sign the bundle, to follow the file's name; undefined when it did. Never throws. */
export function refuseSignature(opened: OpenedBundle<unknown>, key: VerifyingKey): string | undefined {
  if (opened.keyId !== key.keyId) return `was signed with another key: ${opened.keyId}, while the one given is ${key.keyId}`;
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey: key.publicKey, validFor: () => true }),
    },
    { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 },
  );
  const signer = attempt(() => verifier.verify(toSignedEntity(opened.bundle)));
  return signer === undefined ? 'was changed after it was signed: its signature does not fit its content' : undefined;
}

function refused(says: string): RefusedBundle {
  return { opened: false, says };
}

/** The bytes come from strangers: whatever a parser throws at them means the same, that they are refused. */
function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
