import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newKeyPair, parseSigningKey, parseVerifyingKey, readSigningKey, readPublicKey } from '../../src/attest/keys.ts';

const { privatePem, publicPem, keyId } = newKeyPair();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const ed448 = generateKeyPairSync('ed448');

const privateOf = (pair: { privateKey: typeof rsa.privateKey }): string =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicOf = (pair: { publicKey: typeof rsa.publicKey }): string => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('a new key pair', () => {
  it('is PKCS#8 and SPKI, and both halves have the same key id', () => {
    expect(privatePem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(publicPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(parseSigningKey(privatePem, 'k').keyId).toBe(keyId);
    expect(parseVerifyingKey(publicPem, 'k').keyId).toBe(keyId);
  });

  it('is named by the SHA-256 of the public key’s DER', () => {
    const der = Buffer.from(publicPem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    expect(keyId).toBe(createHash('sha256').update(der).digest('base64'));
  });
});

describe('reading a key', () => {
  it('accepts ECDSA P-256 and Ed25519', () => {
    for (const pair of [p256, ed25519]) {
      expect(parseSigningKey(privateOf(pair), 'k').keyId).toBe(parseVerifyingKey(publicOf(pair), 'k').keyId);
    }
  });

  const signing: readonly (readonly [string, string, string])[] = [
    ['an RSA key', privateOf(rsa), 'gate.pem holds a key of the type rsa; reports are signed with ECDSA P-256 or Ed25519'],
    ['another curve', privateOf(p384), 'gate.pem holds an EC key on the curve secp384r1; reports are signed with ECDSA P-256 or Ed25519'],
    ['Ed448', privateOf(ed448), 'gate.pem holds a key of the type ed448; reports are signed with ECDSA P-256 or Ed25519'],
    ['the public half', publicPem, 'gate.pem holds a PEM block "PUBLIC KEY" where a "PRIVATE KEY" is needed'],
    [
      'an older form',
      p256.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      'gate.pem holds a PEM block "EC PRIVATE KEY" where a "PRIVATE KEY" is needed',
    ],
    [
      'a passphrase',
      p256.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      'gate.pem holds a PEM block "ENCRYPTED PRIVATE KEY" where a "PRIVATE KEY" is needed',
    ],
    ['something else', 'hello', 'gate.pem holds no key in PEM form'],
    ['a cut-off key', privatePem.slice(0, 80), 'gate.pem is damaged: its PEM block holds no key'],
    ['two keys', privatePem + privatePem, 'gate.pem holds 2 PEM blocks, so it is not clear which key is meant'],
  ];
  it.each(signing)('refuses %s for signing', (_name, pem, message) => {
    expect(() => parseSigningKey(pem, 'gate.pem')).toThrow(message);
  });

  const verifying: readonly (readonly [string, string, string])[] = [
    ['an RSA key', publicOf(rsa), 'k holds a key of the type rsa; reports are signed with ECDSA P-256 or Ed25519'],
    ['another curve', publicOf(p384), 'k holds an EC key on the curve secp384r1; reports are signed with ECDSA P-256 or Ed25519'],
    ['the private half', privatePem, 'k holds a PEM block "PRIVATE KEY" where a "PUBLIC KEY" is needed'],
    ['a cut-off key', publicPem.slice(0, 60), 'k is damaged: its PEM block holds no key'],
  ];
  it.each(verifying)('refuses %s for verifying', (_name, pem, message) => {
    expect(() => parseVerifyingKey(pem, 'k')).toThrow(message);
  });

  it('names the file that is not there', async () => {
    await expect(readSigningKey('/nowhere/gate.pem')).rejects.toMatchObject({
      code: 'key/unreadable',
      message: 'there is no key file /nowhere/gate.pem',
      hint: 'make a pair with "liveproof keys new"',
    });
  });

  it('names the file that cannot be read as one', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'liveproof-keys-'));
    await expect(readPublicKey(folder.path)).rejects.toMatchObject({
      code: 'key/unreadable',
      message: `the key file ${folder.path} cannot be read`,
    });
    const file = join(folder.path, 'gate.pub.pem');
    await writeFile(file, publicPem);
    await expect(readPublicKey(file)).resolves.toBe(publicPem);
  });
});
