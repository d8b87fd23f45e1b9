import { z } from 'zod';
import { duration, timeAllowed } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
const column = z.string().min(1).max(200);
const row = z.record(column, scalar);
const count = z.int().min(0).max(1_000);

/** So many rows are kept, and so many can be expected. */
export const mostRowsKept = 20;

const expectation = z.strictObject({
  values: row.optional().describe('Values in the first row, by column.'),
  rows: z.array(row).max(mostRowsKept).optional().describe('All rows in their order, each with the columns that are named here.'),
  count: z
    .union([count, z.strictObject({ atLeast: count.optional(), atMost: count.optional() })])
    .optional()
    .describe('How many rows there are.'),
  fresh: z
    .strictObject({
      column: column.describe('The column of the first row that holds a time.'),
      within: duration.describe("How old that time may be by the database's own clock."),
    })
    .optional()
    .describe('That what is stored is not stale. A time without a zone is taken for UTC.'),
});

export const sqlOptions = z.strictObject({
  url: z
    .string()
    .refine(isDatabaseUrl)
    .meta({ expects: 'an address such as postgresql://user@host:5432/database or mysql://user@host/database' })
    .describe('`postgresql:`, `mysql:` or `mariadb:`; user and database in it, without parameters.'),
  password: secret().optional().describe('The password, when it does not stand in the address.'),
  tls: z
    .enum(['verified', 'encrypted', 'none'])
    .default('verified')
    .describe('Whether the connection is encrypted, and whether the server must show a certificate that is to be trusted.'),
  ca: z
    .string()
    .min(1)
    .meta({ path: true })
    .optional()
    .describe('A file with the certificates that are trusted, instead of the usual ones.'),
  query: z.string().min(1).max(100_000).describe('One statement that reads. It runs in a read-only transaction that is never committed.'),
  expect: expectation.prefault({}),
  connectTimeout: timeAllowed.prefault('10s').describe('Time for the connection, with encryption and login.'),
  statementTimeout: timeAllowed.prefault('10s').describe('Time for the statement; the server ends it by then.'),
});
export type SqlOptions = z.output<typeof sqlOptions>;

function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    /^(postgres|postgresql|mysql|mariadb):$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.search === '' &&
    url.hash === ''
  );
}
