import { isIPv6, SocketAddress } from 'node:net';
import { shortened } from '../../base/shortened.ts';
import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import type { DnsAnswer, DnsObservation } from './observation.ts';
import type { DnsOptions } from './options.ts';

export function judgeDns(options: DnsOptions, { trouble, answer }: DnsObservation): Outcome {
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (answer === undefined) return { status: 'error', reasons: ['nothing was asked'] };
  const reasons = shortcomings(options, answer);
  return { status: reasons.length === 0 ? 'pass' : 'fail', reasons };
}

function shortcomings({ name, type, expect }: DnsOptions, answer: DnsAnswer): string[] {
  if (answer.kind !== expect.answer) return [`${inWords(name, type, answer)}, expected ${expectations[expect.answer]}`];
  const same = (a: string, b: string): boolean => comparable(type, a) === comparable(type, b);
  const { records } = answer;
  const missing = [...(expect.records ?? []), ...(expect.includes ?? [])].filter((wanted) => !records.some((each) => same(each, wanted)));
  const all = expect.records;
  const more = all === undefined ? [] : records.filter((each) => !all.some((wanted) => same(each, wanted)));
  const unread = answer.count - records.length;
  const seen = `${records.length === 0 ? 'nothing' : listed(records)}${unread > 0 ? ` and ${String(unread)} more` : ''}`;
  return [
    ...(missing.length === 0 ? [] : [`the ${type} records of ${name} are ${seen}: ${missing.join(', ')} is missing`]),
    ...(more.length === 0 ? [] : [`the ${type} records of ${name} are ${seen}: ${listed(more)} was not expected`]),
    ...(all !== undefined && unread > 0 ? [`${name} has ${String(answer.count)} ${type} records, expected ${String(all.length)}`] : []),
  ];
}

const longestShown = 300;

function listed(records: readonly string[]): string {
  return records.map((each) => shortened(each, longestShown)).join(', ');
}

const expectations: Readonly<Record<DnsAnswer['kind'], string>> = {
  records: 'records',
  'no-such-name': 'that there is no such name (NXDOMAIN)',
  'no-such-records': 'the name without such records',
};

function inWords(name: string, type: string, { kind, records }: DnsAnswer): string {
  switch (kind) {
    case 'records':
      return `the ${type} records of ${name} are ${listed(records)}`;
    case 'no-such-name':
      return `there is no such name as ${name} (NXDOMAIN)`;
    case 'no-such-records':
      return `${name} has no ${type} records`;
  }
}

/** Names are the same in capitals and small letters, with and without a last dot (RFC 4343); texts are not. */
function comparable(type: string, record: string): string {
  if (type === 'TXT' || type === 'CAA') return record;
  if (isIPv6(record)) return new SocketAddress({ address: record, family: 'ipv6' }).address;
  return record.toLowerCase().replace(/\.(?=\s|$)/g, '');
}
