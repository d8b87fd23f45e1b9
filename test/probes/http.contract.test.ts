import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import http from '../../src/probes/http.ts';
import { freePort, serveHttp, serveSilence, serveTcp, type Loopback } from './loopback.ts';
import { outOfTime, said, told } from './out-of-time.ts';
import { runHttp, type HttpRun } from './run-http.ts';

function run(steps: readonly object[], how: Parameters<typeof runHttp>[1] = {}): Promise<HttpRun> {
  return runHttp({ steps }, how);
}

const healthy = { status: 'healthy', database: { status: 'up' }, parts: [{ id: 7 }] };

function healthServer(body: unknown = healthy, status = 200): Promise<Loopback> {
  return serveHttp((_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body)),
  );
}

describe('an answer that is as expected', () => {
  it('passes, and what was looked at is recorded', async () => {
    await using server = await healthServer();
    const { outcome, seen } = await run([
      {
        url: `${server.url}/health`,
        expect: {
          status: 200,
          json: { status: 'healthy', 'database.status': 'up', 'parts.0.id': 7 },
          contains: 'healthy',
          headers: { 'Content-Type': 'application/json' },
        },
      },
    ]);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen.steps[0]?.answer).toMatchObject({
      status: 200,
      json: { 'database.status': { found: true, value: 'up' } },
      truncated: false,
    });
  });
});

describe('an answer that is not as expected fails with the figures', () => {
  const cases: [string, object, unknown, number, string][] = [
    ['another status', {}, healthy, 503, 'status 503, expected 2xx'],
    ['a status outside the list', { status: [200, 204] }, healthy, 503, 'status 503, expected 200 or 204'],
    [
      'another value',
      { json: { 'database.status': 'up' } },
      { database: { status: 'down' } },
      200,
      'database.status is "down", expected "up"',
    ],
    ['a text where a number is expected', { json: { count: 7 } }, { count: '7' }, 200, 'count is "7", expected 7'],
    ['an absent value', { json: { 'database.status': 'up' } }, {}, 200, 'database.status is absent, expected "up"'],
    ['an object where a value is expected', { json: { database: 'up' } }, healthy, 200, 'database is an object, expected "up"'],
    ['an inherited property', { json: { constructor: 'x' } }, {}, 200, 'constructor is absent, expected "x"'],
    ['a missing text', { contains: 'goodbye' }, 'hello', 200, 'the body does not contain "goodbye"'],
    ['a missing header', { headers: { 'x-version': '2' } }, healthy, 200, 'no header x-version, expected "2"'],
    [
      'another header',
      { headers: { 'content-type': 'text/html' } },
      healthy,
      200,
      'header content-type is "application/json; charset=utf-8", expected "text/html"',
    ],
  ];
  it.each(cases)('%s', async (_name, expected, body, status, reason) => {
    await using server = await healthServer(body, status);
    const { outcome } = await run([{ url: `${server.url}/health`, expect: expected }]);
    expect(outcome).toEqual({ status: 'fail', reasons: [`step 1 GET ${server.url}/health: ${reason}`] });
  });

  it('an answer that is not JSON', async () => {
    await using server = await serveHttp((_request, response) => response.end('<html>'));
    const { outcome } = await run([{ url: server.url, expect: { json: { status: 'up' } } }]);
    expect(outcome.reasons).toEqual([`step 1 GET ${server.url}: the answer is not JSON: "<html>"`]);
  });
});

describe('steps', () => {
  it('use what earlier answers gave, in URL, headers and body, and record none of it', async () => {
    const got: unknown[] = [];
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      got.push([request.method, request.url, request.headers.authorization, await text(request)]);
      response.end(JSON.stringify({ token: 'very-secret-token', id: 42, note: 'very-secret-token' }));
    };
    await using server = await serveHttp((request, response) => void answer(request, response));
    const { outcome, seen } = await run([
      { method: 'POST', url: `${server.url}/login`, json: { user: 'a' }, take: { token: 'token', id: 'id' } },
      {
        method: 'PUT',
        url: `${server.url}/x/{{token}}?id={{id}}`,
        headers: { Authorization: 'Bearer {{token}}' },
        json: { id: '{{id}}', text: 'no. {{id}}' },
      },
    ]);
    expect(outcome.status).toBe('pass');
    expect(got[1]).toEqual(['PUT', '/x/very-secret-token?id=42', 'Bearer very-secret-token', '{"id":42,"text":"no. 42"}']);
    expect(JSON.stringify(seen)).not.toContain('very-secret-token');
  });

  it('escape what they put into a URL', async () => {
    const urls: unknown[] = [];
    await using server = await serveHttp((request, response) => {
      urls.push(request.url);
      response.end(JSON.stringify({ id: '../admin?x=1' }));
    });
    await run([{ url: `${server.url}/`, take: { id: 'id' } }, { url: `${server.url}/items/{{id}}` }]);
    expect(urls).toEqual(['/', '/items/..%2Fadmin%3Fx%3D1']);
  });

  it('fail when there is nothing to take, and the later ones are not made', async () => {
    await using server = await healthServer({});
    const { outcome, seen } = await run([{ url: server.url, take: { id: 'data.id' } }, { url: `${server.url}/{{id}}` }]);
    expect(outcome.reasons).toEqual([`step 1 GET ${server.url}: nothing at data.id that could be taken as "id"`]);
    expect(seen.steps).toHaveLength(1);
  });

  it('name themselves in the reason', async () => {
    await using server = await healthServer({}, 500);
    const { outcome } = await run([
      { url: server.url, expect: { status: 500 } },
      { name: 'sign in', method: 'POST', url: server.url },
    ]);
    expect(outcome.reasons).toEqual([`step 2 "sign in" POST ${server.url}: status 500, expected 2xx`]);
  });

  it('asks again until the expectation holds', async () => {
    let asked = 0;
    await using server = await serveHttp((_request, response) =>
      response.end(JSON.stringify({ status: (asked += 1) < 3 ? 'running' : 'done' })),
    );
    const { outcome, seen } = await run([
      { url: server.url, expect: { json: { status: 'done' } }, until: { within: '1m', every: '10ms' } },
    ]);
    expect(outcome.status).toBe('pass');
    expect(seen.steps[0]?.attempts).toBe(3);
  });

  it('gives up asking when the time for it is over', async () => {
    await using server = await healthServer({ status: 'running' });
    const until = { within: '2s', every: '20ms' };
    const { outcome } = await run([{ url: server.url, expect: { json: { status: 'done' } }, until }], { timeoutMs: 60_000 });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/status is "running", expected "done" after \S+ and \d+ attempts$/);
  });
});

describe('a target that misbehaves is a failure of the target, in bounded time', () => {
  it('refuses connections', async () => {
    const { outcome } = await run([{ url: `http://127.0.0.1:${String(await freePort())}` }]);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toContain('connection refused (connect ECONNREFUSED');
  });

  it('never answers, and the request has its own time', async () => {
    await using server = await serveSilence();
    const { outcome } = await run([{ url: server.url, timeout: '5s' }], { timeoutMs: 60_000 });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [`step 1 GET ${server.url}: timed out (no whole answer within 5s: connected, and not a byte came)`],
    });
  });

  it('never answers until the time of the whole check is up', async () => {
    await using server = await serveSilence();
    const { outcome } = await outOfTime(http, { steps: [{ url: server.url, timeout: '5m' }] }, told(server));
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        `step 1 GET ${server.url}: timed out (no whole answer before the time of the check was up: connected, and not a byte came)`,
      ],
    });
  });

  it('starts an answer and never ends it', async () => {
    await using server = await serveHttp((_request, response) => response.write('x'));
    const { outcome } = await outOfTime(http, { steps: [{ url: server.url, timeout: '5m' }] }, said(server, 1));
    expect(outcome.reasons[0]).toContain('timed out');
  });

  it('sends an endless body, of which only the start is read', async () => {
    await using server = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(64 * 1024, 'x')));
      };
      socket.on('drain', more).on('error', () => undefined);
      more();
    });
    const { outcome, seen } = await run([{ url: server.url, expect: { contains: 'the end' } }]);
    expect(seen.steps[0]?.answer).toMatchObject({ truncated: true, bytes: 1_048_576 });
    expect(outcome.reasons[0]).toContain('the body does not contain "the end", of which 1048576 bytes were read');
  });

  it('resets the connection', async () => {
    await using server = await serveTcp((socket) => socket.on('data', () => socket.resetAndDestroy()));
    const { outcome } = await run([{ url: server.url }]);
    expect(outcome.reasons[0]).toContain('the connection was closed before the answer was complete');
  });

  it('promises more than it sends', async () => {
    await using server = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'));
    const { outcome } = await run([{ url: server.url }]);
    expect(outcome.reasons[0]).toContain('the connection was closed before the answer was complete');
  });

  it('redirects in a circle, which is not followed', async () => {
    let asked = 0;
    await using server = await serveHttp((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: '/' }).end();
    });
    const { outcome } = await run([{ url: server.url }]);
    expect(outcome.reasons).toEqual([`step 1 GET ${server.url}: status 302, expected 2xx`]);
    expect(asked).toBe(1);
  });

  it('talks something that is not HTTP', async () => {
    await using server = await serveTcp((socket) => socket.end('+OK Dovecot ready.\r\n'));
    const { outcome } = await run([{ url: server.url }]);
    expect(outcome.reasons[0]).toContain('the answer is not HTTP');
  });

  it('sends headers without end', async () => {
    await using server = await serveTcp((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`));
    const { outcome } = await run([{ url: server.url }]);
    expect(outcome.reasons[0]).toContain('the answer is not HTTP');
  });

  it('talks no TLS where TLS is expected', async () => {
    await using server = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const { outcome } = await run([{ url: server.url.replace('http:', 'https:') }]);
    expect(outcome).toMatchObject({ status: 'fail', reasons: [expect.stringContaining('no trusted TLS connection')] });
  });

  it('has a name that does not exist', async () => {
    const { outcome } = await run([{ url: 'http://no-such-host.invalid' }]);
    // A machine without a resolver cannot tell, and says so.
    expect(['fail', 'error']).toContain(outcome.status);
    expect(outcome.reasons[0]).toMatch(/does not exist|could not be asked from here/);
  });

  it('nests its JSON deeper than any stack', async () => {
    await using server = await serveHttp((_request, response) => response.end('['.repeat(400_000) + ']'.repeat(400_000)));
    const { outcome } = await run([{ url: server.url, expect: { json: { status: 'up' } } }]);
    expect(outcome.status).toBe('fail');
  });
});

describe('what says nothing about the target', () => {
  it('is an error, not a failure: a value that makes no URL', async () => {
    await using server = await healthServer({ host: 'http://[bad' });
    const { outcome } = await run([{ url: server.url, take: { host: 'host' } }, { url: '{{host}}/x' }]);
    expect(outcome.status).toBe('error');
  });

  it('is an error when the steps were not all made', () => {
    const options = http.options.parse({ steps: [{ url: 'http://x' }] });
    expect(http.judge(options, { steps: [] })).toEqual({ status: 'error', reasons: ['step 1 GET http://x was not made'] });
  });

  it('stops at once when the run is stopped', async () => {
    await using server = await serveSilence();
    const controller = new AbortController();
    const running = run([{ url: server.url, until: { within: '1m' } }], { timeoutMs: 60_000, signal: controller.signal });
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });
});

describe('options', () => {
  it.each([
    ['a placeholder that no earlier step takes', [{ url: 'http://x/{{id}}' }], 'no earlier step takes "id"'],
    ['both kinds of body', [{ url: 'http://x', json: {}, body: '' }], 'give "json" or "body"'],
    ['another scheme', [{ url: 'file:///etc/passwd' }], 'must match pattern'],
    ['an empty path', [{ url: 'http://x', take: { a: 'b..c' } }], 'must match pattern'],
    ['no step', [], 'Too small'],
  ])('refuse %s', (_name, steps, message) => {
    expect(http.options.safeParse({ steps }).error?.issues[0]?.message).toContain(message);
  });
});
