import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import sql from '../../src/probes/sql.ts';
import { createCertificate } from '../sandbox/mail/certificate.ts';
import { startMysql, type RunningMysql } from '../sandbox/mysql.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { keepParts } from './kept-parts.ts';
import { runProbe } from './run-probe.ts';
import { findMysql } from './sql/find-mysql.ts';
import { describeStatements, makeMysqlTables } from './sql/statements.ts';

/** Debian has no MySQL: where there is one, it is asked what MariaDB is asked everywhere. */
const stack = new AsyncDisposableStack();
let mysql: RunningMysql;
let ca: string;
const kept = stack.use(keepParts());

beforeAll(async () => {
  const mysqld = findMysql();
  if (mysqld === undefined) throw new Error('there is no MySQL on this machine');
  const folder = stack.use(await createTempFolder('sql')).path;
  const tls = await createCertificate(folder);
  ca = path.join(folder, 'ca.crt');
  await writeFile(ca, tls.certificate);
  mysql = stack.use(await startMysql(mysqld, { tls }));
  await makeMysqlTables(mysql);
});
afterAll(() => stack.disposeAsync());

// First: once somebody was let in over TLS, the server knows the password well enough to do without.
it('is an error with its remedy where a password would go unencrypted', async () => {
  const url = mysql.url.replace('admin@', 'asked@').replace('/app', '');
  const { outcome } = await runProbe(sql, { url, password: 'right-password', tls: 'none', query: 'select 1' }, { kept });
  expect(outcome).toEqual({
    status: 'error',
    reasons: ['MySQL: no connection: we were not let in (it takes this password over TLS only: set "tls" to verified or encrypted)'],
  });
});

describeStatements('MySQL', () => ({ url: mysql.url, ca, kept }));
