import { shortened } from '../../base/shortened.ts';
import { networkTroubleOf } from '../../check/network-trouble.ts';
import type { SqlTrouble } from './observation.ts';
import { tooMuchWords } from './session.ts';

const longestWords = 1_000;

/** By SQLSTATE: PostgreSQL's own, and those of the standard that MariaDB and MySQL use too. */
const states: readonly (readonly [RegExp, SqlTrouble['kind']])[] = [
  [/^(57014|70100)$/, 'timed-out'],
  [/^28/, 'login'],
  [/^25006$/, 'writes'],
  [/^(42601|42000)$/, 'statement'],
];

/** MariaDB and MySQL tell apart by number what has one SQLSTATE for all. */
const numbers: Readonly<Record<number, SqlTrouble['kind']>> = {
  // Access to the database, unknown database, access denied by plugin; then statement time, read-only, syntax.
  1044: 'login',
  1045: 'login',
  1698: 'login',
  1969: 'timed-out',
  3024: 'timed-out',
  1792: 'writes',
  1064: 'statement',
};

/** MariaDB's client numbers its own troubles from here. */
const firstOfClient = 45_000;

/** Sorts whatever a client of a database threw. */
export function sqlTroubleOf(error: unknown): Omit<SqlTrouble, 'phase'> {
  const [first, ...causes] = chain(error);
  const all = first === undefined ? [] : [first, ...causes];
  const message = first?.message ?? String(error);
  const says = shortened(message, longestWords);
  if (all.some((each) => each.message.includes(tooMuchWords))) return { kind: 'too-much', says: tooMuchWords };
  for (const each of all) {
    const network = networkTroubleOf(each);
    if (network !== undefined) return { kind: network.kind, says: network.says };
  }
  const { errno, sqlState, code, sqlMessage } = (first ?? {}) as { errno?: number; sqlState?: string; code?: string; sqlMessage?: string };
  // The client's own message repeats the statement.
  const words = sqlMessage ?? says;
  // MySQL's own way to log in sends the password itself, which needs TLS; its client would have a key of unknown origin do instead.
  if (code === 'ER_CANNOT_RETRIEVE_RSA_KEY') {
    return { kind: 'login', says: 'it takes this password over TLS only: set "tls" to verified or encrypted' };
  }
  const byNumber = typeof errno === 'number' ? numbers[errno] : undefined;
  if (byNumber !== undefined) return { kind: byNumber, says: words };
  const state = sqlState ?? code ?? '';
  const byState = typeof errno === 'number' ? undefined : states.find(([pattern]) => pattern.test(state))?.[1];
  if (byState !== undefined) return { kind: byState, says: words };
  // What the clients themselves say has no number, or one that MariaDB's client keeps for its own troubles.
  const isServers = /^[0-9A-Z]{5}$/.test(state) && !(typeof errno === 'number' && errno >= firstOfClient);
  if (isServers) return { kind: 'server', says: words };
  if (/SSL|TLS|certificate/.test(words)) return { kind: 'tls', says: words };
  if (/terminated|closed|socket has unexpectedly/i.test(words)) return { kind: 'closed', says: words };
  return { kind: 'not-the-protocol', says: words };
}

function chain(error: unknown): Error[] {
  const found: Error[] = [];
  for (let each = error; each instanceof Error && found.length < 5; each = each.cause) found.push(each);
  return found;
}
