import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** The few words of SQLite that the store needs; rows are arrays. Statements are kept, so `sql` should be one of few. */
export interface Database {
  /** Returns how many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  /** The first row. */
  get<Row extends readonly unknown[]>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined;
  all<Row extends readonly unknown[]>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[];
  /** Several statements at once, without values. */
  execute(sql: string): void;
  /** All of it or, when it throws, nothing; others may write before and after but not in between. */
  writing<Value>(work: () => Value): Value;
  /** All of it sees the same moment. */
  reading<Value>(work: () => Value): Value;
  close(): void;
}

/** Another process that writes holds it for a moment; one that holds it for longer is not to be waited for. */
const busyTimeoutMs = 2_000;

export function openDatabase(path: string, { readOnly = false }: { readonly readOnly?: boolean | undefined } = {}): Database {
  const connection = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
    return statement;
  };
  const within = <Value>(begin: string, work: () => Value): Value => {
    connection.exec(begin);
    try {
      const value = work();
      connection.exec('COMMIT');
      return value;
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    get: <Row>(sql: string, ...values: readonly SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: readonly SQLInputValue[]) => prepared(sql).all(...values) as unknown as readonly Row[],
    execute: (sql) => connection.exec(sql),
    writing: (work) => within('BEGIN IMMEDIATE', work),
    reading: (work) => within('BEGIN', work),
    close: () => {
      statements.clear();
      connection.close();
    },
  };
}
