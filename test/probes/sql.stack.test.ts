import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sql from '../../src/probes/sql.ts';
import { createCertificate } from '../sandbox/mail/certificate.ts';
import { startMariadb, type RunningMysql } from '../sandbox/mysql.ts';
import { startTogether } from '../sandbox/part.ts';
import { startPostgres, type RunningPostgres } from '../sandbox/postgres.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { keepParts } from './kept-parts.ts';
import { runProbe } from './run-probe.ts';
import { describeStatements, makeMysqlTables, postgresTables } from './sql/statements.ts';

const stack = new AsyncDisposableStack();
let postgres: RunningPostgres;
let mariadb: RunningMysql;
let ca: string;
const kept = stack.use(keepParts());

beforeAll(async () => {
  const folder = stack.use(await createTempFolder('sql')).path;
  const tls = await createCertificate(folder);
  ca = path.join(folder, 'ca.crt');
  await writeFile(ca, tls.certificate);
  [postgres, mariadb] = await startTogether(stack, [startPostgres({ tls }), startMariadb({ tls })]);
  await Promise.all([postgres.run(postgresTables), makeMysqlTables(mariadb)]);
});
afterAll(() => stack.disposeAsync());

describeStatements('PostgreSQL', () => ({ url: postgres.url, ca, kept }));
describeStatements('MariaDB', () => ({ url: mariadb.url, ca, kept }));

it('a file of certificates that is not there is an error', async () => {
  const gone = path.join(path.dirname(ca), 'gone.crt');
  const { outcome } = await runProbe(sql, { url: postgres.url, tls: 'verified', ca: gone, query: 'select 1' }, { kept });
  expect(outcome.status).toBe('error');
  expect(outcome.reasons.join('')).toContain('cannot be read');
});
