import path from 'node:path';
import { execa } from 'execa';
import { createConnection } from 'mariadb';
import { writeFile } from 'node:fs/promises';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';

/** A MariaDB or a MySQL. */
export interface RunningMysql extends Part {
  readonly port: number;
  /** As one who may do anything, without a password. */
  readonly url: string;
  run(...statements: readonly string[]): Promise<void>;
}

export interface MysqlOptions {
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** Starts a real MariaDB on loopback with data of its own; never as a service of the system. */
export async function startMariadb(options: MysqlOptions = {}): Promise<RunningMysql> {
  return await start(
    {
      name: 'MariaDB',
      scheme: 'mariadb',
      command: '/usr/sbin/mariadbd',
      makeData: async (data, user) => {
        await execa('mariadb-install-db', ['--no-defaults', data, '--auth-root-authentication-method=normal', '--skip-test-db', ...user]);
      },
      args: ['--innodb-log-file-size=8M'],
    },
    options,
  );
}

/** Starts a real MySQL in the same way. Debian has none: `mysqld` says where it is. */
export async function startMysql(mysqld: string, options: MysqlOptions = {}): Promise<RunningMysql> {
  return await start(
    {
      name: 'MySQL',
      scheme: 'mysql',
      command: mysqld,
      makeData: async (data, user) => {
        await execa(mysqld, ['--no-defaults', '--initialize-insecure', data, ...user]);
      },
      args: ['--mysqlx=OFF', '--skip-log-bin', '--secure-file-priv=NULL'],
    },
    options,
  );
}

interface Brand {
  readonly name: string;
  readonly scheme: string;
  readonly command: string;
  readonly makeData: (data: string, user: readonly string[]) => Promise<void>;
  readonly args: readonly string[];
}

async function start({ name, scheme, command, makeData, args }: Brand, { tls }: MysqlOptions): Promise<RunningMysql> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder(scheme)).path;
  const { port } = stack.use(await reservePort());
  const data = `--datadir=${path.join(folder, 'data')}`;
  // As root it wants to be told that this is meant.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await makeData(data, user);
  // What is read at the start, before anybody can log in: a user whom no socket is needed for.
  const init = path.join(folder, 'init.sql');
  await writeFile(
    init,
    "create user if not exists 'admin'@'127.0.0.1';\ngrant all on *.* to 'admin'@'127.0.0.1' with grant option;\ncreate database if not exists app;\n",
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
    name,
    command,
    args: [
      '--no-defaults',
      ...user,
      data,
      `--socket=${path.join(folder, 's')}`,
      `--pid-file=${path.join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${String(port)}`,
      `--init-file=${init}`,
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
      ...args,
      ...(tls === undefined ? [] : [`--ssl-key=${files.key}`, `--ssl-cert=${files.certificate}`]),
    ],
    ready: async () => {
      await run('select 1');
      return true;
    },
  });
  stack.defer(async () => await running.stop());
  return { port, url: `${scheme}://admin@127.0.0.1:${String(port)}/app`, run, ...partOf(stack.move()) };
}
