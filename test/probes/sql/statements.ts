import { describe, expect, it } from 'vitest';
import sql from '../../../src/probes/sql.ts';
import type { Kept } from '../../../src/check/probe.ts';
import type { RunningMysql } from '../../sandbox/mysql.ts';
import { runProbe } from '../run-probe.ts';

type Server = 'PostgreSQL' | 'MariaDB' | 'MySQL';

/** A running server with the tables and people that these statements are about. */
export interface Started {
  /** As one who may do anything, without a password. */
  readonly url: string;
  /** The file of the certificates by which its own is to be trusted. */
  readonly ca: string;
  readonly kept: Kept;
}

/** What each of them says in its own way. */
interface Dialect {
  readonly many: string;
  readonly huge: string;
  readonly endless: string;
  readonly sleeps: string;
  readonly threeHoursAgo: string;
  readonly encryption: { readonly query: string; readonly values: object };
}

const postgres: Dialect = {
  many: 'select generate_series(1, 100000000) as seq',
  huge: "select repeat('x', 200000000) as big",
  endless: 'select pg_sleep(600)',
  sleeps: 'select pg_sleep(600)',
  threeHoursAgo: "at - interval '3 hours'",
  encryption: { query: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()', values: { ssl: true } },
};
const columns = 'information_schema.columns';
const mysql: Dialect = {
  many: `select 1 as seq from ${columns} a, ${columns} b`,
  huge: `select repeat('x', 1000000) as big from ${columns} limit 400`,
  endless: `select count(*) from ${columns} a, ${columns} b, ${columns} c where a.column_name < b.column_name and b.column_name < c.column_name`,
  sleeps: 'select sleep(600)',
  threeHoursAgo: 'at - interval 3 hour',
  encryption: { query: "show status like 'Ssl_version'", values: { Value: 'TLSv1.3' } },
};

export const postgresTables = `create table orders (id int, name varchar(40), price numeric(10,2), paid boolean, at timestamp);
  insert into orders values (1, 'tea', 2.50, true, now() at time zone 'UTC'), (2, null, 12345678.56, false, null);
  create role asked login password 'right-password'; create role poor login; create table closed (id int)`;

/** The same for MariaDB and MySQL. */
export async function makeMysqlTables(server: RunningMysql): Promise<void> {
  await server.run(
    // What a time is null by default, MySQL has to be told.
    'create table orders (id int, name varchar(40), price numeric(10,2), paid boolean, at timestamp null)',
    "insert into orders values (1, 'tea', 2.50, true, utc_timestamp()), (2, null, 12345678.56, false, null)",
    "create user 'asked'@'127.0.0.1' identified by 'right-password'",
  );
}

/** What a statement to any of them comes to. */
export function describeStatements(server: Server, started: () => Started): void {
  const dialect = server === 'PostgreSQL' ? postgres : mysql;
  // Passwords go to MySQL over TLS only.
  const tls = server === 'MySQL' ? 'encrypted' : 'none';
  const ask = (query: string, expected: object = {}, more: object = {}) =>
    runProbe(sql, { url: started().url, tls, query, expect: expected, ...more }, { kept: started().kept });

  describe(`a statement to ${server}`, () => {
    it('passes when its rows are as expected, with connection and query timed apart', async () => {
      const { outcome, observation, readings } = await ask('select id, name, price, paid, at from orders order by id', {
        values: { id: 1, name: 'tea', price: 2.5 },
        rows: [{ id: 1 }, { id: 2, name: null }],
        count: { atLeast: 1, atMost: 2 },
      });
      expect(outcome).toEqual({ status: 'pass', reasons: [] });
      expect(observation).toMatchObject({ server, answer: { columns: ['id', 'name', 'price', 'paid', 'at'], rowCount: 2, more: false } });
      expect(readings).toMatchObject({
        rows: 2,
        'value id': 1,
        'value name': 'tea',
        connect: expect.any(Number),
        query: expect.any(Number),
      });
      expect(readings['total']).toBeCloseTo(Number(readings['connect']) + Number(readings['query']));
    });

    it('fails with what its rows hold instead', async () => {
      const other = { values: { id: 7, nothing: 1 }, rows: [{ id: 1 }, { name: 'milk' }] };
      const { outcome } = await ask('select id, name from orders order by id', other);
      expect(outcome).toEqual({
        status: 'fail',
        reasons: ['id is 1, expected 7', 'there is no column nothing, only id, name', 'name of row 2 is null, expected "milk"'],
      });
      const counts = async (count: unknown) => (await ask('select id from orders', { count })).outcome.reasons;
      expect(await counts(3)).toEqual(['2 rows, expected 3']);
      expect(await counts({ atLeast: 3 })).toEqual(['2 rows, expected at least 3']);
      expect(await counts({ atMost: 1 })).toEqual(['2 rows, expected at most 1']);
      expect(await counts({ atLeast: 3, atMost: 9 })).toEqual(['2 rows, expected 3 to 9']);
      const none = await ask('select id from orders where id = 9', { values: { id: 9 }, fresh: { column: 'id', within: '1m' } });
      expect(none.outcome.reasons).toEqual(['there is no row, expected id to be 9', 'there is no row, expected id to be at most 1m old']);
    });

    it('tells fresh rows from stale ones by the clock of the database', async () => {
      const fresh = { fresh: { column: 'at', within: '1h' } };
      expect((await ask('select at from orders where id = 1', fresh)).outcome).toEqual({ status: 'pass', reasons: [] });
      const { outcome, readings } = await ask(`select ${dialect.threeHoursAgo} as at from orders where id = 1`, fresh);
      expect(outcome.status).toBe('fail');
      expect(outcome.reasons.join('\n')).toMatch(/^at is 3h.* old by the clock of the database, expected at most 1h$/);
      expect(readings['age']).toBeGreaterThanOrEqual(3 * 3_600_000);
      expect((await ask('select at from orders where id = 2', fresh)).outcome.reasons).toEqual(['at is null, which is no time']);
    });

    it('reads no more rows than it needs, and says that there are more', async () => {
      const { outcome, observation } = await ask(dialect.many, { count: { atMost: 5 } });
      expect(outcome).toEqual({ status: 'fail', reasons: ['more than 1000 rows, expected at most 5'] });
      expect(observation).toMatchObject({ answer: { rowCount: 1000, more: true } });
      expect((observation as { answer: { rows: unknown[] } }).answer.rows).toHaveLength(20);
    });

    it('is given up when its answer is larger than anybody would read', async () => {
      for (const encryption of ['none', 'encrypted']) {
        const { outcome } = await ask(dialect.huge, {}, { tls: encryption });
        expect(outcome).toEqual({ status: 'error', reasons: [`${server}: no answer: more than 16 MiB came`] });
      }
    });

    it('that does not end is ended by the server', async () => {
      const { outcome } = await ask(dialect.endless, {}, { statementTimeout: '2s' });
      expect(outcome.status).toBe('fail');
      expect(outcome.reasons.join('')).toMatch(
        /^\w+: no answer: timed out \((canceling statement due to statement timeout|.*max_statement_time.*|.*maximum statement execution time.*); it is given 2s\)$/,
      );
    });

    it('fails when the check has no more time for it', async () => {
      const { outcome } = await runProbe(
        sql,
        { url: started().url, tls, query: dialect.sleeps },
        { timeoutMs: 5_000, kept: started().kept },
      );
      expect(outcome).toEqual({
        status: 'fail',
        reasons: [`${server}: no answer: timed out (no answer before the time of the check was up)`],
      });
    });

    it.each(['delete from orders', 'create table more (id int)', 'drop table orders'])(
      'is not made when it writes: %s',
      async (statement) => {
        const { outcome } = await ask(statement);
        expect(outcome.status).toBe('error');
        expect(outcome.reasons.join('')).toMatch(/^\w+: the statement writes, and only reading is allowed \(.*read.only transaction.*\)$/i);
        expect((await ask('select * from orders', { count: 2 })).outcome.status).toBe('pass');
      },
    );

    it('is an error when it cannot be read, or is more than one', async () => {
      const { outcome } = await ask('selekt 1');
      expect(outcome.status).toBe('error');
      expect(outcome.reasons.join('')).toMatch(/^\w+: the statement cannot be read \(.*syntax.*\)$/);
      expect((await ask('rollback; delete from orders')).outcome.reasons.join('')).toMatch(/the statement cannot be read/);
      expect((await ask('select * from orders', { count: 2 })).outcome.status).toBe('pass');
    });

    it('fails when a table is not there or not to be read', async () => {
      const gone = await ask('select * from invoices');
      expect(gone.outcome.status).toBe('fail');
      expect(gone.outcome.reasons.join('')).toMatch(/^\w+: .*(relation "invoices" does not exist|Table 'app\.invoices' doesn't exist)/);
      if (server !== 'PostgreSQL') return;
      const closed = await ask('select * from closed', {}, { url: as(started().url, 'poor') });
      expect(closed.outcome).toEqual({ status: 'fail', reasons: ['PostgreSQL: permission denied for table closed'] });
    });

    it('is an error when we are not let in', async () => {
      const asked = as(started().url, 'asked');
      const { outcome } = await ask('select 1', {}, { url: asked, password: 'wrong-password' });
      expect(outcome.status).toBe('error');
      expect(outcome.reasons.join('')).toMatch(
        /^\w+: no connection: we were not let in \(.*(password authentication failed|Access denied).*\)$/,
      );
      expect(outcome.reasons.join('')).not.toContain('wrong-password');
      const open = server === 'PostgreSQL' ? asked : withoutDatabase(asked);
      expect((await ask('select 1', {}, { url: open, password: 'right-password' })).outcome).toEqual({ status: 'pass', reasons: [] });
    });

    it('goes encrypted, to a server whose certificate is trusted', async () => {
      const { query, values } = dialect.encryption;
      expect((await ask(query, { values }, { tls: 'verified', ca: started().ca })).outcome).toEqual({ status: 'pass', reasons: [] });
      expect((await ask(query, { values }, { tls: 'encrypted' })).outcome).toEqual({ status: 'pass', reasons: [] });
      const { outcome } = await ask(query, {}, { tls: 'verified' });
      expect(outcome.status).toBe('fail');
      expect(outcome.reasons.join('')).toMatch(/^\w+: no connection: no trusted TLS connection \(.*self-signed certificate.*\)$/);
    });
  });
}

function as(url: string, user: string): string {
  return Object.assign(new URL(url), { username: user }).href;
}

function withoutDatabase(url: string): string {
  return Object.assign(new URL(url), { pathname: '' }).href;
}
