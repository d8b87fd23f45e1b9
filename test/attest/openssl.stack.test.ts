import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { approve, gateKey, signedReport } from '../report/approved.ts';
import { ed25519, healthy, p256, sampleRun, temporaryFolder, writeSample, type Pair } from '../report/sample.ts';

const run = promisify(execFile);

/**
 * Verifies an attestation as a stranger would: by its public key, the formats' specifications and the command `openssl` alone.
 * Returns what openssl says.
 */
async function opensslVerify(folder: string, publicKey: string, scratch: string, file = 'attestation.sigstore.json'): Promise<string> {
  const bundle = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
  };
  const { payload, payloadType, signatures } = bundle.dsseEnvelope;
  const body = Buffer.from(payload, 'base64');
  const preAuthenticationEncoding = Buffer.concat([
    Buffer.from(`DSSEv1 ${String(payloadType.length)} ${payloadType} ${String(body.length)} `),
    body,
  ]);
  const [key, signed, signature] = ['key.pub', 'signed', 'signature'].map((name) => join(scratch, name)) as [string, string, string];
  await writeFile(key, publicKey);
  await writeFile(signed, preAuthenticationEncoding);
  await writeFile(signature, Buffer.from(signatures[0]?.sig ?? '', 'base64'));
  const { stdout: description } = await run('openssl', ['pkey', '-pubin', '-in', key, '-text', '-noout']);
  const args = description.includes('ED25519')
    ? ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', signed, '-sigfile', signature]
    : ['dgst', '-sha256', '-verify', key, '-signature', signature, signed];
  const { stdout } = await run('openssl', args);
  return stdout.trim();
}

const pairs: readonly (readonly [string, () => Pair, string])[] = [
  ['ECDSA P-256', p256, 'Verified OK'],
  ['Ed25519', ed25519, 'Signature Verified Successfully'],
];

describe.each(pairs)('openssl, given a report signed with %s and the public key alone,', (_name, makePair, success) => {
  it('verifies the attestation, and the digest in it is that of report.json', async () => {
    await using root = await temporaryFolder();
    const pair = makePair();
    const folder = await writeSample(root.path, sampleRun(healthy), pair.signing);
    expect(await opensslVerify(folder, pair.publicPem, root.path)).toBe(success);

    const bundle = JSON.parse(await readFile(join(folder, 'attestation.sigstore.json'), 'utf8')) as { dsseEnvelope: { payload: string } };
    const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as {
      _type: string;
      predicateType: string;
      predicate: { result: string };
      subject: { name: string; digest: { sha256: string } }[];
    };
    expect(statement['_type']).toBe('https://in-toto.io/Statement/v1');
    expect(statement.predicateType).toBe('https://in-toto.io/attestation/test-result/v0.1');
    expect(statement.predicate.result).toBe('PASSED');
    const subject = statement.subject.find(({ name }) => name === 'report.json');
    const bytes = await readFile(join(folder, 'report.json'));
    expect(subject?.digest.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('refuses it with another public key', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy), makePair().signing);
    await expect(opensslVerify(folder, makePair().publicPem, root.path)).rejects.toThrow('Command failed');
  });

  it('refuses it after a change of what was signed', async () => {
    await using root = await temporaryFolder();
    const pair = makePair();
    const folder = await writeSample(root.path, sampleRun(healthy), pair.signing);
    const file = join(folder, 'attestation.sigstore.json');
    const bundle = JSON.parse(await readFile(file, 'utf8')) as { dsseEnvelope: { payload: string } };
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
    bundle.dsseEnvelope.payload = Buffer.from(statement.replace('PASSED', 'FAILED')).toString('base64');
    await writeFile(file, JSON.stringify(bundle));
    await expect(opensslVerify(folder, pair.publicPem, root.path)).rejects.toThrow('Command failed');
  });

  it('verifies an approval signed in that way, and the digest in it is that of the attestation', async () => {
    await using report = await signedReport();
    const approver = makePair();
    const signing = await approve(report.folder, approver, 'Grace Hopper');
    const file = signing.outcome === 'signed' ? signing.approval.file : '';
    expect(await opensslVerify(report.folder, approver.publicPem, report.root, file)).toBe(success);
    await expect(opensslVerify(report.folder, gateKey.publicPem, report.root, file)).rejects.toThrow('Command failed');

    const bundle = JSON.parse(await readFile(join(report.folder, file), 'utf8')) as { dsseEnvelope: { payload: string } };
    const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as {
      predicateType: string;
      subject: { name: string; digest: { sha256: string } }[];
    };
    expect(statement.predicateType).toBe('https://in-toto.io/attestation/svr/v0.2');
    const bytes = await readFile(join(report.folder, 'attestation.sigstore.json'));
    expect(statement.subject).toEqual([
      { name: 'attestation.sigstore.json', digest: { sha256: createHash('sha256').update(bytes).digest('hex') } },
    ]);
  });
});
