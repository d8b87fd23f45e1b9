import { z } from 'zod';
import { passage } from '../../wire/passage.ts';

export const recordType = z.enum(['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']);
export type RecordType = z.infer<typeof recordType>;

export const answerKind = z.enum(['records', 'no-such-name', 'no-such-records']);

const dnsAnswer = z.strictObject({
  kind: answerKind,
  /** In the form of zone files, without trailing dots; the first of them when there are very many. */
  records: z.array(z.string()),
  /** How many there are. */
  count: z.int(),
  /** The shortest; of addresses only. */
  ttlSeconds: z.int().optional(),
});
export type DnsAnswer = Readonly<z.infer<typeof dnsAnswer>>;

export const dnsObservation = z.strictObject({
  ...passage.shape,
  /** Those that were asked: `127.0.0.1:5353`. */
  servers: z.array(z.string()),
  answer: dnsAnswer.optional(),
});
export type DnsObservation = Readonly<z.infer<typeof dnsObservation>>;
