import { z } from 'zod';

/** Also as text, since variables are text. */
export const port = z
  .union([z.int(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().min(1).max(65_535))
  .meta({ expects: 'a port: a number from 1 to 65535' });

export const host = z
  .string()
  .regex(/^[^\s/]+$/)
  .meta({ expects: 'a host name or an IP address' });

export const pemFile = z.string().min(1).meta({ path: true });

/** The keys of a connection that may be encrypted. */
export const tlsKeys = {
  tls: z.boolean().default(false).describe('Whether the connection is encrypted. Its certificate must then be a good one.'),
  serverName: z.string().min(1).optional().describe('The name that the certificate must bear, when it is not `host`.'),
  ca: pemFile.optional().describe('A PEM file with the certificates to trust instead of the well-known ones.'),
};
