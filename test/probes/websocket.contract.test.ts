import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import websocket from '../../src/probes/websocket.ts';
import type { WebsocketObservation } from '../../src/probes/websocket/observation.ts';
import { flood, freePort, serveHttp, serveSilence, serveTcp, trickle, type Loopback } from './loopback.ts';
import { outOfTime, told, toldAndSaid } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const run = async ({ port }: { readonly port: number }, more: object = {}) =>
  runProbe<WebsocketObservation>(websocket, { url: urlOf(port), ...more });

const urlOf = (port: number): string => `ws://127.0.0.1:${String(port)}/live?room=1`;

/** A real WebSocket server. */
async function serve(onConnection: (socket: WebSocket, request: IncomingMessage) => void, options: ServerOptions = {}): Promise<Loopback> {
  const sockets = new WebSocketServer({ noServer: true, ...options });
  const http = await serveHttp((_request, response) => response.writeHead(426).end());
  http.server.on('upgrade', (request: IncomingMessage, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (each) =>
      onConnection(
        each.on('error', () => undefined),
        request,
      ),
    ),
  );
  return http;
}

/** Says the same back, after a greeting. */
const echo = (options: ServerOptions = {}): Promise<Loopback> =>
  serve((socket) => {
    socket.send('welcome');
    socket.on('message', (message) => socket.send(`you said ${(message as Buffer).toString()}`));
  }, options);

describe('a WebSocket', () => {
  it('passes when it opens, says what it should, and closes', async () => {
    await using server = await echo();
    const talk = [{ contains: 'welcome' }, { send: 'ping 1', contains: 'ping 1' }, { send: 'ping 2', matches: '^you said ping \\d$' }];
    const { outcome, seen, readings } = await run(server, { talk });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen?.closing).toEqual({ code: 1000, reason: '' });
    const names =
      'connect upgrade answer close total sub-protocol | turn 1 | answer 1 | turn 2 | answer 2 | turn 3 | answer 3 | close code';
    expect(Object.keys(readings)).toEqual(names.split(' | ').flatMap((each, index) => (index === 0 ? each.split(' ') : each)));
    expect(readings['answer 3']).toBe('you said ping 2');
  });

  it('sends its headers and offers its sub-protocols', async () => {
    await using server = await serve((socket, { headers, url }) => socket.send(`${String(url)} ${String(headers['x-key'])}`), {
      handleProtocols: () => 'v2',
    });
    const options = { headers: { 'x-key': 'k1' }, protocols: ['v1', 'v2'], talk: [{ contains: '/live?room=1 k1' }] };
    expect((await run(server, { ...options, expect: { protocol: 'v2' } })).outcome).toEqual({ status: 'pass', reasons: [] });
    expect((await run(server, { ...options, expect: { protocol: 'v1' } })).outcome).toEqual({
      status: 'fail',
      reasons: ['the sub-protocol is "v2", expected "v1"'],
    });
  });

  it('fails when nothing that was wanted comes, with what came last', async () => {
    await using server = await echo();
    const { outcome } = await run(server, { talk: [{ send: 'a', contains: 'b', within: '3s' }] });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: no message that contains "b" came within 3s; 2 messages came, the last: "you said a"'],
    });
  });

  it('fails when the server closes it in the middle', async () => {
    await using server = await serve((socket) => socket.close(4401, 'who are you?'));
    expect((await run(server, { talk: [{ contains: 'welcome' }] })).outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: the connection was closed (4401 "who are you?") and no message that contains "welcome" came; nothing came'],
    });
  });

  it('is judged by the code with which it is closed', async () => {
    await using server = await serve((socket) => socket.close(4401, 'who are you?'));
    expect((await run(server, { expect: { closedWith: 4401 } })).outcome).toEqual({ status: 'pass', reasons: [] });
    expect((await run(server, { expect: { closedWith: 1008 } })).outcome).toEqual({
      status: 'fail',
      reasons: ['it was closed with 4401 "who are you?", expected 1008'],
    });
    await using open = await echo();
    const upgraded = once(open.server, 'upgrade');
    expect((await outOfTime(websocket, { url: urlOf(open.port), expect: { closedWith: 1008 } }, upgraded)).outcome).toEqual({
      status: 'fail',
      reasons: ['it was not closed in time, expected code 1008'],
    });
  });

  it('fails when the handshake is denied', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(403).end());
    expect((await run(server)).outcome).toEqual({ status: 'fail', reasons: ['denied during the handshake (status 403, expected 101)'] });
    await using plain = await serveHttp((_request, response) => response.end('hello'));
    expect((await run(plain)).outcome).toEqual({ status: 'fail', reasons: ['denied during the handshake (status 200, expected 101)'] });
    await using other = await echo({ handleProtocols: () => false });
    expect((await run(other, { protocols: ['v1'] })).outcome.reasons).toEqual([
      'the answer makes no sense during the handshake (the headers of the answer are not those of a WebSocket handshake, or take none of our sub-protocols)',
    ]);
  });

  it('is an error when nothing was tried', () => {
    const options = websocket.options.parse({ url: 'ws://a/' });
    const seen = { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1, turns: [] };
    expect(websocket.judge(options, seen)).toEqual({ status: 'error', reasons: ['no handshake was made'] });
  });
});

describe('a hostile target', () => {
  const talk = [{ contains: 'the end' }];

  it('refuses connections', async () => {
    const port = await freePort();
    expect((await run({ port })).outcome.reasons).toEqual([`connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`]);
  });

  it.each([
    ['never answers', serveSilence, told],
    [
      'sends one byte after the other',
      () => serveTcp((socket) => trickle(socket, 'HTTP/1.1 101 Switching Protocols\r\nx-x: y\r\n')),
      toldAndSaid,
    ],
  ] as const)('%s', async (_name, start, reached) => {
    await using server = await start();
    expect((await outOfTime(websocket, { url: urlOf(server.port) }, reached(server))).outcome).toEqual({
      status: 'fail',
      reasons: ['timed out during the handshake (the time of the check was up)'],
    });
  });

  it.each([
    ['closes at once', () => serveTcp((socket) => socket.end()), /^the connection was closed during the handshake \(/],
    [
      'resets the connection',
      () => serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
      /^the connection was closed during the handshake \(/,
    ],
    ['sends garbage', () => serveTcp((socket) => socket.end('+OK ready\r\n')), /^the answer makes no sense during the handshake \(/],
    ['sends headers without end', () => serveTcp((socket) => flood(socket, `x: ${'y'.repeat(60_000)}\r\n`)), /during the handshake \(/],
    [
      'claims a handshake that is none',
      () =>
        serveTcp((socket) =>
          socket.once('data', () => socket.write('HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')),
        ),
      /^the answer makes no sense during the handshake \(the headers/,
    ],
  ] as const)('%s', async (_name, start, reason) => {
    await using server = await start();
    const { outcome } = await run(server);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(reason);
  });

  it('never says goodbye', async () => {
    await using server = await shaken((socket) => socket.resume());
    const { outcome, seen } = await run(server);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen?.closing).toBeUndefined();
  });

  it('sends messages without end', async () => {
    await using server = await shaken((socket) => flood(socket, Buffer.alloc(15_000, Buffer.from([0x81, 0x01, 0x78]))));
    const { outcome, seen } = await run(server, { talk });
    expect(outcome.reasons[0]).toMatch(
      /^turn 1: too much was sent and no message that contains "the end" came; \d+ messages came, the last: "x"$/,
    );
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
  });

  it.each([
    [
      'sends one message without end',
      (socket: Socket) => flood(socket, Buffer.concat([Buffer.from([0x81, 0x7f, 0, 0, 0, 0xff, 0, 0, 0, 0]), Buffer.alloc(65_536)])),
    ],
    ['sends garbage instead of frames', (socket: Socket) => socket.write('garbage after the handshake')],
    ['sends a bomb of compression', (socket: Socket) => socket.write(bomb())],
  ])('%s', async (_name, onOpen) => {
    await using server = await shaken(onOpen, 'Sec-WebSocket-Extensions: permessage-deflate\r\n');
    const { outcome, seen } = await run(server, { talk });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(
      /^turn 1: the connection was closed \(1006.*\) and no message that contains "the end" came; nothing came$/,
    );
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
  });
});

/** 64 MiB of the same letter in one compressed message. */
function bomb(): Buffer {
  const payload = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 'x'));
  const head = Buffer.alloc(10);
  head[0] = 0xc1;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** A server that makes a right handshake, and then whatever `onOpen` does below WebSocket. */
function shaken(onOpen: (socket: Socket) => void, header = ''): Promise<Loopback> {
  return serveTcp((socket) =>
    socket.once('data', (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${header}Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      onOpen(socket);
    }),
  );
}
