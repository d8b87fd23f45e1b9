import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { shortened } from '../../base/shortened.ts';
import type { Clock } from '../../base/clock.ts';
import type { CertificateSeen } from './observation.ts';
import { wellKnownTrust } from './trust.ts';
import type { Watch } from './watch.ts';

export interface How {
  readonly clock: Clock;
  /** The well-known authorities when left out. */
  readonly trust?: SecureContext | undefined;
  readonly serverName?: string | undefined;
  readonly http2: boolean;
  /** Instead of the system's resolver. */
  readonly lookup?: LookupFunction | undefined;
}

export interface Target {
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

export type Connected = (error: Error | null, socket: Socket | TLSSocket | null) => void;

/** Opens a connection, each phase of it timed. `done` is called once. */
export function openSocket({ hostname, port, secure }: Target, how: How, watch: Watch, done: Connected): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const named = isIP(host) === 0;
  watch.begin(named ? 'dns' : 'connect');
  const tcp = { host, port, noDelay: true, ...(how.lookup === undefined ? {} : { lookup: how.lookup }) };
  const socket = secure ? connectTls({ ...tcp, ...tlsOf(named ? host : '', how) }) : connectTcp(tcp);
  if (named) socket.once('lookup', (error: Error | null) => error === null && watch.phase === 'dns' && watch.next('connect'));
  if (secure) socket.once('connect', () => watch.next('tls'));
  const onError = (error: Error): void => done(error, null);
  socket.once('error', onError);
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    socket.off('error', onError);
    watch.next('wait');
    done(null, socket);
  });
  return socket;
}

function tlsOf(name: string, { trust, serverName, http2 }: How) {
  return {
    secureContext: trust ?? wellKnownTrust(),
    servername: serverName ?? name,
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  };
}

/** The certificate that was shown, with the earliest end of all that it rests on. */
export function certificateOf(socket: TLSSocket, clock: Clock): CertificateSeen | undefined {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return undefined;
  let earliestMs = shown.validToDate.getTime();
  for (let each = shown.issuerCertificate, depth = 0; each !== undefined && depth < 10; each = each.issuerCertificate, depth += 1)
    earliestMs = Math.min(earliestMs, each.validToDate.getTime());
  return { subject: oneLine(shown.subject), issuer: oneLine(shown.issuer), leftMs: earliestMs - clock.now().getTime() };
}

function oneLine(name: string | undefined): string {
  return shortened((name ?? '').replace(/\p{Cc}+/gu, ', '), 200);
}
