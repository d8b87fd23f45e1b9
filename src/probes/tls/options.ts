import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { host, pemFile, port } from '../../wire/address.ts';

const version = z.enum(['TLSv1.2', 'TLSv1.3']);

const expectation = z.strictObject({
  trusted: z.boolean().default(true).describe('Whether the certificate must be one to trust.'),
  names: z.array(z.string().min(1)).default([]).describe('Further names that the certificate must bear.'),
  expiresAfter: duration.prefault('14d').describe('How long every certificate of the chain must be valid still.'),
  atLeast: version.default('TLSv1.2').describe('The oldest version of TLS that will do.'),
  cipher: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('The cipher, or several that will do, as RFCs name them: TLS_AES_256_GCM_SHA384.'),
  issuer: z.string().min(1).optional().describe("Text in the name of the certificate's issuer."),
});

export const tlsOptions = z.strictObject({
  host,
  port: port.default(443),
  serverName: z
    .string()
    .min(1)
    .optional()
    .describe('The name that is asked for, and that the certificate must bear; `host` when it is left out.'),
  starttls: z.enum(['smtp', 'imap', 'postgres']).optional().describe('The protocol that begins without TLS and is asked to change to it.'),
  ca: pemFile.optional().describe('A PEM file with the certificates to trust instead of the well-known ones.'),
  alpn: z
    .array(z.string().min(1))
    .default([])
    .describe('Protocols that are offered, the best first: h2, http/1.1. The server must take one of them.'),
  expect: expectation.prefault({}),
});

export type TlsOptions = z.output<typeof tlsOptions>;
