import { connect } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { reservePort } from '../free-port.ts';
import { partOf, type Part } from '../part.ts';
import { startProcess } from '../process.ts';
import type { Certificate } from './certificate.ts';
import type { Owner } from './maildir.ts';

export interface DovecotOptions {
  /** A folder of its own, which the mail's owner can pass through. */
  readonly folder: string;
  /** Where the users' homes are. */
  readonly homes: string;
  readonly passwords: Readonly<Record<string, string>>;
  readonly owner: Owner | undefined;
  /** Present: the port speaks TLS from the first byte. */
  readonly certificate: Certificate | undefined;
}

export interface RunningDovecot extends Part {
  readonly port: number;
  readonly pid: number;
  log(): string;
}

/** Starts a real IMAP server on loopback, with nothing taken from /etc/dovecot. */
export async function startDovecot(options: DovecotOptions): Promise<RunningDovecot> {
  await using stack = new AsyncDisposableStack();
  const port = stack.use(await reservePort()).port;
  const { folder, passwords, certificate } = options;
  await mkdir(path.join(folder, 'run'), { recursive: true });
  const users = Object.entries(passwords).map(([user, password]) => `${user}:{PLAIN}${password}\n`);
  await writeFile(path.join(folder, 'users'), users.join(''));
  const unprivileged = options.owner === undefined ? await unprivilegedConfig() : '';
  await writeFile(path.join(folder, 'dovecot.conf'), configOf(options, port, unprivileged));
  const running = stack.use(
    await startProcess({
      name: 'dovecot',
      command: '/usr/sbin/dovecot',
      args: ['-F', '-c', path.join(folder, 'dovecot.conf')],
      folder,
      ready: async () => (certificate === undefined ? (await greetingOf(port)).startsWith('* OK') : await isOpen(port)),
    }),
  );
  return { port, pid: running.pid, log: running.log, ...partOf(stack.move()) };
}

function configOf({ folder, homes, owner, certificate }: DovecotOptions, port: number, unprivileged: string): string {
  const mail = owner ?? userInfo();
  const tls =
    certificate === undefined
      ? 'ssl = no'
      : `ssl = yes
ssl_cert = <${certificate.certificateFile}
ssl_key = <${certificate.keyFile}`;
  return `
base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
${tls}
disable_plaintext_auth = no
auth_mechanisms = plain login
# A login with the whole address is one with the name before the @.
auth_username_format = %Ln
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 0
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${String(mail.uid)} gid=${String(mail.gid)} home=${homes}/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
}
service imap-login {
  inet_listener imap {
    port = ${certificate === undefined ? String(port) : '0'}
  }
  inet_listener imaps {
    port = ${certificate === undefined ? '0' : String(port)}
    ssl = yes
  }
}
${unprivileged}`;
}

/** Only root can give Dovecot's children other users and a root directory of their own; everybody else runs them all alike. */
async function unprivilegedConfig(): Promise<string> {
  const { stdout: group } = await execa('id', ['-gn']);
  const { username } = userInfo();
  return `
default_internal_user = ${username}
default_internal_group = ${group}
default_login_user = ${username}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
`;
}

async function greetingOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    for await (const text of socket) return String(text);
    return '';
  } finally {
    socket.destroy();
  }
}

async function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return await promise.finally(() => socket.destroy());
}
