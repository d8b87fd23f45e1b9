import { lookup, Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { abortable } from '../../base/abortable.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { inPhases, type Begin } from '../../wire/passage.ts';
import { ExchangeError, type Trouble } from '../../wire/trouble.ts';
import { ask } from './ask.ts';
import type { DnsAnswer, DnsObservation } from './observation.ts';
import type { DnsOptions } from './options.ts';

/** A datagram may be lost: it is asked again, each time waiting longer. */
const firstWaitMs = 1_000;
const tries = 3;

export async function observeDns(options: DnsOptions, context: ProbeContext): Promise<DnsObservation> {
  const { signal } = context;
  // A resolver of its own for every run: a kept one would answer from what it remembers.
  const resolver = new Resolver({ timeout: firstWaitMs, tries });
  let answer: DnsAnswer | undefined;
  try {
    const passed = await inPhases(context, async (begin) => {
      if (options.server !== undefined) resolver.setServers([await serverOf(options.server, options.port, begin, signal)]);
      begin('answer');
      answer = await abortable(ask(resolver, options.name, options.type), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw toldOf(error, options);
      });
    });
    return { ...passed, servers: resolver.getServers(), ...(answer === undefined ? {} : { answer }) };
  } finally {
    resolver.cancel();
  }
}

async function serverOf(server: string, port: number, begin: Begin, signal: AbortSignal): Promise<string> {
  let address = server;
  if (isIP(server) === 0) {
    begin('dns');
    ({ address } = await abortable(lookup(server), signal));
  }
  return isIPv6(address) ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

/** What the resolver's errors say of the server, in the words of RFC 1035. */
const kinds: Readonly<Record<string, readonly [Trouble['kind'], string]>> = {
  ETIMEOUT: ['timed-out', `no answer to any of ${String(tries)} questions`],
  ECONNREFUSED: ['refused', 'nobody takes questions there'],
  ESERVFAIL: ['failed', 'SERVFAIL'],
  EREFUSED: ['denied', 'REFUSED'],
  ENOTIMP: ['denied', 'NOTIMP'],
  EFORMERR: ['denied', 'FORMERR'],
  EBADRESP: ['protocol', 'no DNS message'],
  EBADNAME: ['ours', 'the name cannot be asked for'],
  EBADQUERY: ['ours', 'the question cannot be asked'],
};

function toldOf(error: unknown, { server }: DnsOptions): unknown {
  const [kind, says] = kinds[String((error as NodeJS.ErrnoException).code)] ?? [];
  if (kind === undefined || says === undefined) return error;
  // That the machine's own resolver is not there says nothing about the name.
  const isOurs = server === undefined && (kind === 'timed-out' || kind === 'refused');
  return isOurs ? new ExchangeError('ours', `the DNS server of this machine: ${says}`) : new ExchangeError(kind, says);
}
