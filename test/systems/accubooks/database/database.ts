import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Pool } from './pool.ts';

export const queryTypes = ['select', 'insert', 'update', 'delete', 'transaction'] as const;
export type QueryType = (typeof queryTypes)[number];

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Statements inside one transaction; they run without a pause, so nothing else can come between them. */
export interface Statements {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
}

/** The app's one way to its data. Each call borrows a connection from the pool for as long as it takes. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): Promise<Row[]>;
  get(sql: string, ...values: SQLInputValue[]): Promise<Row | undefined>;
  run(sql: string, ...values: SQLInputValue[]): Promise<void>;
  /** Commits when `work` returns, rolls back when it throws. */
  transaction<Result>(work: (statements: Statements) => Result): Promise<Result>;
}

/** Where faults get between the app and SQLite. */
export interface Disturbance {
  /** Waits inside a query, while its connection is held. */
  pause(): Promise<void>;
  rewrite(sql: string): string;
}

export interface DatabaseOptions {
  readonly pool: Pool;
  readonly disturbance: Disturbance;
  /** Told the duration of every query, failed ones too. */
  queried(type: QueryType, ms: number): void;
}

export function createDatabase({ pool, disturbance, queried }: DatabaseOptions): Database {
  const timed = <Result>(type: QueryType, startedMs: number, work: () => Result): Result => {
    try {
      return work();
    } finally {
      queried(type, performance.now() - startedMs);
    }
  };
  const statement = (connection: DatabaseSync, sql: string) => connection.prepare(disturbance.rewrite(sql));

  const alone = <Result>(sql: string, work: (connection: DatabaseSync) => Result): Promise<Result> =>
    pool.use(async (connection) => {
      const startedMs = performance.now();
      await disturbance.pause();
      return timed(typeOf(sql), startedMs, () => work(connection));
    });

  return {
    all: (sql, ...values) => alone(sql, (connection) => statement(connection, sql).all(...values)),
    get: (sql, ...values) => alone(sql, (connection) => statement(connection, sql).get(...values)),
    run: (sql, ...values) => alone(sql, (connection) => void statement(connection, sql).run(...values)),
    transaction: (work) =>
      pool.use(async (connection) => {
        const startedMs = performance.now();
        await disturbance.pause();
        const each = <Result>(sql: string, run: () => Result): Result => timed(typeOf(sql), performance.now(), run);
        return timed('transaction', startedMs, () =>
          inTransaction(connection, () =>
            work({
              all: (sql, ...values) => each(sql, () => statement(connection, sql).all(...values)),
              get: (sql, ...values) => each(sql, () => statement(connection, sql).get(...values)),
              run: (sql, ...values) => each(sql, () => void statement(connection, sql).run(...values)),
            }),
          ),
        );
      }),
  };
}

function inTransaction<Result>(connection: DatabaseSync, work: () => Result): Result {
  connection.exec('begin immediate');
  try {
    const result = work();
    connection.exec('commit');
    return result;
  } catch (error) {
    connection.exec('rollback');
    throw error;
  }
}

function typeOf(sql: string): QueryType {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase();
  return queryTypes.find((type) => type === verb) ?? 'transaction';
}
