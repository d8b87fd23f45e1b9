import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';

/**
 * Which key it is: the SHA-256 of the public key's SPKI DER, in base64. The same spelling as other
 * sigstore clients use for the hint of a bundle.
 */
export type KeyId = string;

export interface SigningKey {
  readonly keyId: KeyId;
  readonly privateKey: KeyObject;
}

export interface VerifyingKey {
  readonly keyId: KeyId;
  readonly publicKey: KeyObject;
}

export interface KeyPair {
  readonly keyId: KeyId;
  /** PKCS#8. */
  readonly privatePem: string;
  /** SPKI. */
  readonly publicPem: string;
}

/** A new ECDSA P-256 pair. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    keyId: keyIdOf(publicKey),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function keyIdOf(publicKey: KeyObject): KeyId {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** The public half of a key, as its owner gives it to others: SPKI PEM. */
export function publicPemOf({ privateKey }: SigningKey): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}

/** Reads a private key for signing: PKCS#8 PEM, ECDSA P-256 or Ed25519. Throws the Fault `key/unreadable`. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  return parseSigningKey(await readKeyFile(file), file);
}

/** Reads a public key for verifying: SPKI PEM, ECDSA P-256 or Ed25519. Returns its text; throws the Fault `key/unreadable`. */
export async function readPublicKey(file: string): Promise<string> {
  const pem = await readKeyFile(file);
  parseVerifyingKey(pem, file);
  return pem;
}

/** `name` is what faults call the key: its file. */
export function parseSigningKey(pem: string, name: string): SigningKey {
  expectLabel(pem, 'PRIVATE KEY', name);
  const privateKey = parse(() => createPrivateKey(pem), name);
  return { privateKey, keyId: keyIdOf(createPublicKey(privateKey)) };
}

/** `name` is what faults call the key: its file. */
export function parseVerifyingKey(pem: string, name: string): VerifyingKey {
  expectLabel(pem, 'PUBLIC KEY', name);
  const publicKey = parse(() => createPublicKey(pem), name);
  return { publicKey, keyId: keyIdOf(publicKey) };
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Fault('key/unreadable', missing ? `there is no key file ${file}` : `the key file ${file} cannot be read`, {
      hint: missing ? 'make a pair with "liveproof keys new"' : 'check its permissions',
      cause,
    });
  }
}

function expectLabel(pem: string, expected: 'PRIVATE KEY' | 'PUBLIC KEY', name: string): void {
  const labels = [...pem.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\s*$/gm)].map((match) => match[1] ?? '');
  const [label] = labels;
  if (label === undefined)
    throw new Fault('key/unreadable', `${name} holds no key in PEM form`, { hint: 'make a pair with "liveproof keys new"' });
  if (labels.length > 1)
    throw new Fault('key/unreadable', `${name} holds ${String(labels.length)} PEM blocks, so it is not clear which key is meant`);
  if (label !== expected)
    throw new Fault('key/unreadable', `${name} holds a PEM block "${label}" where a "${expected}" is needed`, {
      hint: labelHint(label, expected),
    });
}

function labelHint(label: string, expected: 'PRIVATE KEY' | 'PUBLIC KEY'): string {
  if (expected === 'PUBLIC KEY') {
    return label.endsWith('PRIVATE KEY')
      ? 'verifying takes the public key; keep the private one to yourself'
      : 'give the public key in SPKI form, which begins with "-----BEGIN PUBLIC KEY-----"';
  }
  if (label === 'PUBLIC KEY') return 'signing takes the private key of the pair';
  if (label.startsWith('ENCRYPTED')) return 'take its passphrase off first: openssl pkcs8 -topk8 -nocrypt -in KEY -out key.pem';
  if (label === 'EC PRIVATE KEY') return 'turn it into PKCS#8: openssl pkcs8 -topk8 -nocrypt -in KEY -out key.pem';
  return 'make a pair with "liveproof keys new"';
}

function parse(read: () => KeyObject, name: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new Fault('key/unreadable', `${name} is damaged: its PEM block holds no key`, {
      hint: 'copy the whole file again, with its BEGIN and END lines',
      cause,
    });
  }
  const type = key.asymmetricKeyType ?? 'unknown';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (type === 'ed25519' || (type === 'ec' && curve === 'prime256v1')) return key;
  const seen = type === 'ec' ? `an EC key on the curve ${curve ?? 'of its own'}` : `a key of the type ${type}`;
  throw new Fault('key/unreadable', `${name} holds ${seen}; reports are signed with ECDSA P-256 or Ed25519`, {
    hint: 'make a pair with "liveproof keys new"',
  });
}
