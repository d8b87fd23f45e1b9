import type { Socket } from 'node:net';
import { abortable } from '../../base/abortable.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { incoming, type Incoming } from '../../wire/incoming.ts';
import { endOfMatch } from '../../wire/pattern.ts';
import { ExchangeError } from '../../wire/trouble.ts';

interface Step {
  readonly send?: string | Buffer;
  /** The whole of a good answer. */
  readonly good: string;
  /** The whole of any answer. */
  readonly any: string;
}

const smtpAnswer = String.raw`^\d{3} .*\r\n`;

/** RFC 3207, RFC 3501 6.2.1, and the SSLRequest of PostgreSQL's protocol. */
const steps: Readonly<Record<'smtp' | 'imap' | 'postgres', readonly Step[]>> = {
  smtp: [
    { good: String.raw`^220 .*\r\n`, any: smtpAnswer },
    { send: 'EHLO liveproof\r\n', good: String.raw`^250 .*\r\n`, any: smtpAnswer },
    { send: 'STARTTLS\r\n', good: String.raw`^220 .*\r\n`, any: smtpAnswer },
  ],
  imap: [
    { good: String.raw`^\* OK.*\r\n`, any: String.raw`^.*\r\n` },
    { send: 'a STARTTLS\r\n', good: String.raw`^a OK.*\r\n`, any: String.raw`^a .*\r\n` },
  ],
  postgres: [{ send: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]), good: '^S', any: '^.' }],
};

const mostBytes = 16 * 1024;

/** Brings a server to the point at which the TLS handshake begins. */
export async function askForTls(protocol: keyof typeof steps, socket: Socket, signal: AbortSignal): Promise<void> {
  using inbox = incoming(socket, mostBytes);
  for (const step of steps[protocol]) {
    if (step.send !== undefined) socket.write(step.send);
    await answerTo(step, inbox, signal);
  }
  // Whatever comes from now on is for the handshake.
  socket.pause();
}

async function answerTo({ good, any }: Step, inbox: Incoming, signal: AbortSignal): Promise<void> {
  for (;;) {
    const text = inbox.text();
    const end = endOfMatch(text, { matches: good });
    if (end !== undefined) {
      inbox.take(end);
      return;
    }
    if (endOfMatch(text, { matches: any }) !== undefined) throw new ExchangeError('denied', excerptOf(text));
    if (inbox.isFull()) throw new ExchangeError('too-much', `more than ${String(mostBytes)} bytes`);
    if (inbox.isClosed()) throw inbox.error() ?? new ExchangeError('closed', 'in the middle of it');
    await abortable(inbox.next(), signal);
  }
}
