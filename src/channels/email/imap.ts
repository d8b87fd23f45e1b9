import { ImapFlow, type ImapFlowError } from 'imapflow';
import { Fault } from '../../base/fault.ts';
import type { EmailOptions } from './options.ts';
import { isTlsCode } from './tls.ts';

const connectWithinMs = 10_000;

export interface ImapServer extends Readonly<EmailOptions['imap']> {
  /** PEM. */
  readonly ca: string | undefined;
}

/** A client that is not connected yet, so that it can also be closed while it connects. */
export function createImapClient(server: ImapServer): ImapFlow {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    ...(server.tls === 'implicit' ? {} : { doSTARTTLS: server.tls === 'starttls' }),
    ...(server.ca === undefined ? {} : { tls: { ca: server.ca } }),
    auth: { user: server.user, pass: server.password },
    clientInfo: { name: 'liveproof' },
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    disableAutoIdle: true,
    logger: false,
  });
  // Every failure also rejects the command that it breaks; an error event that nobody hears would end the process.
  client.on('error', () => undefined);
  return client;
}

/** What keeps us from looking into the mailbox, in words for people. Bugs of ours pass through. */
export function imapFault(error: unknown, { host, port, user, tls }: ImapServer): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
  const server = `the IMAP server ${host}:${String(port)}`;
  const trouble = error as ImapFlowError;
  if (trouble.authenticationFailed === true) {
    const words = typeof trouble.response === 'string' ? trouble.response : (trouble.responseText ?? trouble.message);
    const hint = 'check "user" and "password" of the channel\'s imap, and that the account allows IMAP';
    return new Fault('channel/refused', `${server} does not let "${user}" in: ${words}`, { hint, cause: error });
  }
  if (trouble.tlsFailed === true || isTlsCode(trouble.code)) {
    const hint = 'does "tls" in the channel fit the server, and is its certificate to be trusted ("ca")?';
    return new Fault('channel/unreachable', `${server} gives no trusted connection with tls: ${tls} (${trouble.message})`, {
      hint,
      cause: error,
    });
  }
  const hint = 'is it running, are host and port right, and can this machine reach it?';
  return new Fault('channel/unreachable', `${server} gives no answer: ${trouble.responseText ?? trouble.message}`, { hint, cause: error });
}
