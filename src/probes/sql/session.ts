import { Socket } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import { shortened } from '../../base/shortened.ts';
import { longestMatched } from '../../check/assertion/pattern.ts';
import type { Cell, SqlAnswer, SqlObservation } from './observation.ts';

/** What a worker is told. */
export interface Task {
  readonly server: SqlObservation['server'];
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: 'verified' | 'encrypted' | 'none';
  readonly ca?: string | undefined;
  readonly query: string;
  readonly statementTimeoutMs: number;
  readonly wantsTime: boolean;
  readonly mostRows: number;
  readonly mostRowsKept: number;
}

/** One connection: opened with a read-only transaction begun, so that whatever is asked changes nothing. */
export interface Session {
  readonly query: (text: string) => Promise<SqlAnswer>;
  /** The database's own time, in UTC. */
  readonly time: () => Promise<string>;
}

/** More is not read from a server within one run. */
const mostBytes = 16 * 1024 * 1024;
const mostColumns = 100;
/** As long as the longest text that can be expected of a cell. */
const longestCell = 1_000;
const longestName = 200;

/** Clients wrap errors in their own, and keep nothing of them but the words. */
export const tooMuchWords = `more than ${String(mostBytes / 1024 / 1024)} MiB came`;

/** A socket that ends when the server sends more than anybody would read. */
export function boundedSocket(): Socket {
  const socket = new Socket();
  // Looked at from outside, because with TLS the bytes do not pass as events of this socket.
  const timer = setInterval(() => {
    if (socket.bytesRead > mostBytes) socket.destroy(new Error(tooMuchWords));
  }, 10);
  return socket.once('close', () => clearInterval(timer));
}

export function tlsOptions({ tls, ca, host }: Task): (ConnectionOptions & { readonly rejectUnauthorized: boolean }) | undefined {
  if (tls === 'none') return undefined;
  return {
    rejectUnauthorized: tls === 'verified',
    ...(ca === undefined ? {} : { ca }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

/** Gathers rows up to their bounds. */
export function gatherRows({ mostRows, mostRowsKept }: Task) {
  const rows: Cell[][] = [];
  let rowCount = 0;
  let more = false;
  return {
    /** False when no more is wanted. */
    add: (row: readonly Cell[]): boolean => {
      if (rowCount === mostRows) more = true;
      else rowCount += 1;
      if (!more && rows.length < mostRowsKept) {
        // Assertions look at the first row, and further into it.
        const most = rows.length === 0 ? longestMatched : longestCell;
        rows.push(row.slice(0, mostColumns).map((value) => shortCell(value, most)));
      }
      return !more;
    },
    answer: (columns: readonly string[]): SqlAnswer => ({
      columns: columns.slice(0, mostColumns).map((name) => shortened(name, longestName)),
      rows,
      rowCount,
      more,
    }),
  };
}

function shortCell(value: Cell, most: number): Cell {
  return typeof value === 'string' ? shortened(value, most) : value;
}

/** A number when a double holds what was written, digit by digit; else the text, so that nothing is rounded in silence. */
export function numberOrText(text: string): number | string {
  const value = Number(text);
  const digits = text.replace(/[^0-9]/g, '').replace(/^0+/, '');
  return Number.isFinite(value) && text.trim() !== '' && digits.length <= 15 ? value : text;
}
