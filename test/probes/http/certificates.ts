import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

export interface Pair {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly caFile: string;
  readonly ca: string;
  /** Signs a certificate for `names`, such as `IP:127.0.0.1`, that ends in so many days. */
  sign(name: string, names: string, days: number): Promise<Pair>;
}

const newKey = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A certificate authority of its own, made by openssl. */
export async function createAuthority(folder: string): Promise<Authority> {
  const file = (name: string): string => path.join(folder, name);
  await execa('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    '/CN=test authority',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  ]);
  return {
    caFile: file('ca.pem'),
    ca: await readFile(file('ca.pem'), 'utf8'),
    async sign(name, names, days) {
      const [keyFile, request, extensions, certificateFile] = ['key', 'csr', 'ext', 'pem'].map((end) => file(`${name}.${end}`)) as [
        string,
        string,
        string,
        string,
      ];
      await execa('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', request]);
      await writeFile(extensions, `subjectAltName=${names}\n`);
      const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
      await execa('openssl', [
        'x509',
        '-req',
        '-in',
        request,
        ...by,
        '-days',
        String(days),
        '-extfile',
        extensions,
        '-out',
        certificateFile,
      ]);
      return { certificateFile, keyFile, cert: await readFile(certificateFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    },
  };
}
