import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { partOf, type Part } from '../part.ts';
import type { MailBehaviour } from './behaviour.ts';
import type { Certificate } from './certificate.ts';

/** One message for one recipient, after `250`. */
export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** The recipient's name before the `@`. */
  readonly user: string;
  /** One character a byte (latin1), so that nothing is lost on the way. */
  readonly message: string;
}

export interface SmtpFrontOptions {
  readonly domain: string;
  /** Names before the `@` that have a mailbox; everybody else is refused with 550. */
  readonly users: readonly string[];
  /** Asked for when given; anonymous mail is refused then. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** Present: STARTTLS is offered. */
  readonly certificate: Certificate | undefined;
  readonly behaviour: () => MailBehaviour;
  /** Must finish before the sender is told 250. */
  readonly take: (envelope: Envelope) => Promise<void>;
}

export interface SmtpFront extends Part {
  readonly port: number;
}

/** Starts the side of the mail server that takes messages. */
export async function startSmtpFront({ domain, users, login, certificate, behaviour, take }: SmtpFrontOptions): Promise<SmtpFront> {
  const accept = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (behaviour().kind === 'hang') return await new Promise(() => undefined);
    const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
    for (const { address } of session.envelope.rcptTo) {
      await take({ from, to: address, user: userOf(address), message: Buffer.concat(chunks).toString('latin1') });
    }
  };
  const server = new SMTPServer({
    name: 'sandbox',
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: [...(login === undefined ? ['AUTH'] : []), ...(certificate === undefined ? ['STARTTLS'] : [])],
    ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, callback) => {
      const known = login !== undefined && username === login.user && password === login.password;
      if (known) callback(null, { user: username });
      else callback(refusal(535, 'authentication failed'));
    },
    onRcptTo: ({ address }, _session, callback) => {
      const now = behaviour();
      const ours = address.endsWith(`@${domain}`) && users.includes(userOf(address));
      if (now.kind === 'refuse') callback(refusal(now.code, now.code === 450 ? 'mailbox busy, try again later' : 'message refused'));
      else if (!ours) callback(refusal(550, `no such user: ${address}`));
      else callback();
    },
    onData: callbackify(accept),
  });
  // A client that hangs up in the middle is its own trouble, not the sandbox's.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stack = new AsyncDisposableStack();
  stack.defer(async () => await new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, ...partOf(stack) };
}

function userOf(address: string): string {
  return address.slice(0, address.indexOf('@'));
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
