import type { AnyCaaRecord } from 'node:dns';
import type { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DnsAnswer, RecordType } from './observation.ts';

const mostRecords = 64;

interface Found {
  readonly text: string;
  readonly ttl?: number;
}

const questions: Readonly<Record<RecordType, (resolver: Resolver, name: string) => Promise<readonly Found[]>>> = {
  A: async (resolver, name) => (await resolver.resolve4(name, { ttl: true })).map(({ address, ttl }) => ({ text: address, ttl })),
  AAAA: async (resolver, name) => (await resolver.resolve6(name, { ttl: true })).map(({ address, ttl }) => ({ text: address, ttl })),
  CAA: async (resolver, name) => (await resolver.resolveCaa(name)).map((each) => ({ text: caaText(each) })),
  CNAME: async (resolver, name) => (await resolver.resolveCname(name)).map((text) => ({ text })),
  MX: async (resolver, name) =>
    (await resolver.resolveMx(name)).map(({ priority, exchange }) => ({ text: `${String(priority)} ${exchange}` })),
  NS: async (resolver, name) => (await resolver.resolveNs(name)).map((text) => ({ text })),
  PTR: async (resolver, name) => (await (isIP(name) === 0 ? resolver.resolvePtr(name) : resolver.reverse(name))).map((text) => ({ text })),
  SOA: async (resolver, name) => {
    const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name);
    return [{ text: [nsname, hostmaster, serial, refresh, retry, expire, minttl].join(' ') }];
  },
  SRV: async (resolver, name) =>
    (await resolver.resolveSrv(name)).map((each) => ({ text: [each.priority, each.weight, each.port, each.name].join(' ') })),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => ({ text: parts.join('') })),
};

/** What a server says to one question; that there is nothing is an answer too. Rejects with the resolver's own errors otherwise. */
export async function ask(resolver: Resolver, name: string, type: RecordType): Promise<DnsAnswer> {
  try {
    const found = await questions[type](resolver, name);
    const ttls = found.flatMap(({ ttl }) => ttl ?? []);
    return {
      kind: 'records',
      records: found
        .slice(0, mostRecords)
        // Whole, since it is compared: a message of DNS has at most 64 KiB.
        .map(({ text }) => text)
        .toSorted(),
      count: found.length,
      ...(ttls.length === 0 ? {} : { ttlSeconds: Math.min(...ttls) }),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND') return { kind: 'no-such-name', records: [], count: 0 };
    if (code === 'ENODATA') return { kind: 'no-such-records', records: [], count: 0 };
    throw error;
  }
}

function caaText({ critical, ...tagged }: Omit<AnyCaaRecord, 'type'>): string {
  const tags: readonly (readonly [string, unknown])[] = Object.entries(tagged);
  const [tag, value] = tags.find(([name]) => name !== 'type') ?? ['', ''];
  return `${String(critical)} ${tag} ${String(value)}`;
}
