import { describe, expect, it } from 'vitest';
import { serveHttp, type Loopback } from '../loopback.ts';
import { onlyStep, runHttp } from '../run-http.ts';

/** Sends each path to where the table says, and is well elsewhere. */
function serveRedirects(table: Readonly<Record<string, readonly [number, string]>>, seen: unknown[] = []): Promise<Loopback> {
  return serveHttp((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization]);
    const [status, location] = table[request.url ?? ''] ?? [];
    if (status === undefined) response.end('{"status":"up"}');
    else response.writeHead(status, { location }).end();
  });
}

describe('redirects', () => {
  it('are followed as far as was asked for, and each is recorded without its query', async () => {
    await using server = await serveRedirects({ '/a': [302, '/b?code=secret'], '/b?code=secret': [307, '/c'] });
    const run = await runHttp({ steps: [{ url: `${server.url}/a`, redirects: 2, expect: { json: { status: 'up' } } }] });
    expect(run.outcome.status).toBe('pass');
    expect(onlyStep(run).answer?.redirects).toEqual([
      { status: 302, to: `${server.url}/b` },
      { status: 307, to: `${server.url}/c` },
    ]);
    expect(run.readings.get('redirects')).toEqual({ value: 2 });
  });

  it('are the answer when none are asked for', async () => {
    await using server = await serveRedirects({ '/a': [302, '/b'] });
    const run = await runHttp({ steps: [{ url: `${server.url}/a`, expect: { status: 302 } }] }, { wanted: ['header location'] });
    expect(run.outcome.status).toBe('pass');
    expect(run.readings.get('header location')).toEqual({ value: '/b' });
  });

  it('in a circle end where it closes', async () => {
    const seen: unknown[] = [];
    await using server = await serveRedirects({ '/a': [302, '/b'], '/b': [302, '/a'] }, seen);
    const { outcome } = await runHttp({ steps: [{ url: `${server.url}/a`, redirects: 20 }] });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [`step 1 GET ${server.url}/a: the target leads nowhere (redirects in a circle, back to ${server.url}/a)`],
    });
    expect(seen).toHaveLength(2);
  });

  it('that always lead on end at the bound', async () => {
    let count = 0;
    await using server = await serveHttp((_request, response) => response.writeHead(302, { location: `/${String((count += 1))}` }).end());
    const { outcome } = await runHttp({ steps: [{ url: server.url, redirects: 3 }] });
    expect(outcome.reasons).toEqual([`step 1 GET ${server.url}: the target leads nowhere (more than 3 redirects)`]);
    expect(count).toBe(4);
  });

  it('to no web address are a failure', async () => {
    await using server = await serveRedirects({ '/': [302, 'file:///etc/passwd'] });
    const { outcome } = await runHttp({ steps: [{ url: server.url, redirects: 1 }] });
    expect(outcome.reasons[0]).toContain('status 302 leads to no http or https address');
  });

  it('make a GET of a POST when they say "see other", and leave the method where they must', async () => {
    const seen: unknown[] = [];
    await using server = await serveRedirects({ '/a': [303, '/b'], '/c': [308, '/d'] }, seen);
    const post = { method: 'POST', json: {}, redirects: 1 };
    await runHttp({
      steps: [
        { ...post, url: `${server.url}/a` },
        { ...post, url: `${server.url}/c` },
      ],
    });
    expect(seen.map((each) => (each as string[]).slice(0, 2).join(' '))).toEqual(['POST /a', 'GET /b', 'POST /c', 'POST /d']);
  });

  it('take no credentials to another origin', async () => {
    const there: unknown[] = [];
    await using other = await serveRedirects({}, there);
    await using server = await serveRedirects({ '/': [302, `${other.url}/x`] });
    const { outcome } = await runHttp({ steps: [{ url: `${server.url}/`, redirects: 1, auth: { token: 'a-secret-token' } }] });
    expect(outcome.status).toBe('pass');
    expect(there).toEqual([['GET', '/x', undefined]]);
  });
});

describe('who asks', () => {
  it.each([
    ['a user', { user: 'ada', password: 'pässword' }, `Basic ${Buffer.from('ada:pässword').toString('base64')}`],
    ['a token', { token: 'a-secret-token' }, 'Bearer a-secret-token'],
  ])('is told in the header: %s', async (_name, auth, header) => {
    const seen: unknown[] = [];
    await using server = await serveRedirects({}, seen);
    const run = await runHttp({ steps: [{ url: `${server.url}/`, auth }] });
    expect(seen).toEqual([['GET', '/', header]]);
    expect(JSON.stringify(run.seen)).not.toContain('secret-token');
  });

  it('may stand in the URL, and may have been taken from an earlier answer', async () => {
    const seen: unknown[] = [];
    await using server = await serveHttp((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"token":"taken-token"}');
    });
    const url = server.url.replace('//', '//ada:pass%40word@');
    await runHttp({
      steps: [
        { url, take: { token: 'token' } },
        { url: server.url, auth: { token: '{{token}}' } },
      ],
    });
    expect(seen).toEqual([`Basic ${Buffer.from('ada:pass@word').toString('base64')}`, 'Bearer taken-token']);
  });
});
