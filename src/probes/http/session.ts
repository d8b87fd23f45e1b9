import type { ProbeContext } from '../../check/probe.ts';
import { openLines, type Lines } from './lines.ts';
import { mostBytesOf, type HttpOptions } from './options.ts';
import { lookupAt } from './resolver.ts';
import { trustOf } from './trust.ts';

/** What the steps of one run share. */
export interface Session extends Disposable {
  readonly lines: Lines;
  /** Values that answers gave, by name. */
  readonly taken: Map<string, string | number | boolean>;
  readonly mostBytes: number;
}

export async function openSession(options: HttpOptions, { clock }: Pick<ProbeContext, 'clock'>): Promise<Session> {
  const trust = options.tls === undefined ? undefined : await trustOf(options.tls);
  const resolver = options.resolver === undefined ? undefined : lookupAt(options.resolver);
  const how = { clock, trust, serverName: options.tls?.serverName, http2: options.http2 ?? false, lookup: resolver?.lookup };
  const lines = openLines(how, options.connection === 'kept');
  return {
    lines,
    taken: new Map(),
    mostBytes: mostBytesOf(options),
    [Symbol.dispose]() {
      lines[Symbol.dispose]();
      resolver?.close();
    },
  };
}
