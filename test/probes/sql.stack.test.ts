import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sql from '../../src/probes/sql.ts';
import { startTogether } from '../sandbox/part.ts';
import { createCertificate, type Certificate } from '../sandbox/mail/certificate.ts';
import { startMariadb, type RunningMariadb } from '../sandbox/mariadb.ts';
import { startPostgres, type RunningPostgres } from '../sandbox/postgres.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { keepParts } from './kept-parts.ts';
import { runProbe } from './run-probe.ts';

const stack = new AsyncDisposableStack();
let postgres: RunningPostgres;
let mariadb: RunningMariadb;
let caFile: string;
const kept = stack.use(keepParts());

beforeAll(async () => {
  const folder = stack.use(await createTempFolder('sql')).path;
  const certificate: Certificate = await createCertificate(folder);
  caFile = path.join(folder, 'ca.crt');
  await writeFile(caFile, certificate.certificate);
  [postgres, mariadb] = await startTogether(stack, [startPostgres({ tls: certificate }), startMariadb({ tls: certificate })]);
  const table = 'create table orders (id int, name varchar(40), price numeric(10,2), paid boolean, at timestamp)';
  await postgres.run(`${table}; insert into orders values (1, 'tea', 2.50, true, now() at time zone 'UTC'), (2, null, 12345678.56, false, null);
    create role asked login password 'right-password'; create role poor login; create table closed (id int)`);
  await mariadb.run(
    table,
    "insert into orders values (1, 'tea', 2.50, true, utc_timestamp()), (2, null, 12345678.56, false, null)",
    "create user 'asked'@'127.0.0.1' identified by 'right-password'",
    "create user 'poor'@'127.0.0.1'",
    "grant usage on *.* to 'poor'@'127.0.0.1'",
  );
});
afterAll(() => stack.disposeAsync());

const servers = ['PostgreSQL', 'MariaDB'] as const;
type Server = (typeof servers)[number];
const urlOf = (server: Server): string => (server === 'PostgreSQL' ? postgres.url : mariadb.url);
const as = (server: Server, user: string, database = 'postgres'): string => {
  const url = new URL(urlOf(server));
  url.username = user;
  if (database !== 'postgres') url.pathname = `/${database}`;
  return url.href;
};
const ask = (server: Server, query: string, expected: object = {}, more: object = {}) =>
  runProbe(sql, { url: urlOf(server), tls: 'none', query, expect: expected, ...more }, { kept });

describe.each(servers)('a statement to %s', (server) => {
  it('passes when its rows are as expected, with connection and query timed apart', async () => {
    const { outcome, observation, readings } = await ask(server, 'select id, name, price, paid, at from orders order by id', {
      values: { id: 1, name: 'tea', price: 2.5 },
      rows: [{ id: 1 }, { id: 2, name: null }],
      count: { atLeast: 1, atMost: 2 },
    });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(observation).toMatchObject({ server, answer: { columns: ['id', 'name', 'price', 'paid', 'at'], rowCount: 2, more: false } });
    expect(readings).toMatchObject({ rows: 2, 'value id': 1, 'value name': 'tea', connect: expect.any(Number), query: expect.any(Number) });
    expect(readings['total']).toBeCloseTo(Number(readings['connect']) + Number(readings['query']));
  });

  it('fails with what its rows hold instead', async () => {
    const other = { values: { id: 7, nothing: 1 }, rows: [{ id: 1 }, { name: 'milk' }] };
    const { outcome } = await ask(server, 'select id, name from orders order by id', other);
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['id is 1, expected 7', 'there is no column nothing, only id, name', 'name of row 2 is null, expected "milk"'],
    });
    const counts = async (count: unknown) => (await ask(server, 'select id from orders', { count })).outcome.reasons;
    expect(await counts(3)).toEqual(['2 rows, expected 3']);
    expect(await counts({ atLeast: 3 })).toEqual(['2 rows, expected at least 3']);
    expect(await counts({ atMost: 1 })).toEqual(['2 rows, expected at most 1']);
    expect(await counts({ atLeast: 3, atMost: 9 })).toEqual(['2 rows, expected 3 to 9']);
    const none = await ask(server, 'select id from orders where id = 9', { values: { id: 9 }, fresh: { column: 'id', within: '1m' } });
    expect(none.outcome.reasons).toEqual(['there is no row, expected id to be 9', 'there is no row, expected id to be at most 1m old']);
  });

  it('tells fresh rows from stale ones by the clock of the database', async () => {
    const fresh = { fresh: { column: 'at', within: '1h' } };
    expect((await ask(server, 'select at from orders where id = 1', fresh)).outcome).toEqual({ status: 'pass', reasons: [] });
    const ago = server === 'PostgreSQL' ? "at - interval '3 hours'" : 'at - interval 3 hour';
    const { outcome, readings } = await ask(server, `select ${ago} as at from orders where id = 1`, fresh);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons.join('\n')).toMatch(/^at is 3h.* old by the clock of the database, expected at most 1h$/);
    expect(readings['age']).toBeGreaterThanOrEqual(3 * 3_600_000);
    expect((await ask(server, 'select at from orders where id = 2', fresh)).outcome.reasons).toEqual(['at is null, which is no time']);
  });

  it('reads no more rows than it needs, and says that there are more', async () => {
    const many = server === 'PostgreSQL' ? 'select generate_series(1, 100000000) as seq' : 'select seq from seq_1_to_100000000';
    const { outcome, observation } = await ask(server, many, { count: { atMost: 5 } });
    expect(outcome).toEqual({ status: 'fail', reasons: ['more than 1000 rows, expected at most 5'] });
    expect(observation).toMatchObject({ answer: { rowCount: 1000, more: true } });
    expect((observation as { answer: { rows: unknown[] } }).answer.rows).toHaveLength(20);
  });

  it('is given up when its answer is larger than anybody would read', async () => {
    const huge = server === 'PostgreSQL' ? "select repeat('x', 200000000) as big" : "select repeat('x', 1000000) as big from seq_1_to_400";
    for (const tls of ['none', 'encrypted']) {
      const { outcome } = await ask(server, huge, {}, { tls });
      expect(outcome).toEqual({ status: 'error', reasons: [`${server}: no answer: more than 16 MiB came`] });
    }
  });

  it('that does not end is ended by the server', async () => {
    const slow = server === 'PostgreSQL' ? 'select pg_sleep(600)' : 'select count(*) from seq_1_to_100000000 a, seq_1_to_100000000 b';
    const { outcome } = await ask(server, slow, {}, { statementTimeout: '2s' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons.join('')).toMatch(
      /^\w+: no answer: timed out \((canceling statement due to statement timeout|.*max_statement_time.*); it is given 2s\)$/,
    );
  });

  it('fails when the check has no more time for it', async () => {
    const slow = server === 'PostgreSQL' ? 'select pg_sleep(600)' : 'select sleep(600)';
    const { outcome } = await runProbe(sql, { url: urlOf(server), tls: 'none', query: slow }, { timeoutMs: 5_000, kept });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [`${server}: no answer: timed out (no answer before the time of the check was up)`],
    });
  });

  it.each(['delete from orders', 'create table more (id int)', 'drop table orders'])(
    'is not made when it writes: %s',
    async (statement) => {
      const { outcome } = await ask(server, statement);
      expect(outcome.status).toBe('error');
      expect(outcome.reasons.join('')).toMatch(/^\w+: the statement writes, and only reading is allowed \(.*read.only transaction.*\)$/i);
      expect((await ask(server, 'select * from orders', { count: 2 })).outcome.status).toBe('pass');
    },
  );

  it('is an error when it cannot be read, or is more than one', async () => {
    const { outcome } = await ask(server, 'selekt 1');
    expect(outcome.status).toBe('error');
    expect(outcome.reasons.join('')).toMatch(/^\w+: the statement cannot be read \(.*syntax.*\)$/);
    expect((await ask(server, 'rollback; delete from orders')).outcome.reasons.join('')).toMatch(/the statement cannot be read/);
    expect((await ask(server, 'select * from orders', { count: 2 })).outcome.status).toBe('pass');
  });

  it('fails when a table is not there or not to be read', async () => {
    const gone = await ask(server, 'select * from invoices');
    expect(gone.outcome.status).toBe('fail');
    expect(gone.outcome.reasons.join('')).toMatch(/^\w+: .*(relation "invoices" does not exist|Table 'app\.invoices' doesn't exist)/);
    if (server === 'MariaDB') return;
    const closed = await ask(server, 'select * from closed', {}, { url: as(server, 'poor') });
    expect(closed.outcome).toEqual({ status: 'fail', reasons: ['PostgreSQL: permission denied for table closed'] });
  });

  it('is an error when we are not let in', async () => {
    const { outcome } = await ask(server, 'select 1', {}, { url: as(server, 'asked'), password: 'wrong-password' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons.join('')).toMatch(
      /^\w+: no connection: we were not let in \(.*(password authentication failed|Access denied).*\)$/,
    );
    expect(outcome.reasons.join('')).not.toContain('wrong-password');
    expect(
      (await ask(server, 'select 1', {}, { url: as(server, 'asked', 'postgres').replace('/app', ''), password: 'right-password' })).outcome,
    ).toEqual({
      status: 'pass',
      reasons: [],
    });
  });

  it('goes encrypted, to a server whose certificate is trusted', async () => {
    const query = server === 'PostgreSQL' ? 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' : "show status like 'Ssl_version'";
    const values = server === 'PostgreSQL' ? { ssl: true } : { Value: 'TLSv1.3' };
    expect((await ask(server, query, { values }, { tls: 'verified', ca: caFile })).outcome).toEqual({ status: 'pass', reasons: [] });
    expect((await ask(server, query, { values }, { tls: 'encrypted' })).outcome).toEqual({ status: 'pass', reasons: [] });
    const { outcome } = await ask(server, query, {}, { tls: 'verified' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons.join('')).toMatch(/^\w+: no connection: no trusted TLS connection \(.*self-signed certificate.*\)$/);
  });
});

it('a file of certificates that is not there is an error', async () => {
  await rm(caFile, { force: true });
  const { outcome } = await ask('PostgreSQL', 'select 1', {}, { tls: 'verified', ca: caFile });
  expect(outcome.status).toBe('error');
  expect(outcome.reasons.join('')).toContain('cannot be read');
});
