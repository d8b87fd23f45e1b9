import path from 'node:path';
import { execa } from 'execa';
import { createConnection } from 'mariadb';
import { writeFile } from 'node:fs/promises';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';

export interface RunningMariadb extends Part {
  readonly port: number;
  /** As one who may do anything, without a password. */
  readonly url: string;
  run(...statements: readonly string[]): Promise<void>;
}

export interface MariadbOptions {
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** Starts a real MariaDB on loopback with data of its own; never as a service of the system. */
export async function startMariadb({ tls }: MariadbOptions = {}): Promise<RunningMariadb> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('mariadb')).path;
  const { port } = stack.use(await reservePort());
  const data = path.join(folder, 'data');
  // As root it wants to be told that this is meant.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user];
  await execa('mariadb-install-db', install);
  // What is read at the start, before anybody can log in: a user whom no socket is needed for.
  const init = path.join(folder, 'init.sql');
  await writeFile(
    init,
    "create or replace user 'admin'@'127.0.0.1';\ngrant all on *.* to 'admin'@'127.0.0.1' with grant option;\ncreate database if not exists app;\n",
  );
  const files = { key: path.join(folder, 'server.key'), certificate: path.join(folder, 'server.crt') };
  if (tls !== undefined) {
    await writeFile(files.key, tls.key);
    await writeFile(files.certificate, tls.certificate);
  }
  const run = async (...statements: readonly string[]): Promise<void> => {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'admin', database: 'app' });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  };
  const running = await startProcess({
    name: 'MariaDB',
    command: '/usr/sbin/mariadbd',
    args: [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      `--socket=${path.join(folder, 's')}`,
      `--pid-file=${path.join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${String(port)}`,
      `--init-file=${init}`,
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=16M',
      '--innodb-log-file-size=8M',
      '--innodb-flush-log-at-trx-commit=0',
      ...(tls === undefined ? [] : [`--ssl-key=${files.key}`, `--ssl-cert=${files.certificate}`]),
    ],
    ready: async () => {
      await run('select 1');
      return true;
    },
  });
  stack.defer(async () => await running.stop());
  return { port, url: `mariadb://admin@127.0.0.1:${String(port)}/app`, run, ...partOf(stack.move()) };
}
