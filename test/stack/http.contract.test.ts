import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { exchange } from '../../src/base/exchange.ts';
import { ask, askJson, type Server } from '../../src/stack/http.ts';
import { freePort, serveHttp, serveSilence, serveTcp } from '../probes/loopback.ts';

const signal = AbortSignal.timeout(20_000);
const place = { file: 'gates/shop/gate.yaml', line: 3, column: 22, length: 21, source: "  prometheus: { url: 'http://…' }" };

function named(url: string): Server {
  return { name: 'Prometheus', url, place };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

describe('an exchange', () => {
  test('gives status, content type and text, whatever the status', async () => {
    await using server = await serveHttp((_, response) => response.writeHead(503, { 'content-type': 'text/plain' }).end('not yet'));
    expect(await exchange({ method: 'GET', url: server.url }, signal)).toEqual({ status: 503, contentType: 'text/plain', text: 'not yet' });
  });

  test('sends JSON as JSON', async () => {
    await using server = await serveHttp((asked, response) => {
      asked.setEncoding('utf8').on('data', (body: string) => response.end(`${String(asked.headers['content-type'])} ${body}`));
    });
    const answer = await exchange({ method: 'POST', url: server.url, json: { count: 2 } }, signal);
    expect(answer.text).toBe('application/json {"count":2}');
  });

  test('of a silent server ends when its time is up', async () => {
    await using server = await serveSilence();
    const error = await errorOf(exchange({ method: 'GET', url: server.url }, signal, 200));
    expect(error).toMatchObject({ code: 'stack/unreachable', message: `GET ${server.url} got no answer: no complete answer within 0.2 s` });
  });

  test('of a server that trickles for ever ends when its time is up', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200);
      const trickle = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(trickle));
    });
    expect(await errorOf(exchange({ method: 'GET', url: server.url }, signal, 300))).toMatchObject({ code: 'stack/unreachable' });
  });

  test('ends with the reason of whoever aborts it', async () => {
    await using server = await serveSilence();
    const stop = new AbortController();
    const pending = errorOf(exchange({ method: 'GET', url: server.url }, stop.signal));
    stop.abort(new Error('somebody pressed Ctrl-C'));
    expect(await pending).toMatchObject({ message: 'somebody pressed Ctrl-C' });
  });

  test('with a server that hangs up in the middle is a fault', async () => {
    await using server = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'));
    expect(await errorOf(exchange({ method: 'GET', url: server.url }, signal))).toMatchObject({ code: 'stack/unreachable' });
  });

  test('refuses an answer of more than 64 MiB', async () => {
    const part = Buffer.alloc(1024 * 1024);
    await using server = await serveHttp((_, response) => {
      const more = (): void => {
        while (response.write(part));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    });
    const error = await errorOf(exchange({ method: 'GET', url: server.url }, signal));
    expect(error).toMatchObject({ code: 'stack/unexpected-answer', message: `${server.url} answered with more than 64 MiB` });
  });

  test('sends credentials of the URL as a header and keeps them out of its faults', async () => {
    await using server = await serveHttp((asked, response) => response.end(asked.headers.authorization));
    const withCredentials = server.url.replace('//', '//pat:p%40ss:w@rd@');
    const answer = await exchange({ method: 'GET', url: withCredentials }, signal);
    expect(answer.text).toBe(`Basic ${Buffer.from('pat:p@ss:w@rd').toString('base64')}`);
    const url = `http://pat:geheim@127.0.0.1:${String(await freePort())}/x`;
    const error = await errorOf(exchange({ method: 'GET', url }, signal));
    expect(error).toBeInstanceOf(Fault);
    expect(String(error)).not.toContain('geheim');
  });

  test.each(['localhost:9090', 'ftp://localhost', 'not a url'])('with the address %j is a fault', async (url) => {
    expect(await errorOf(exchange({ method: 'GET', url }, signal))).toMatchObject({ code: 'stack/unreachable' });
  });
});

describe('a question to a server of the stack', () => {
  test('that is not there is a fault at its place in the gate, with a command to try', async () => {
    const url = `http://127.0.0.1:${String(await freePort())}`;
    const error = await errorOf(askJson(named(url), { method: 'GET', path: '/api/v1/targets' }, signal));
    expect(error).toMatchObject({ code: 'stack/unreachable', place });
    expect(String(error)).toContain(`Prometheus at ${url} cannot be reached: connect ECONNREFUSED`);
    expect((error as Fault).hint).toContain(`curl ${url}/api/v1/targets`);
  });

  test('with a name that nobody knows says so', async () => {
    const error = await errorOf(askJson(named('http://prometheus.invalid:9090'), { method: 'GET', path: '/' }, signal));
    expect(error).toMatchObject({ code: 'stack/unreachable', place });
    expect(String(error)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test.each([401, 403])('that is refused with %i is a fault at its place', async (status) => {
    await using server = await serveHttp((_, response) => response.writeHead(status).end());
    expect(await errorOf(ask(named(server.url), { method: 'GET', path: '/' }, signal))).toMatchObject({
      code: 'stack/unauthorized',
      place,
    });
  });

  test.each([
    [404, '404 page not found', 'HTTP 404: 404 page not found', 'does it need a path prefix?'],
    [400, '{"status":"error","error":"bad query"}', 'HTTP 400: bad query', undefined],
    [400, '{"code":601,"message":"bad filter"}', 'HTTP 400: bad filter', undefined],
    [400, '"bad matcher"', 'HTTP 400: bad matcher', undefined],
    [500, '', 'HTTP 500: (an empty body)', undefined],
    [302, 'Found', 'HTTP 302: Found', undefined],
    [503, 'long '.repeat(100), '…', undefined],
  ])('answered with %i %j is a fault in the words of the server', async (status, body, says, hint) => {
    await using server = await serveHttp((_, response) => response.writeHead(status).end(body));
    const error = await errorOf(askJson(named(server.url), { method: 'GET', path: '/x' }, signal));
    expect(error).toMatchObject({ code: 'stack/unexpected-answer', place });
    expect(String(error)).toContain(says);
    if (hint !== undefined) expect((error as Fault).hint).toContain(hint);
  });

  test('answered with an empty 200 gives undefined', async () => {
    await using server = await serveHttp((_, response) => response.end());
    expect(await askJson(named(server.url), { method: 'POST', path: '/' }, signal)).toBeUndefined();
  });
});
