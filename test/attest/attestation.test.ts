import { createHash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundleBytes, payloadType } from '../../src/attest/bundle.ts';
import { signStatement } from '../../src/attest/sign.ts';
import { testResultStatement } from '../../src/attest/statement.ts';
import { openBundle, refuseSignature } from '../../src/attest/verify.ts';
import { sha256 } from '../../src/base/digest.ts';
import { ed25519, p256, type Pair } from '../report/sample.ts';

const statement = testResultStatement([{ name: 'report.json', digest: { sha256: sha256('{}') } }], {
  result: 'FAILED',
  configuration: [{ name: 'gate.yaml', digest: { sha256: sha256('gate') } }],
  passedTests: ['a'],
  warnedTests: [],
  failedTests: ['b'],
});

/** Why a bundle is refused; undefined when it is accepted. */
function refusal(bytes: Uint8Array, pair: Pair): string | undefined {
  const opened = openBundle(bytes);
  return opened.opened ? refuseSignature(opened, pair.verifying) : opened.says;
}

const ecdsa = p256();
const edwards = ed25519();
const pairs: readonly (readonly [string, Pair])[] = [
  ['ECDSA P-256', ecdsa],
  ['Ed25519', edwards],
];
const good = await signStatement(statement, ecdsa.signing);
const parsed = (): Record<string, unknown> => JSON.parse(good.toString()) as Record<string, unknown>;

describe.each(pairs)('an attestation signed with %s', (_name, pair) => {
  it('is accepted with its own public key, and gives the statement back', async () => {
    const bytes = await signStatement(statement, pair.signing);
    expect(refusal(bytes, pair)).toBeUndefined();
    expect(openBundle(bytes)).toMatchObject({ opened: true, keyId: pair.verifying.keyId, statement });
  });

  it('is refused with another key, naming both', async () => {
    const other = p256();
    const bytes = await signStatement(statement, pair.signing);
    expect(refusal(bytes, other)).toBe(
      `was signed with another key: ${pair.signing.keyId}, while the one given is ${other.verifying.keyId}`,
    );
  });

  it('is refused when another key signed it under this key’s name', async () => {
    const forged = await signStatement(statement, { ...p256().signing, keyId: pair.verifying.keyId });
    expect(refusal(forged, pair)).toBe('was changed after it was signed: its signature does not fit its content');
  });

  it('is refused after a change of any one byte', { timeout: 60_000 }, async () => {
    const bytes = await signStatement(statement, pair.signing);
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      // A flipped bit, a space, another letter, and a byte that is not UTF-8.
      for (const other of [original ^ 1, 0x20, 0x41, 0xff]) {
        if (other === original) continue;
        const changed = Buffer.from(bytes);
        changed[at] = other;
        if (refusal(changed, pair) === undefined) accepted.push(`${String(at)}: ${String(original)} → ${String(other)}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('is refused when cut off anywhere, or with anything added', async () => {
    const bytes = await signStatement(statement, pair.signing);
    for (let length = 0; length < bytes.length; length += 7) expect(refusal(bytes.subarray(0, length), pair)).toBeDefined();
    for (const extra of [' ', '\n', '{}', '\0', '\ufeff']) {
      expect(refusal(Buffer.concat([bytes, Buffer.from(extra)]), pair)).toBeDefined();
      expect(refusal(Buffer.concat([Buffer.from(extra), bytes]), pair)).toBeDefined();
    }
  });
});

describe('a bundle', () => {
  it('names its key once, in the form that cosign knows, and not on the signature, where cosign would look for another form', () => {
    const der = ecdsa.verifying.publicKey.export({ type: 'spki', format: 'der' });
    expect(parsed()).toMatchObject({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: createHash('sha256').update(der).digest('base64') } },
    });
    expect(good.toString()).not.toContain('keyid');
  });
});

describe('openBundle', () => {
  const write = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
  const written = 'is not written as liveproof writes it: something in it was added, removed or changed';
  const envelope = (change: object): Buffer => write({ ...parsed(), dsseEnvelope: { ...(parsed()['dsseEnvelope'] as object), ...change } });
  const material = (change: object): Buffer =>
    write({ ...parsed(), verificationMaterial: { ...(parsed()['verificationMaterial'] as object), ...change } });
  const signatures = (parsed()['dsseEnvelope'] as { signatures: object[] }).signatures;
  const certificate = { rawBytes: 'AAAA' };

  const hostile: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', Buffer.from(''), 'is not a sigstore bundle'],
    ['null', Buffer.from('null'), 'is not a sigstore bundle'],
    ['a list', Buffer.from('[]'), 'is not a sigstore bundle'],
    ['deep nesting', Buffer.from('['.repeat(100_000)), 'is not a sigstore bundle'],
    ['white space', Buffer.from(JSON.stringify(parsed(), null, 1)), written],
    ['an unknown key', write({ ...parsed(), note: 'hello' }), written],
    ['an unknown key that JSON hides', Buffer.from(good.toString().replace('{', '{"__proto__":{},')), written],
    ['a doubled key', Buffer.from(good.toString().replace('{', '{"mediaType":"x",')), written],
    ['another media type', write({ ...parsed(), mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.3' }), written],
    ['another payload type', envelope({ payloadType: 'text/plain' }), written],
    [
      'a payload in URL-safe base64 with a loose end',
      envelope({ payload: `${(parsed()['dsseEnvelope'] as { payload: string }).payload}=` }),
      written,
    ],
    ['a key id on the signature too', envelope({ signatures: [{ ...signatures[0], keyid: 'other' }] }), written],
    ['two signatures', envelope({ signatures: [...signatures, ...signatures] }), 'is not a sigstore bundle'],
    ['no signature', envelope({ signatures: [] }), 'is not a sigstore bundle'],
    [
      'a time stamp that nobody checks',
      material({ timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] } }),
      written,
    ],
    [
      'a certificate in place of the key',
      write({ ...parsed(), verificationMaterial: { certificate, timestampVerificationData: {} } }),
      'names no public key',
    ],
    [
      'a signed message in place of a statement',
      write({
        ...parsed(),
        dsseEnvelope: undefined,
        messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'AAAA' },
      }),
      'is a sigstore bundle without an in-toto statement',
    ],
  ];
  it.each(hostile)('refuses %s without throwing', (_name, bytes, says) => {
    expect(openBundle(bytes)).toEqual({ opened: false, says });
  });

  it('refuses what is properly signed but is no statement of a test result', () => {
    const { keyId, privateKey } = ecdsa.signing;
    const sealed = (payload: Buffer): Buffer => {
      const encoded = Buffer.concat([
        Buffer.from(`DSSEv1 ${String(payloadType.length)} ${payloadType} ${String(payload.length)} `),
        payload,
      ]);
      return bundleBytes({ payload, signature: sign('sha256', encoded, privateKey), keyId });
    };
    const says = 'does not hold an in-toto statement of a test result';
    for (const payload of [
      'hello',
      '{}',
      JSON.stringify({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' }),
      JSON.stringify({ ...statement, extra: 1 }),
    ]) {
      expect(refusal(sealed(Buffer.from(payload)), ecdsa)).toBe(says);
    }
    expect(refusal(sealed(Buffer.from(JSON.stringify(statement))), ecdsa)).toBeUndefined();
  });
});
