import type { Socket } from 'node:net';
import { createConnection, type Connection, type FieldInfo, type TypeCastFunction } from 'mariadb';
import { gatherRows, numberOrText, tlsOptions, type Session, type Task } from './session.ts';
import type { Cell, SqlAnswer } from './observation.ts';

const numbers = new Set(['DECIMAL', 'TINY', 'SHORT', 'INT', 'FLOAT', 'DOUBLE', 'BIGINT', 'INT24', 'YEAR', 'NEWDECIMAL']);
const binary = /BLOB|BIT|GEOMETRY/;

export async function openMariadb(task: Task, socket: Socket): Promise<Session> {
  const { host, port, user, password, database, statementTimeoutMs } = task;
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    ...(database === '' ? {} : { database }),
    ...(task.tls === 'none' ? {} : { ssl: tlsOptions(task) ?? false }),
    stream: (callback) => callback(undefined, socket.connect(port, host)),
    // The waiting has its bounds elsewhere.
    connectTimeout: 0,
    permitLocalInfile: false,
    multipleStatements: false,
  });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  connection.on('error', broken.reject);
  const limit =
    connection.info?.isMariaDB() === true
      ? `max_statement_time = ${String(statementTimeoutMs / 1_000)}`
      : `max_execution_time = ${String(statementTimeoutMs)}`;
  for (const text of [
    `set session ${limit}`,
    "set session time_zone = '+00:00'",
    // Statements that define something end a transaction before they are looked at: without this they would be let through.
    'set session transaction read only',
    'start transaction read only',
  ]) {
    await Promise.race([connection.query(text), broken.promise]);
  }
  return {
    query: (text) => Promise.race([ask(connection, text, task), broken.promise]),
    time: async () => {
      const { rows } = await ask(connection, 'select utc_timestamp(6)', task);
      return String(rows[0]?.[0]);
    },
  };
}

function ask(connection: Connection, sql: string, task: Task): Promise<SqlAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SqlAnswer>();
  const gathered = gatherRows(task);
  let columns: string[] = [];
  const stream = connection.queryStream({ sql, rowsAsArray: true, dateStrings: true, typeCast });
  stream.on('fields', (fields: readonly FieldInfo[]) => {
    columns = fields.map((field) => field.name());
  });
  stream.on('data', (row: unknown) => {
    // A statement that gives no rows gives its figures as one.
    if (Array.isArray(row) && !gathered.add(row as Cell[])) resolve(gathered.answer(columns));
  });
  stream.on('error', reject);
  stream.on('end', () => resolve(gathered.answer(columns)));
  return promise;
}

const typeCast: TypeCastFunction = (field) => {
  if (binary.test(field.type) && field.collation.name === 'BINARY') {
    const bytes = field.buffer();
    return bytes === null ? null : `${String(bytes.length)} bytes`;
  }
  const text = field.string();
  return text === null || !numbers.has(field.type) ? text : numberOrText(text);
};
