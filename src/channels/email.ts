import { readFile } from 'node:fs/promises';
import { defineChannel, type Arrival, type Channel } from '../alert/channel.ts';
import { Fault } from '../base/fault.ts';
import { emailOptions, type EmailOptions } from './email/options.ts';
import type { Mail } from './email/fetch-mails.ts';
import { excerptOf } from './email/text.ts';

export default defineChannel({
  kind: 'email',
  summary: 'Mail by SMTP, read back from the mailbox by IMAP.',
  options: emailOptions,
  open: async (name, options, { clock }): Promise<Channel> => {
    const [{ sendMail }, { openMailbox, isSameFolder }] = await Promise.all([import('./email/send.ts'), import('./email/mailbox.ts')]);
    const ca = await readCertificates(options);
    const mailbox = openMailbox({ ...options.imap, ca }, clock.now());
    const { folder } = options.imap;
    const arrivalOf = (mail: Mail, nonce: string): Arrival => ({
      at: mail.at.toISOString(),
      place: mail.folder,
      seenByPeople: isSameFolder(mail.folder, folder),
      excerpt: excerptOf(mail.subject, mail.text, nonce),
    });
    return {
      name,
      kind: 'email',
      send: (message, signal) => sendMail({ ...options, ca, clock }, message, signal),
      readBack: async (nonce, signal) => {
        const mails = await mailbox.look(signal);
        const found = mails.filter(({ subject, parts }) => [subject, ...parts].some((text) => text.includes(nonce)));
        return copiesLeftOut(found, folder, isSameFolder).map((mail) => arrivalOf(mail, nonce));
      },
      readBackEveryMs: 1_000,
      close: () => mailbox.close(),
    };
  },
});

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
