import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { abortable } from '../base/abortable.ts';
import { Fault } from '../base/fault.ts';
import { shortened } from '../base/shortened.ts';
import type { Begin } from './passage.ts';
import { distrustOf, type Certificate, type Session } from './session.ts';
import { ExchangeError } from './trouble.ts';

const mostCertificates = 10;
const mostNames = 50;
const longestText = 300;

export interface Trust {
  /** The name that is asked for, and that the certificate must bear. */
  readonly serverName: string;
  /** PEM. */
  readonly ca?: string | undefined;
  readonly alpn?: readonly string[] | undefined;
  /** Further names that the certificate must bear. */
  readonly moreNames?: readonly string[] | undefined;
}

export interface Secured {
  readonly socket: TLSSocket;
  readonly session: Session;
}

/** Makes a connection a TLS one, whoever answers: whether that one is to be trusted stands in the session. */
export async function secure(
  plain: Socket,
  { serverName, ca, alpn = [], moreNames = [] }: Trust,
  begin: Begin,
  signal: AbortSignal,
): Promise<Secured> {
  begin('tls');
  const socket = connect({
    socket: plain,
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  socket.on('error', () => undefined);
  await abortable(once(socket, 'secureConnect'), signal);
  return { socket, session: sessionOf(socket, [serverName, ...moreNames]) };
}

/** The same for whoever wants to talk over it: a server that is not to be trusted is trouble. */
export async function secureTrusted(plain: Socket, trust: Trust, begin: Begin, signal: AbortSignal): Promise<Secured> {
  const secured = await secure(plain, trust, begin, signal);
  const reasons = distrustOf(secured.session);
  if (reasons.length === 0) return secured;
  secured.socket.destroy();
  throw new ExchangeError('tls', reasons.join('; '));
}

/** The certificates of a PEM file that a check names. */
export async function readCertificates(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('config/not-found', `the certificates ${file} cannot be read`, { hint: '"ca" names a PEM file', cause });
  });
}

function sessionOf(socket: TLSSocket, names: readonly string[]): Session {
  const { authorized, authorizationError } = socket;
  const own = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? 'none',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol === false ? null : socket.alpnProtocol,
    // Declared as an Error, and a code in truth.
    ...(authorized ? {} : { distrust: String(authorizationError) }),
    missingNames: names.filter((name) => checkServerIdentity(name, own) !== undefined),
    chain: chainOf(socket.getPeerX509Certificate()),
  };
}

function chainOf(first: X509Certificate | undefined): Certificate[] {
  const chain: X509Certificate[] = [];
  for (let each = first; each !== undefined && chain.length < mostCertificates; each = each.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === each?.fingerprint256)) break;
    chain.push(each);
  }
  return chain.map((each) => ({
    subject: oneLine(each.subject),
    issuer: oneLine(each.issuer),
    names: namesOf(each),
    validFrom: each.validFromDate.toISOString(),
    validTo: each.validToDate.toISOString(),
    fingerprint256: each.fingerprint256,
  }));
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const names = subjectAltName.split(', ').filter((each) => each !== '');
  return names.slice(0, mostNames).map((each) => shortened(each.replace(/^(DNS|IP Address):/, ''), longestText));
}

function oneLine(name: string | undefined): string {
  return shortened((name ?? '').replaceAll('\n', ', '), longestText);
}
