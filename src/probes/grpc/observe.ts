import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { Client, credentials, Metadata, status as codes, type ServiceError } from '@grpc/grpc-js';
import { abortable } from '../../base/abortable.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { inPhases, type Begin } from '../../wire/passage.ts';
import { readCertificates } from '../../wire/secure.ts';
import { ExchangeError, type Trouble } from '../../wire/trouble.ts';
import { askHealth } from './health.ts';
import { servingStatus, type GrpcObservation } from './observation.ts';
import type { GrpcOptions } from './options.ts';

/** Answers of the health protocol have a few bytes. */
const mostBytes = 64 * 1024;

export async function observeGrpc(options: GrpcOptions, context: ProbeContext): Promise<GrpcObservation> {
  const { signal } = context;
  const ca = await readCertificates(options.ca);
  let status: GrpcObservation['status'];
  const passed = await inPhases(context, async (begin) => {
    if (isIP(options.host) === 0) {
      // The library looks it up again; of a name that it cannot find it does not tell whose trouble that is.
      begin('dns');
      await abortable(lookup(options.host), signal);
    }
    const client = clientOf(options, ca);
    try {
      begin('connect');
      whenConnected(client, begin);
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(options.headers ?? {})) metadata.set(name, value);
      const answer = await abortable(askHealth(client, { service: options.service }, metadata), signal);
      const known = servingStatus.safeParse(answer.status);
      if (!known.success) throw new ExchangeError('protocol', `the status ${String(answer.status)} is unknown to the health protocol`);
      status = known.data;
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as Partial<ServiceError>;
      if (code !== codes.NOT_FOUND) throw toldOf(error);
      status = 'SERVICE_UNKNOWN';
    } finally {
      client.close();
    }
  });
  return status === undefined ? passed : { ...passed, status };
}

function clientOf({ host, port, tls, serverName }: GrpcOptions, ca: string | undefined): Client {
  const target = `dns:${isIPv6(host) ? `[${host}]` : host}:${String(port)}`;
  const secured = tls ? credentials.createSsl(ca === undefined ? null : Buffer.from(ca)) : credentials.createInsecure();
  return new Client(target, secured, {
    // A connection of its own for every run: a kept one would hide that new ones are refused.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': mostBytes,
    'grpc.primary_user_agent': 'liveproof',
    ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }),
  });
}

/** The library tells of a connection only when it stands: TCP and TLS are one phase. */
function whenConnected(client: Client, begin: Begin): void {
  client.waitForReady(Infinity, (error) => {
    if (error === undefined) begin('answer');
  });
}

const kinds: Readonly<Record<number, Trouble['kind']>> = {
  [codes.UNAUTHENTICATED]: 'denied',
  [codes.PERMISSION_DENIED]: 'denied',
  [codes.RESOURCE_EXHAUSTED]: 'too-much',
};

/** What UNAVAILABLE stands for can be told only by its details. */
const unavailable: readonly (readonly [RegExp, Trouble['kind']])[] = [
  [/ECONNREFUSED/, 'refused'],
  [/Name resolution failed/, 'name-not-found'],
  [/ENETUNREACH|EMFILE|EADDRNOTAVAIL|EAI_AGAIN/, 'ours'],
  [/EHOSTUNREACH/, 'unreachable'],
  [/certificate|altnames|SSL|TLS|EPROTO/i, 'tls'],
  [/ECONNRESET|EPIPE|Connection dropped|Failed to connect|closed|hang up/i, 'closed'],
  [/protocol error|frame/i, 'protocol'],
];

function toldOf(error: unknown): unknown {
  const { code, details = '' } = error as Partial<ServiceError>;
  if (error instanceof ExchangeError || code === undefined || codes[code] === undefined) return error;
  const says = `${codes[code]}: ${excerptOf(withoutTime(details))}`;
  if (code === codes.UNIMPLEMENTED) return new ExchangeError('protocol', `the server has no health service, ${says}`);
  const found = code === codes.UNAVAILABLE ? unavailable.find(([words]) => words.test(details))?.[1] : kinds[code];
  return new ExchangeError(found ?? 'failed', says);
}

/** The last error among several attempts, without the time at which it came: the same trouble has the same reason each time. */
function withoutTime(details: string): string {
  return /Last error: (?:Error: )?(.*?)(?: \(\d{4}-\d\d-\d\dT[^)]*\))?\. Resolution note:/s.exec(details)?.[1] ?? details;
}
