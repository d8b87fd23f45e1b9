import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import http from '../../../src/probes/http.ts';
import type { HttpObservation } from '../../../src/probes/http/observation.ts';
import { serveHttp, serveSilence, serveTcp } from '../loopback.ts';
import { outOfTime, told } from '../out-of-time.ts';
import { onlyStep, runHttp } from '../run-http.ts';

/** Writes as long as the other side listens, and only as fast as it reads. */
function endlessly(to: Socket | ServerResponse, piece: string | Uint8Array): void {
  const more = (): void => void (to.writable && to.write(piece) && setImmediate(more));
  to.on('drain', more).on('error', () => undefined);
  more();
}

/** One byte at a time, each with a pause; ends with the connection. */
function dribble(socket: Socket, text: string): void {
  let next = 0;
  const timer = setInterval(() => socket.write(text.charAt(next++ % text.length)), 10);
  socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
}

describe.concurrent('a hostile target ends in time, and the reason says how far it came', () => {
  const cases: [string, (socket: Socket) => void, RegExp][] = [
    ['never answers', (socket) => socket.resume(), /timed out \(no whole answer within 5s: connected, and not a byte came\)$/],
    [
      'sends its headers one byte at a time',
      (socket) => dribble(socket, `HTTP/1.1 200 OK\r\nx-long: ${'y'.repeat(10_000)}`),
      /timed out \(no whole answer within 5s: the headers began to come\)$/,
    ],
    [
      'sends its body one byte at a time',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        dribble(socket, 'x');
      },
      /timed out \(no whole answer within 5s: the headers came, and \d+ bytes of the body\)$/,
    ],
    [
      'says "early hints" for ever',
      (socket) => endlessly(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(100)),
      /the answer is not HTTP \(more than 100 answers with status 1xx and no other\)$/,
    ],
    [
      'sends headers without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        endlessly(socket, 'x-more: and more\r\n'.repeat(100));
      },
      /the answer is not HTTP \(Headers Overflow Error\)$/,
    ],
    [
      'sends one header without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ');
        endlessly(socket, 'y'.repeat(1_000));
      },
      /the answer is not HTTP \(Headers Overflow Error\)$/,
    ],
    ['sends bytes without meaning', (socket) => socket.end(Buffer.alloc(2_000, 0xff)), /the answer is not HTTP \(.+\)$/],
    [
      'resets the connection',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      /was closed before the answer was complete \(read ECONNRESET\)$/,
    ],
    [
      'hangs up without a word',
      (socket) => socket.once('data', () => socket.end()),
      /was closed before the answer was complete \(other side closed\)$/,
    ],
    [
      'resets in the middle of the body',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour', () => socket.resetAndDestroy()),
      /was closed before the answer was complete \(.+\)$/,
    ],
    [
      'switches to a protocol that nobody asked for',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      /was closed before the answer was complete \(bad upgrade\)$/,
    ],
  ];
  it.for(cases)('%s', async ([, onSocket, reason]) => {
    await using server = await serveTcp((socket) => {
      onSocket(socket);
      socket.resume();
    });
    const { outcome } = await runHttp({ steps: [{ url: server.url, timeout: '5s' }] }, { timeoutMs: 60_000 });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('takes connections that it cannot speak TLS on', async () => {
    await using server = await serveSilence();
    const { outcome } = await runHttp({ steps: [{ url: server.url.replace('http:', 'https:'), timeout: '5s' }] }, { timeoutMs: 60_000 });
    expect(outcome.reasons[0]).toMatch(/timed out \(no whole answer within 5s: connected, and no TLS handshake\)$/);
  });

  it('keeps what it came to, phase by phase', async () => {
    await using server = await serveSilence();
    const { seen } = await outOfTime<HttpObservation>(http, { steps: [{ url: server.url, timeout: '5m' }] }, told(server));
    expect(seen.steps).toHaveLength(1);
    const [step] = seen.steps;
    expect(step?.trouble?.timing).toMatchObject({ dnsMs: 0, tlsMs: 0, transferMs: 0 });
    expect(step?.trouble?.timing?.waitMs).toBeGreaterThan(0);
  });
});

describe('a target that was given no time because this process was held up', () => {
  it('did not fail', async () => {
    await using server = await serveTcp((socket) => {
      socket.resume();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
    });
    const { outcome } = await runHttp({ steps: [{ url: server.url, timeout: '3s' }] }, { timeoutMs: 60_000 });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/could not be asked from here \(this process was held up for \S+ while it waited for an answer\)$/);
  });
});

describe('an answer without end', () => {
  it('is read to its bound, whatever the bound is', async () => {
    await using server = await serveHttp((_request, response) => endlessly(response, Buffer.alloc(64 * 1024, 'x')));
    const step = { url: server.url, expect: { contains: 'the end' } };
    const usual = await runHttp({ steps: [step] });
    expect(onlyStep(usual).answer).toMatchObject({ bytes: 1_048_576, truncated: true });
    expect(usual.outcome.reasons[0]).toMatch(/the body does not contain "the end", of which 1048576 bytes were read$/);
    expect(usual.readings.get('size')).toMatchObject({ value: 1_048_577, untold: 'the answer is larger than readAtMost (1MiB)' });
    expect(onlyStep(await runHttp({ steps: [step], readAtMost: '1KiB' })).answer).toMatchObject({ bytes: 1_024, truncated: true });
  });

  it('is no heavier when every byte comes in a piece of its own', async () => {
    await using server = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      endlessly(socket, '1\r\nx\r\n'.repeat(1_000));
    });
    const { outcome, seen } = await runHttp({ steps: [{ url: server.url }], readAtMost: '64KiB' });
    expect(outcome.status).toBe('pass');
    expect(seen.steps[0]?.answer).toMatchObject({ bytes: 65_536, truncated: true });
  });
});

describe('a compressed answer', () => {
  const small = JSON.stringify({ status: 'up' });
  const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };
  const compressed = (body: Uint8Array, encoding: string) =>
    serveHttp((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body));

  it.each(Object.entries(encoders))('by %s is read', async (encoding, encode) => {
    await using server = await compressed(encode(small), encoding);
    const run = await runHttp({ steps: [{ url: server.url, expect: { json: { status: 'up' } } }] });
    expect(run.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(run.readings.get('size')).toEqual({ value: small.length, unit: 'bytes' });
  });

  it.each(Object.entries(encoders))('by %s is read to its bound when it is a bomb', async (encoding, encode) => {
    await using server = await compressed(encode(Buffer.alloc(16 * 1024 * 1024)), encoding);
    const run = await runHttp({ steps: [{ url: server.url, expect: { contains: 'x' } }] });
    expect(onlyStep(run).answer).toMatchObject({ bytes: 1_048_576, truncated: true });
    expect(run.outcome.status).toBe('fail');
  });

  it('is a failure with the reason when it is no such thing', async () => {
    await using server = await compressed(Buffer.from('plain text'), 'gzip');
    const { outcome } = await runHttp({ steps: [{ url: server.url }] });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        `step 1 GET ${server.url}: the body cannot be read (content-encoding is gzip, and the body is not: incorrect header check)`,
      ],
    });
  });

  it('is a failure when its end is missing', async () => {
    await using server = await compressed(gzipSync(small).subarray(0, 20), 'gzip');
    const { outcome } = await runHttp({ steps: [{ url: server.url }] });
    expect(outcome.reasons[0]).toContain('content-encoding is gzip, and the body is not: unexpected end of file');
  });

  it('of a kind that we do not know stays as it is', async () => {
    await using server = await compressed(Buffer.from('as it is'), 'x-own');
    expect((await runHttp({ steps: [{ url: server.url, expect: { contains: 'as it is' } }] })).outcome.status).toBe('pass');
  });
});
