import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { partOf, type Part } from './part.ts';
import { createTempFolder } from './temp-folder.ts';

export interface IssuedCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** PEM; of an issued one, followed by its issuer's. */
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  /** `DNS:localhost`, `IP:127.0.0.1` */
  readonly names?: readonly string[];
  /** How long it is valid from now on; negative when it has expired already. */
  readonly days?: number;
  readonly selfSigned?: boolean;
}

export interface CertificateAuthority extends Part {
  /** What to trust. */
  readonly caFile: string;
  readonly ca: string;
  issue(options?: IssueOptions): Promise<IssuedCertificate>;
}

const newKey = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A certificate authority of a test's own, made by openssl. `days` is how long its own certificate is valid. */
export async function createAuthority({ days = 30 } = {}): Promise<CertificateAuthority> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('authority')).path;
  const caFile = path.join(folder, 'ca.pem');
  const caKey = path.join(folder, 'ca.key');
  const subject = ['-subj', '/CN=a test authority'];
  await execa('openssl', ['req', '-x509', ...newKey, '-days', String(days), ...subject, '-keyout', caKey, '-out', caFile]);
  const ca = await readFile(caFile, 'utf8');
  let issued = 0;
  const issue = async (options: IssueOptions = {}): Promise<IssuedCertificate> => {
    const { names = ['DNS:localhost', 'IP:127.0.0.1'], days: valid = 20, selfSigned = false } = options;
    issued += 1;
    const [keyFile, requestFile, certificateFile] = ['key', 'csr', 'pem'].map((end) => path.join(folder, `${String(issued)}.${end}`)) as [
      string,
      string,
      string,
    ];
    const alternative = ['-addext', `subjectAltName=${names.join(',')}`];
    await execa('openssl', ['req', ...newKey, '-subj', '/CN=a test server', ...alternative, '-keyout', keyFile, '-out', requestFile]);
    const by = selfSigned ? ['-signkey', keyFile] : ['-CA', caFile, '-CAkey', caKey];
    const request = [
      'x509',
      '-req',
      '-in',
      requestFile,
      '-copy_extensions',
      'copy',
      '-days',
      String(valid),
      ...by,
      '-out',
      certificateFile,
    ];
    await execa('openssl', request);
    const own = await readFile(certificateFile, 'utf8');
    return { certificateFile, keyFile, cert: selfSigned ? own : own + ca, key: await readFile(keyFile, 'utf8') };
  };
  return { caFile, ca, issue, ...partOf(stack.move()) };
}
