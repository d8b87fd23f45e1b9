import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

export interface Certificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate for localhost; openssl comes with Dovecot. */
export async function createCertificate(folder: string): Promise<Certificate> {
  const certificateFile = path.join(folder, 'certificate.pem');
  const keyFile = path.join(folder, 'key.pem');
  const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await execa('openssl', ['req', ...kind, ...names, '-keyout', keyFile, '-out', certificateFile]);
  return { certificateFile, keyFile, certificate: await readFile(certificateFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}
