import { z } from 'zod';
import { secret } from '../../base/secret.ts';

/** Also as text, since variables are text. */
const port = z
  .union([z.int(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().min(1).max(65_535))
  .meta({ expects: 'a port: a number from 1 to 65535' });
const tls = z.enum(['none', 'starttls', 'implicit']);

const smtp = z
  .strictObject({
    host: z.string().min(1),
    port: port.default(587),
    user: z.string().min(1).optional(),
    password: secret().optional(),
    tls: tls.default('starttls').describe('How the connection is encrypted; without that encryption nothing is sent.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), 'give both "user" and "password", or neither');

const imap = z.strictObject({
  host: z.string().min(1),
  port: port.default(993),
  user: z.string().min(1),
  password: secret(),
  tls: tls.default('implicit').describe('How the connection is encrypted; without that encryption nobody signs in.'),
  folder: z.string().min(1).default('INBOX').describe('Where people look. A message in any other folder is found, but counts as not seen.'),
});

export const emailOptions = z.strictObject({
  smtp: smtp.describe('The mail server that takes the test messages: the one that Alertmanager uses.'),
  imap: imap.describe('The mailbox in which they must arrive. It is only read: nothing is marked as seen.'),
  from: z.string().min(1),
  to: z.string().min(1),
  ca: z
    .string()
    .min(1)
    .meta({ path: true })
    .optional()
    .describe('A PEM file with the certificates to trust instead of the well-known ones.'),
});
export type EmailOptions = z.output<typeof emailOptions>;
