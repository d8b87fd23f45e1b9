import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Client } from 'undici';
import { certificateOf, openSocket, type How } from './connect.ts';
import type { CertificateSeen } from './observation.ts';
import type { Watch } from './watch.ts';

/** A connection to one origin, opened with its first request. */
export interface Line {
  readonly origin: string;
  readonly client: Client;
  readonly certificate: CertificateSeen | undefined;
  readonly httpVersion: number;
  /** Whether more requests than one go through it. */
  readonly kept: boolean;
  /** Whose request it is that the connection is opened for. */
  watch: Watch;
  close(reason?: Error): void;
}

/** Made once: an error costs more to make than a whole request. */
const done = new Error('the connection is done with');

const nothing = (): void => undefined;

export function openLine(origin: URL, watch: Watch, how: How, kept: boolean): Line {
  let socket: Socket | TLSSocket | undefined;
  let certificate: CertificateSeen | undefined;
  const secure = origin.protocol === 'https:';
  const target = { hostname: origin.hostname, port: Number(origin.port) || (secure ? 443 : 80), secure };
  const client = new Client(origin.origin, {
    pipelining: 1,
    allowH2: how.http2,
    // Time is kept for the whole exchange, by whoever asks.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      socket = openSocket(target, how, line.watch, (error, opened) => {
        if (opened instanceof TLSSocket) certificate = certificateOf(opened, how.clock);
        if (opened === null) callback(error ?? done, null);
        else callback(null, opened);
      });
    },
  });
  const line: Line = {
    origin: origin.origin,
    client,
    watch,
    kept,
    get certificate() {
      return certificate;
    },
    get httpVersion() {
      return socket instanceof TLSSocket && socket.alpnProtocol === 'h2' ? 2 : 1.1;
    },
    close(reason = done) {
      client.destroy(reason, nothing);
      // A socket that is still on its way is not the client's yet.
      socket?.on('error', nothing).destroy();
    },
  };
  return line;
}
