import { existsSync, globSync } from 'node:fs';
import { chmod, chown, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';

export interface RunningPostgres extends Part {
  readonly port: number;
  /** As the superuser, whom loopback needs no password for. */
  readonly url: string;
  run(sql: string): Promise<void>;
}

export interface PostgresOptions {
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** Starts a real PostgreSQL on loopback with data of its own. */
export async function startPostgres({ tls }: PostgresOptions = {}): Promise<RunningPostgres> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('postgres')).path;
  const { port } = stack.use(await reservePort());
  const programs = globSync('/usr/lib/postgresql/*/bin').findLast((each) => existsSync(path.join(each, 'initdb')));
  if (programs === undefined) throw new Error('no PostgreSQL in /usr/lib/postgresql');
  const data = path.join(folder, 'data');
  const asOther = await otherUser(folder);
  const [initdb, ...words] = [...asOther, path.join(programs, 'initdb')];
  await execa(initdb, [...words, '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--no-locale', '-E', 'UTF8']);
  // Everybody is let in but the one who is asked for a password.
  const rules = ['host all asked 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust'];
  await writeFile(path.join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  const settings: Record<string, string> = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', fsync: 'off' };
  if (tls !== undefined) {
    for (const [name, text] of [['server.key', tls.key] as const, ['server.crt', tls.certificate] as const]) {
      const file = path.join(data, name);
      await writeFile(file, text);
      await chmod(file, 0o600);
      const owner = await ownerOf();
      if (owner !== undefined) await chown(file, owner.uid, owner.gid);
    }
    settings['ssl'] = 'on';
  }
  const [command, ...args] = [...asOther, path.join(programs, 'postgres'), '-D', data];
  const url = `postgresql://postgres@127.0.0.1:${String(port)}/postgres`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const running = await startProcess({
    name: 'PostgreSQL',
    command,
    args: [...args, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    ready: async () => {
      await run('select 1');
      return true;
    },
  });
  stack.defer(async () => await running.stop());
  return { port, url, run, ...partOf(stack.move()) };
}

/** PostgreSQL refuses to run as root: then it runs as the user whom its package brings. */
async function otherUser(folder: string): Promise<readonly string[]> {
  const owner = await ownerOf();
  if (owner === undefined) return [];
  await chown(folder, owner.uid, owner.gid);
  return [
    '/usr/bin/setpriv',
    '--pdeathsig',
    'TERM',
    `--reuid=${String(owner.uid)}`,
    `--regid=${String(owner.gid)}`,
    '--clear-groups',
    '--',
  ];
}

async function ownerOf(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { stdout } = await execa('getent', ['passwd', 'postgres']);
  const [, , uid, gid] = stdout.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
