import type { Socket } from 'node:net';
import pg from 'pg';
import { gatherRows, numberOrText, tlsOptions, type Session, type Task } from './session.ts';
import type { Cell, SqlAnswer } from './observation.ts';

/** int8, int2, int4, oid, float4, float8, numeric. */
const numbers = new Set([20, 21, 23, 26, 700, 701, 1700]);
const boolean = 16;

export async function openPostgres(task: Task, socket: Socket): Promise<Session> {
  const { host, port, user, password, database, statementTimeoutMs } = task;
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database,
    ssl: tlsOptions(task) ?? false,
    stream: () => socket,
    application_name: 'liveproof',
    types: { getTypeParser: (type: number) => (text: string | Buffer) => parse(type, String(text)) },
  });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  client.on('error', broken.reject);
  await client.connect();
  const begin = `begin read only; set local statement_timeout = ${String(statementTimeoutMs)}; set local time zone 'UTC'; set local datestyle = 'ISO'`;
  await Promise.race([client.query(begin), broken.promise]);
  return {
    query: (text) => Promise.race([ask(client, text, task), broken.promise]),
    time: async () => {
      const { rows } = await ask(client, 'select clock_timestamp()', task);
      return String(rows[0]?.[0]);
    },
  };
}

function ask(client: pg.Client, text: string, task: Task): Promise<SqlAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SqlAnswer>();
  const gathered = gatherRows(task);
  let columns: string[] = [];
  // The extended protocol takes one statement only.
  const query = new pg.Query<Cell[]>({ text, rowMode: 'array', queryMode: 'extended' } as pg.QueryArrayConfig);
  query.on('row', (row, result) => {
    columns = result?.fields.map(({ name }) => name) ?? columns;
    if (!gathered.add(row)) resolve(gathered.answer(columns));
  });
  query.on('error', reject);
  query.on('end', (result) => {
    resolve(gathered.answer(result.fields.length === 0 ? columns : result.fields.map(({ name }) => name)));
  });
  client.query(query);
  return promise;
}

function parse(type: number, text: string): Cell {
  if (numbers.has(type)) return numberOrText(text);
  return type === boolean ? text === 't' : text;
}
