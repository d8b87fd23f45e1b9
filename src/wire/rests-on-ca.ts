import type { Basis } from '../base/basis.ts';
import { sha256 } from '../base/digest.ts';
import { readCertificates } from './secure.ts';

/** The file of certificates that a check trusts. */
export async function restsOnCa({ ca }: { readonly ca?: string | undefined }): Promise<readonly Basis[]> {
  const text = await readCertificates(ca);
  return ca === undefined || text === undefined ? [] : [{ what: `the certificates ${ca}`, value: sha256(text) }];
}
