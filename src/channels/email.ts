import { readFile } from 'node:fs/promises';
import { defineChannel, type Acknowledgement, type Arrival, type Channel } from '../alert/channel.ts';
import { alertStatusIn } from '../alert/alert-status.ts';
import { Fault } from '../base/fault.ts';
import { emailOptions, type EmailOptions } from './email/options.ts';
import { emailReceiver } from './email/receiver.ts';
import type { Mail } from './email/fetch-mails.ts';
import { excerptOf } from './email/text.ts';

export default defineChannel({
  kind: 'email',
  summary: 'Mail by SMTP, read back from the mailbox by IMAP.',
  options: emailOptions,
  reach: ({ to }) => ({ wakes: 'nobody', to, integrations: ['email'], addresses: [to] }),
  receiver: emailReceiver,
  open: async (name, options, { clock, signal: opening }): Promise<Channel> => {
    const [{ sendMail }, { openMailbox, isSameFolder }] = await Promise.all([import('./email/send.ts'), import('./email/mailbox.ts')]);
    const ca = await readCertificates(options);
    const mailbox = openMailbox({ ...options.imap, ca }, clock.now());
    await mailbox.begin(opening);
    const { folder } = options.imap;
    const arrivalOf = (mail: Mail, nonce: string): Arrival => ({
      at: mail.at.toISOString(),
      place: mail.folder,
      seenByPeople: isSameFolder(mail.folder, folder),
      excerpt: excerptOf(mail.subject, mail.text, nonce),
      ...statusOf(mail, nonce),
      ...(mail.hops.length === 0 ? {} : { hops: [...mail.hops] }),
    });
    const find = async (nonce: string, signal: AbortSignal): Promise<readonly Mail[]> => {
      const mails = await mailbox.look(signal);
      const found = mails.filter(({ subject, parts }) => [subject, ...parts].some((text) => text.includes(nonce)));
      return copiesLeftOut(found, folder, isSameFolder);
    };
    /** When a mail was first seen to be answered: mailboxes keep no time of it. */
    const answeredAt = new Map<string, string>();
    const acknowledgementOf = ({ folder: box, uid }: Mail): Acknowledgement => {
      const key = `${box}:${String(uid)}`;
      const at = answeredAt.get(key) ?? clock.now().toISOString();
      answeredAt.set(key, at);
      return { at, by: options.to, how: 'answered the mail' };
    };
    return {
      name,
      kind: 'email',
      send: (message, signal) => sendMail({ ...options, ca, clock }, message, signal),
      readBack: async (nonce, signal) => (await find(nonce, signal)).map((mail) => arrivalOf(mail, nonce)),
      acknowledgements: async (nonce, signal) => {
        const seen = (await find(nonce, signal)).filter((mail) => isSameFolder(mail.folder, folder));
        return (await mailbox.answered(seen, signal)).map(acknowledgementOf);
      },
      readBackEveryMs: 500,
      close: () => mailbox.close(),
    };
  },
});

function statusOf({ subject, text }: Mail, nonce: string): Pick<Arrival, 'status'> {
  const status = alertStatusIn(`${subject}\n${text}`, nonce);
  return status === undefined ? {} : { status };
}

/** Labels and filters may show one message in several folders; where people look is what counts then. */
function copiesLeftOut(mails: readonly Mail[], folder: string, isSame: (path: string, wanted: string) => boolean): readonly Mail[] {
  const seen = new Set(mails.filter((mail) => isSame(mail.folder, folder)).map(({ messageId }) => messageId));
  return mails.filter((mail) => isSame(mail.folder, folder) || !seen.has(mail.messageId));
}

async function readCertificates({ ca }: EmailOptions): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  return readFile(ca, 'utf8').catch((cause: unknown) => {
    throw new Fault('config/not-found', `the certificates ${ca} cannot be read`, { hint: '"ca" names a PEM file', cause });
  });
}
