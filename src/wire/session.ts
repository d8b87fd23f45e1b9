import { z } from 'zod';
import { named, type NamedValue } from './named-value.ts';

export const certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
  fingerprint256: z.string(),
});
export type Certificate = Readonly<z.infer<typeof certificate>>;

/** What a TLS handshake came to. */
export const session = z.strictObject({
  /** `TLSv1.3` */
  protocol: z.string(),
  /** As the RFCs name it: `TLS_AES_256_GCM_SHA384`. */
  cipher: z.string(),
  /** The protocol that was agreed on inside; null when none was. */
  alpn: z.string().nullable(),
  /** Why the certificate is not to be trusted, as OpenSSL names it; absent when it is. */
  distrust: z.string().optional(),
  /** Names that were asked for and that the certificate does not bear. */
  missingNames: z.array(z.string()),
  /** The server's own first, then those of its issuers. */
  chain: z.array(certificate),
});
export type Session = Readonly<z.infer<typeof session>>;

const distrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'one of its chain has expired',
  CERT_NOT_YET_VALID: 'one of its chain is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends with a root that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody knows its issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'nobody knows the issuer of its issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody here knows its issuer',
};

/** Why nobody should talk over this session; empty when all is well. */
export function distrustOf({ distrust, missingNames, chain }: Session): string[] {
  const words = distrust === undefined ? undefined : distrusted[distrust];
  const names = chain[0]?.names ?? [];
  return [
    ...(distrust === undefined
      ? []
      : [`the certificate is not to be trusted: ${words === undefined ? distrust : `${words} (${distrust})`}`]),
    ...missingNames.map((name) => `the certificate is not for ${name} but for ${names.length === 0 ? 'no name' : names.join(', ')}`),
  ];
}

/** The certificate of the chain that expires first. */
function firstToExpire({ chain }: Session): Certificate | undefined {
  return chain.toSorted((a, b) => Date.parse(a.validTo) - Date.parse(b.validTo))[0];
}

/** What assertions can name of a session. Expiry as of `at`, so that a judge needs no clock. */
export function sessionReadings(seen: Session, at: string): NamedValue[] {
  const first = firstToExpire(seen);
  return [
    ['protocol', { value: seen.protocol }],
    ['cipher', { value: seen.cipher }],
    ['alpn', { value: seen.alpn }],
    ['trusted', { value: distrustOf(seen).length === 0 }],
    ...named('certificate expires in', first && Date.parse(first.validTo) - Date.parse(at), 'ms'),
  ];
}
