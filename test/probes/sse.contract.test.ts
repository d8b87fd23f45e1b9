import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import sse from '../../src/probes/sse.ts';
import type { SseObservation } from '../../src/probes/sse/observation.ts';
import { flood, freePort, serveHttp, serveSilence, serveTcp, trickle, type Loopback } from './loopback.ts';
import { outOfTime, said, told } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const run = async ({ port }: { readonly port: number }, more: object = {}) =>
  runProbe<SseObservation>(sse, { url: `http://127.0.0.1:${String(port)}/stream`, ...more });

/** Its time is up when `reached` has come. */
const until = async ({ url }: Loopback, reached: Promise<unknown>) => outOfTime(sse, { url: `${url}/stream` }, reached);

/** A server whose streams begin with `first`; a POST to /prices sends an event to all of them. */
function serve(first: string, triggered = 'event: price\ndata: {"price":7}\n\n', triggerStatus = 202): Promise<Loopback> {
  const streams = new Set<ServerResponse>();
  return serveHttp((request, response) => {
    if (request.method === 'POST') {
      for (const stream of streams) stream.write(triggered);
      response.writeHead(triggerStatus).end();
      return;
    }
    streams.add(response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }));
    response.write(first === '' ? ': nothing yet\n\n' : first);
  });
}

describe('a stream of events', () => {
  it('passes when any event comes', async () => {
    await using server = await serve('data: hello\n\n');
    const { outcome, readings } = await run(server);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(Object.keys(readings)).toEqual(['connect', 'answer', 'events', 'total', 'status', 'turn 1', 'answer 1']);
    expect(readings['answer 1']).toBe('hello');
  });

  it('passes when the events come that are wanted, among others', async () => {
    await using server = await serve(
      'data: hello\n\nevent: price\ndata: one\n\nevent: price\ndata: two\ndata: lines\n\nevent: news\ndata: x\n\n',
    );
    const { outcome } = await run(server, { events: [{ event: 'price', contains: 'two' }, { event: 'news' }] });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
  });

  it('passes when what is triggered comes, which is a round trip', async () => {
    await using server = await serve('');
    const trigger = { url: `${server.url}/prices`, json: { price: 7 } };
    const { outcome, seen, readings } = await run(server, { trigger, events: [{ event: 'price', matches: '"price":7' }] });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen?.triggerStatus).toBe(202);
    expect(readings).toMatchObject({ trigger: expect.any(Number), events: expect.any(Number) });
  });

  it('fails when no such event comes in its time', async () => {
    await using server = await serve('data: hello\n\ndata: you\n\n');
    const { outcome } = await run(server, { events: [{ event: 'price', contains: '7', within: '3s' }] });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: no event named price that contains "7" came within 3s; 2 events came, the last: "you"'],
    });
  });

  it('fails when nothing comes before the time of the check is up', async () => {
    await using server = await serve('');
    expect((await until(server, said(server, 20))).outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: no event came before the time of the check was up; nothing came'],
    });
  });

  it('fails when the trigger is not accepted, or cannot be made', async () => {
    await using server = await serve('', '', 500);
    const url = `${server.url}/prices`;
    expect((await run(server, { trigger: { url } })).outcome).toEqual({
      status: 'fail',
      reasons: [`POST ${url}: status 500, expected 2xx`],
    });
    const gone = await freePort();
    expect((await run(server, { trigger: { url: `http://127.0.0.1:${String(gone)}` } })).outcome).toEqual({
      status: 'fail',
      reasons: [`connection refused while making the request that triggers an event (connect ECONNREFUSED 127.0.0.1:${String(gone)})`],
    });
  });

  it.each([
    ['another status', 503, 'text/event-stream', 'status 503, expected 200'],
    ['another content', 200, 'text/html', 'the content type is "text/html", expected text/event-stream'],
  ])('fails with %s', async (_name, status, type, reason) => {
    await using server = await serveHttp((_request, response) => response.writeHead(status, { 'content-type': type }).end('data: x\n\n'));
    expect((await run(server)).outcome).toEqual({ status: 'fail', reasons: [reason] });
  });

  it('is an error when nothing was asked', () => {
    const options = sse.options.parse({ url: 'http://a/' });
    const seen = { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1, turns: [] };
    expect(sse.judge(options, seen)).toEqual({ status: 'error', reasons: ['the stream was not asked for'] });
  });
});

describe('a hostile target', () => {
  const opens = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
  const events = [{ contains: 'the end' }];
  const started = (socket: Socket): Socket => {
    socket.write(opens);
    return socket;
  };

  it('refuses connections', async () => {
    const port = await freePort();
    expect((await run({ port })).outcome.reasons).toEqual([`connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`]);
  });

  it('never answers', async () => {
    await using server = await serveSilence();
    expect((await until(server, told(server))).outcome).toEqual({
      status: 'fail',
      reasons: ['timed out while waiting for an answer (the time of the check was up)'],
    });
  });

  it('sends one byte of an event after the other', async () => {
    await using server = await serveTcp((socket) => trickle(started(socket), 'data: x'));
    expect((await until(server, said(server, opens.length + 3))).outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: no event came before the time of the check was up; nothing came'],
    });
  });

  it.each([
    ['closes at once', (socket: Socket) => socket.end(), /^the connection was closed while waiting for an answer \(/],
    [
      'resets the connection',
      (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()),
      /^the connection was closed while waiting for an answer \(/,
    ],
    ['sends garbage', (socket: Socket) => socket.end('+OK\r\n'), /^the answer makes no sense while waiting for an answer \(/],
    [
      'closes the stream',
      (socket: Socket) => socket.end(`${opens}data: x\n\ndata: half`),
      /^turn 1: the connection was closed and no event that contains "the end" came; 1 event came: "x"$/,
    ],
    [
      'sends events without end',
      (socket: Socket) => flood(started(socket), 'data: x\n\n'.repeat(1_000)),
      /^turn 1: too much was sent and no event that contains "the end" came; 1000 events came, the last: "x"$/,
    ],
    [
      'sends one event without end',
      (socket: Socket) => flood(started(socket), 'data: xxxxxxxxxxxxxxxxxxxxxxxx\n'.repeat(1_000)),
      /^turn 1: too much was sent and no event that contains "the end" came$/,
    ],
    [
      'sends comments without end',
      (socket: Socket) => flood(started(socket), `:${'x'.repeat(10_000)}\n`),
      /^turn 1: too much was sent and no event that contains "the end" came$/,
    ],
    [
      'sends a bomb of compression, which is not opened',
      (socket: Socket) =>
        socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n\r\n'),
            gzipSync(Buffer.alloc(8 * 1024 * 1024, 'data: x\n\n')),
          ]),
        ),
      /^turn 1: the connection was closed and no event that contains "the end" came; nothing came$/,
    ],
  ] as const)('%s', async (_name, onSocket, reason) => {
    await using server = await serveTcp((socket) => void onSocket(socket));
    const { outcome, seen } = await run(server, { events });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(reason);
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
  });
});
