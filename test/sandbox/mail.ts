import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { MailBehaviour } from './mail/behaviour.ts';
import { createCertificate } from './mail/certificate.ts';
import { startDovecot } from './mail/dovecot.ts';
import { createMaildir, deliver, type MailFolder } from './mail/maildir.ts';
import { withBody, withSubject, withTrace } from './mail/message.ts';
import { startSmtpFront, type Envelope } from './mail/smtp-front.ts';
import { partOf, type Part } from './part.ts';
import { createTempFolder } from './temp-folder.ts';

export type { MailBehaviour } from './mail/behaviour.ts';

export interface MailOptions {
  readonly domain?: string;
  /** The first one is the one that the gate reads. */
  readonly users?: readonly string[];
  readonly password?: string;
  /** SMTP asks for the first user's name and password. */
  readonly smtpLogin?: boolean;
  /** IMAP over TLS, STARTTLS for SMTP, with a self-signed certificate for localhost. */
  readonly tls?: boolean;
}

export interface RunningMail extends Part {
  readonly smtpPort: number;
  readonly imapPort: number;
  readonly user: string;
  readonly password: string;
  /** The first user's address. */
  readonly address: string;
  /** PEM, when `tls` was asked for. */
  readonly certificate: string | undefined;
  readonly imapPid: number;
  /** How many messages were accepted with 250 so far. */
  accepted(): number;
  /** Holds for messages from now on. */
  behave(behaviour: MailBehaviour): void;
  /** What Dovecot wrote. */
  log(): string;
}

/** Debian's `nobody`: Dovecot opens no mail as root. */
const nobody = { uid: 65_534, gid: 65_534 };

/** Starts a mail server on loopback: SMTP takes messages, a real Dovecot shows them by IMAP. */
export async function startMail(options: MailOptions = {}): Promise<RunningMail> {
  const {
    domain = 'accubooks.test',
    users = ['oncall', 'somebody-else'],
    password = 'sandbox-mail-password',
    smtpLogin = false,
    tls = false,
  } = options;
  const user = users[0] ?? 'oncall';
  const owner = process.getuid?.() === 0 ? nobody : undefined;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('mail')).path;
  const homes = path.join(folder, 'homes');
  await chmod(folder, 0o755);
  await mkdir(homes);
  for (const each of users) await createMaildir(homes, each, owner);
  const certificate = tls ? await createCertificate(folder) : undefined;
  const passwords = Object.fromEntries(users.map((each) => [each, password]));
  const dovecot = stack.use(await startDovecot({ folder, homes, passwords, owner, certificate }));

  let behaviour: MailBehaviour = { kind: 'deliver' };
  let accepted = 0;
  const delayed = new Set<NodeJS.Timeout>();
  stack.defer(() => {
    for (const timer of delayed) clearTimeout(timer);
  });
  const file = async (envelope: Envelope, to = envelope.user, mailFolder: MailFolder = 'INBOX'): Promise<void> =>
    await deliver(homes, to, mailFolder, withTrace(envelope.message, envelope), owner);

  const take = async (envelope: Envelope): Promise<void> => {
    const { message } = envelope;
    accepted++;
    switch (behaviour.kind) {
      case 'deliver':
        return await file(envelope);
      case 'junk':
        return await file(envelope, envelope.user, 'Junk');
      case 'misdeliver':
        return await file(envelope, behaviour.to);
      case 'garble-subject':
        return await file({ ...envelope, message: withSubject(message, '(subject removed)') });
      case 'strip-body':
        return await file({ ...envelope, message: withBody(message, 'The text of this message was removed.') });
      case 'twice':
        await file(envelope);
        return await file(envelope);
      case 'delay': {
        const timer = setTimeout(() => {
          delayed.delete(timer);
          // The folder may be gone when the sandbox was stopped at this very moment.
          file(envelope).catch(() => undefined);
        }, behaviour.ms);
        delayed.add(timer);
        return;
      }
      case 'drop':
      case 'refuse':
      case 'hang':
        return;
    }
  };
  const login = smtpLogin ? { user, password } : undefined;
  const smtp = stack.use(await startSmtpFront({ domain, users, login, certificate, behaviour: () => behaviour, take }));

  return {
    smtpPort: smtp.port,
    imapPort: dovecot.port,
    user,
    password,
    address: `${user}@${domain}`,
    certificate: certificate?.certificate,
    imapPid: dovecot.pid,
    accepted: () => accepted,
    behave: (next) => {
      behaviour = next;
    },
    log: dovecot.log,
    ...partOf(stack.move()),
  };
}
