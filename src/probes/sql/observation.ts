import { z } from 'zod';

/** A column's value in a row: numbers that a double holds exactly, anything else as text. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;

/**
 * Why there was no answer. `login`, `statement` and `writes` are about what we asked with; `too-much` is more than we read;
 * `server` is whatever else the server refused with; the others are the network's.
 */
const trouble = z.strictObject({
  phase: z.enum(['connect', 'query']),
  kind: z.enum([
    'refused',
    'closed',
    'timed-out',
    'name-not-found',
    'tls',
    'not-http',
    'unreachable',
    'ours',
    'not-the-protocol',
    'login',
    'statement',
    'writes',
    'too-much',
    'server',
  ]),
  says: z.string(),
});
export type SqlTrouble = Readonly<z.infer<typeof trouble>>;

const answer = z.strictObject({
  columns: z.array(z.string()),
  /** The first ones. */
  rows: z.array(z.array(cell)),
  /** Of those that were read. */
  rowCount: z.int(),
  /** There are more rows than are read. */
  more: z.boolean(),
  /** By the database's clock, as it writes a time in UTC; only when the age of something is asked for. */
  databaseTime: z.string().optional(),
});
export type SqlAnswer = Readonly<z.infer<typeof answer>>;

export const sqlObservation = z.strictObject({
  /** By the scheme of its address. */
  server: z.enum(['PostgreSQL', 'MariaDB', 'MySQL']),
  /** TCP, TLS and login. */
  connectMs: z.number().optional(),
  /** The statement, from when it was sent until the last of its rows was there. */
  queryMs: z.number().optional(),
  answer: answer.optional(),
  trouble: trouble.optional(),
});
export type SqlObservation = Readonly<z.infer<typeof sqlObservation>>;
