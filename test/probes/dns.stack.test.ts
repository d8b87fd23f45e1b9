import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import dns from '../../src/probes/dns.ts';
import type { DnsObservation } from '../../src/probes/dns/observation.ts';
import { startDnsmasq, type RunningDnsmasq } from '../sandbox/dnsmasq.ts';
import { freePort, serveSilence } from './loopback.ts';
import { runProbe } from './run-probe.ts';

let server: RunningDnsmasq;
beforeAll(async () => {
  server = await startDnsmasq([
    '--host-record=app.test,192.0.2.1,2001:db8::1,300',
    '--host-record=app.test,192.0.2.2,600',
    '--cname=www.app.test,app.test',
    '--mx-host=app.test,mail.app.test,10',
    '--txt-record=app.test,v=spf1 -all',
    '--srv-host=_imap._tcp.app.test,mail.app.test,993,1,2',
    '--ptr-record=1.2.0.192.in-addr.arpa,app.test',
    '--caa-record=app.test,0,issue,authority.test',
    ...Array.from({ length: 100 }, (_, index) => `--host-record=many.test,198.51.100.${String(index)}`),
  ]);
});
afterAll(async () => server.stop());

const run = async (written: object, timeoutMs = 20_000) =>
  runProbe<DnsObservation>(dns, { server: '127.0.0.1', port: server.port, name: 'app.test', ...written }, { timeoutMs });

describe('a question to a real server', () => {
  it('passes with records, whichever they are, and is timed', async () => {
    const { outcome, seen, readings } = await run({});
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen?.servers).toEqual([`127.0.0.1:${String(server.port)}`]);
    expect(readings).toEqual({
      answer: expect.any(Number),
      total: expect.any(Number),
      kind: 'records',
      count: 2,
      ttl: 300_000,
      'record 1': '192.0.2.1',
      'record 2': '192.0.2.2',
    });
  });

  it.each([
    ['A', 'app.test', ['192.0.2.2', '192.0.2.1']],
    ['A', 'www.app.test', ['192.0.2.2', '192.0.2.1']],
    ['AAAA', 'app.test', ['2001:0db8:0::0001']],
    ['CAA', 'app.test', ['0 issue authority.test']],
    ['CNAME', 'www.app.test', ['APP.test.']],
    ['MX', 'app.test', ['10 mail.app.test']],
    ['PTR', '192.0.2.1', ['app.test']],
    ['PTR', '1.2.0.192.in-addr.arpa', ['app.test']],
    ['SRV', '_imap._tcp.app.test', ['1 2 993 mail.app.test']],
    ['TXT', 'app.test', ['v=spf1 -all']],
  ])('passes with exactly the records that are expected: %s of %s', async (type, name, records) => {
    expect((await run({ type, name, expect: { records } })).outcome).toEqual({ status: 'pass', reasons: [] });
  });

  it('passes when a name is expected not to exist, or not to have such records', async () => {
    expect((await run({ name: 'gone.test', expect: { answer: 'no-such-name' } })).outcome.status).toBe('pass');
    expect((await run({ type: 'SRV', expect: { answer: 'no-such-records' } })).outcome.status).toBe('pass');
  });

  const cases: [string, object, string[]][] = [
    ['no such name', { name: 'gone.test' }, ['there is no such name as gone.test (NXDOMAIN), expected records']],
    ['no such records', { type: 'SRV' }, ['app.test has no SRV records, expected records']],
    [
      'a name that should not be there',
      { expect: { answer: 'no-such-name' } },
      ['the A records of app.test are 192.0.2.1, 192.0.2.2, expected that there is no such name (NXDOMAIN)'],
    ],
    [
      'missing and unexpected records',
      { expect: { records: ['192.0.2.1', '192.0.2.7'] } },
      [
        'the A records of app.test are 192.0.2.1, 192.0.2.2: 192.0.2.7 is missing',
        'the A records of app.test are 192.0.2.1, 192.0.2.2: 192.0.2.2 was not expected',
      ],
    ],
    [
      'a record that is not among them',
      { type: 'TXT', expect: { includes: ['V=spf1 -all'] } },
      ['the TXT records of app.test are v=spf1 -all: V=spf1 -all is missing'],
    ],
    ['a question that it refuses', { name: 'elsewhere.invalid' }, ['denied while waiting for an answer (REFUSED)']],
  ];
  it.each(cases)('fails with %s', async (_name, written, reasons) => {
    expect((await run(written)).outcome).toEqual({ status: 'fail', reasons });
  });

  it('keeps a part of very many records', async () => {
    const { outcome, seen } = await run({ name: 'many.test', expect: { records: ['198.51.100.1'] } });
    expect(seen?.answer).toMatchObject({ count: 100 });
    expect(seen?.answer?.records).toHaveLength(64);
    expect(outcome.reasons.at(-1)).toBe('many.test has 100 A records, expected 1');
  });

  it('is an error when the name makes no question', async () => {
    const { outcome } = await run({ name: `${'a'.repeat(80)}.test` });
    expect(outcome).toEqual({ status: 'error', reasons: ['could not be asked from here (the name cannot be asked for)'] });
  });

  it('asks a server that is named, whose name is looked up apart', async () => {
    const { readings } = await run({ server: 'localhost' });
    expect(readings).toHaveProperty('dns');
  });
});

describe('a hostile server', () => {
  it('never answers', async () => {
    await using silent = await serveSilence();
    const { outcome } = await run({ port: silent.port }, 300);
    expect(outcome).toEqual({ status: 'fail', reasons: ['timed out while waiting for an answer (the time of the check was up)'] });
  });

  it('never answers, though the check has time', async () => {
    await using silent = await serveSilence();
    const { outcome } = await run({ port: silent.port }, 60_000);
    expect(outcome).toEqual({ status: 'fail', reasons: ['timed out while waiting for an answer (no answer to any of 3 questions)'] });
  });

  it('is not there', async () => {
    const { outcome } = await run({ port: await freePort() });
    expect(outcome).toEqual({ status: 'fail', reasons: ['connection refused (nobody takes questions there)'] });
  });

  it.each([
    ['garbage', () => Buffer.from('garbage'), /^(timed out|the answer makes no sense) while waiting for an answer/],
    ['what nobody asked', (question: Buffer) => Buffer.concat([Buffer.from([1, 2]), question.subarray(2)]), /^timed out while waiting/],
    ['that it failed', (question: Buffer) => rcode(question, 2), /^the server failed while waiting for an answer \(SERVFAIL\)$/],
    ['that it refuses', (question: Buffer) => rcode(question, 5), /^denied while waiting for an answer \(REFUSED\)$/],
  ])('says %s', async (_name, answer, reason) => {
    await using liar = await serveUdp((question, reply) => reply(answer(question)));
    const { outcome } = await run({ port: liar.port }, 4_000);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(reason);
  });

  it('answers one question with a flood', async () => {
    await using liar = await serveUdp((question, reply) => {
      for (let each = 0; each < 500; each += 1) reply(rcode(question, 2));
    });
    const { outcome } = await run({ port: liar.port });
    expect(outcome.reasons).toEqual(['the server failed while waiting for an answer (SERVFAIL)']);
  });
});

/** The question as an answer with this code. */
function rcode(question: Buffer, code: number): Buffer {
  const answer = Buffer.from(question);
  answer[2] = 0x81;
  answer[3] = 0x80 | code;
  return answer;
}

async function serveUdp(
  onQuestion: (question: Buffer, reply: (answer: Buffer) => void) => void,
): Promise<{ port: number } & AsyncDisposable> {
  const socket: Socket = createSocket('udp4', (question, from) =>
    onQuestion(question, (answer) => socket.send(answer, from.port, from.address)),
  );
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));
  return { port: socket.address().port, [Symbol.asyncDispose]: close };
}
