import { createSocket, type RemoteInfo } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { serveHttp } from '../loopback.ts';
import { onlyStep, runHttp } from '../run-http.ts';

type Reply = 'silence' | 'no such name' | 'failure' | 'refusal' | 'loopback';

const codes: Readonly<Partial<Record<Reply, number>>> = { 'no such name': 3, failure: 2, refusal: 5 };

/** A name server that gives every question the same reply (RFC 1035, section 4.1). */
async function serveNames(reply: Reply): Promise<{ readonly address: string } & AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (question: Buffer, { port, address }: RemoteInfo) => {
    if (reply === 'silence') return;
    const nameEnds = question.indexOf(0, 12);
    const isA = question.readUInt16BE(nameEnds + 1) === 1;
    const answers = reply === 'loopback' && isA ? 1 : 0;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (codes[reply] ?? 0), 2);
    [1, answers, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index));
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    socket.send(Buffer.concat([header, question.subarray(12, nameEnds + 5), ...(answers === 1 ? [record] : [])]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${String(socket.address().port)}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

describe('the address of a name', () => {
  it('comes from the name server that is named, and takes a time of its own', async () => {
    await using names = await serveNames('loopback');
    await using server = await serveHttp((_request, response) => response.end('{}'));
    const run = await runHttp({ steps: [{ url: `http://app.test:${String(server.port)}` }], resolver: names.address });
    expect(run.outcome.status).toBe('pass');
    expect(onlyStep(run).answer?.timing?.dnsMs).toBeGreaterThan(0);
  });

  it('that does not exist is a failure of the target', async () => {
    await using names = await serveNames('no such name');
    const { outcome } = await runHttp({ steps: [{ url: 'http://app.test' }], resolver: names.address });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['step 1 GET http://app.test: the host name does not exist (queryA ENOTFOUND app.test)'],
    });
  });

  it.each([
    ['fails', 'failure', 'queryA ESERVFAIL app.test'],
    ['refuses to tell', 'refusal', 'queryA EREFUSED app.test'],
    ['never answers', 'silence', 'no whole answer within 5s: the resolver gave no address'],
  ] as const)('is an error, and no failure of the target, when the name server %s', async (_name, reply, says) => {
    await using names = await serveNames(reply);
    const { outcome } = await runHttp(
      { steps: [{ url: 'http://app.test', timeout: '5s' }], resolver: names.address },
      { timeoutMs: 60_000 },
    );
    expect(outcome).toEqual({ status: 'error', reasons: [`step 1 GET http://app.test: could not be asked from here (${says})`] });
  });
});
