import { z } from 'zod';
import { host, port } from '../../wire/address.ts';
import { answerKind, recordType } from './observation.ts';

const records = z.array(z.string().min(1)).min(1);

const expectation = z
  .strictObject({
    answer: answerKind
      .default('records')
      .describe('Whether there must be records, no such name (NXDOMAIN), or a name without such records.'),
    records: records
      .optional()
      .describe('The records that there must be, in any order, and no others: "192.0.2.1", "10 mail.example.com".'),
    includes: records.optional().describe('Records that must be among them.'),
  })
  .refine(
    ({ answer, records: all, includes }) => answer === 'records' || (all === undefined && includes === undefined),
    '"records" and "includes" go with answer: records',
  );

export const dnsOptions = z.strictObject({
  name: z.string().min(1).max(255).describe('The name that is asked for; for PTR also an IP address.'),
  type: recordType.default('A'),
  server: host.optional().describe('The server that is asked; those of this machine when it is left out.'),
  port: port.default(53),
  expect: expectation.prefault({}),
});

export type DnsOptions = z.output<typeof dnsOptions>;
