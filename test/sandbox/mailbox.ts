import { ImapFlow } from 'imapflow';
import type { RunningMail } from './mail.ts';

export interface FoundMail {
  readonly subject: string;
  /** The whole message as it lies in the mailbox. */
  readonly source: string;
}

/** One look, as a mail program would take it: the messages in a folder that hold `text` anywhere. */
export async function findMail(mail: RunningMail, text: string, { folder = 'INBOX', user = mail.user } = {}): Promise<FoundMail[]> {
  const tls = mail.certificate === undefined ? { secure: false, doSTARTTLS: false } : { secure: true, tls: { ca: mail.certificate } };
  const client = new ImapFlow({ host: 'localhost', port: mail.imapPort, auth: { user, pass: mail.password }, logger: false, ...tls });
  await client.connect();
  try {
    await client.mailboxOpen(folder, { readOnly: true });
    const numbers = await client.search({ text });
    if (numbers === undefined || numbers === false || numbers.length === 0) return [];
    const found = await client.fetchAll(numbers, { envelope: true, source: true });
    return found.map(({ envelope, source }) => ({ subject: envelope?.subject ?? '', source: source?.toString('utf8') ?? '' }));
  } finally {
    await client.logout();
  }
}
