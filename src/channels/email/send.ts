import { createTransport, type NodemailerError } from 'nodemailer';
import type { Acceptance, TestMessage } from '../../alert/channel.ts';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { EmailOptions } from './options.ts';
import { isTlsCode } from './tls.ts';
import { shortened } from '../../base/shortened.ts';

const connectWithinMs = 10_000;
const answerWithinMs = 20_000;
const longestAnswer = 300;

export interface SendOptions extends Pick<EmailOptions, 'smtp' | 'from' | 'to'> {
  /** PEM. */
  readonly ca: string | undefined;
  readonly clock: Clock;
}

/** Hands one message to the SMTP server. Its 4xx or 5xx is an answer; no answer is a Fault. */
export async function sendMail({ smtp, from, to, ca, clock }: SendOptions, message: TestMessage, signal: AbortSignal): Promise<Acceptance> {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password } }),
    connectionTimeout: connectWithinMs,
    dnsTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Keeps out-of-office robots from answering.
  const headers = { 'Auto-Submitted': 'auto-generated', 'X-Liveproof-Nonce': message.nonce };
  const answer = (accepted: boolean, words: string): Acceptance => ({ accepted, answer: oneLine(words), at: clock.now().toISOString() });
  try {
    const sent = await transport.sendMail({ from, to, subject: message.subject, text: message.text, headers, signal });
    return sent.rejected.length === 0
      ? answer(true, sent.response)
      : answer(false, `refused for ${sent.rejected.map(addressOf).join(', ')}`);
  } catch (error) {
    signal.throwIfAborted();
    const trouble = error as NodemailerError;
    // A server that answers STARTTLS with "no" has refused the encryption, not the message.
    if (trouble.responseCode !== undefined && trouble.code !== 'ETLS') return answer(false, trouble.response ?? trouble.message);
    throw faultOf(trouble, smtp);
  } finally {
    transport.close();
  }
}

function faultOf(error: NodemailerError, { host, port, tls }: EmailOptions['smtp']): Fault {
  const server = `the SMTP server ${host}:${String(port)}`;
  const cause = { cause: error };
  if (error.code === 'ETLS' || isTlsCode(error.originalCode)) {
    const hint = 'does "tls" in the channel fit the server, and is its certificate to be trusted ("ca")?';
    return new Fault('channel/unreachable', `${server} gives no trusted connection with tls: ${tls} (${error.message})`, {
      hint,
      ...cause,
    });
  }
  const hint = 'is it running, are host and port right, and can this machine reach it?';
  return new Fault('channel/unreachable', `${server} gives no answer: ${oneLine(error.message)}`, { hint, ...cause });
}

function addressOf(recipient: string | { readonly address: string }): string {
  return typeof recipient === 'string' ? recipient : recipient.address;
}

function oneLine(words: string): string {
  return shortened(words.replace(/\s+/g, ' ').trim(), longestAnswer);
}
