import { createSecureServer } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempFolder, type TempFolder } from '../../sandbox/temp-folder.ts';
import { onlyStep, runHttp } from '../run-http.ts';
import { createAuthority, type Authority, type Pair } from './certificates.ts';

let folder: TempFolder;
let authority: Authority;
let good: Pair;

beforeAll(async () => {
  folder = await createTempFolder('http-tls');
  authority = await createAuthority(folder.path);
  good = await authority.sign('good', 'IP:127.0.0.1,DNS:app.test', 20);
});
afterAll(() => folder[Symbol.asyncDispose]());

interface Secure extends AsyncDisposable {
  readonly url: string;
  readonly connections: () => number;
}

async function serveTls(options: ServerOptions, http2 = false): Promise<Secure> {
  const answer = (request: { readonly socket: unknown }, response: { end(text: string): unknown }): void => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {};
    response.end(JSON.stringify({ you: CN ?? 'nobody' }));
  };
  const server = http2 ? createSecureServer({ ...options, allowHTTP1: true }, answer) : createServer(options, answer);
  let connections = 0;
  const sockets = new Set<TLSSocket>();
  server.on('secureConnection', (socket: TLSSocket) => {
    connections += 1;
    sockets.add(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const dayMs = 86_400_000;

describe('a TLS connection', () => {
  it('is trusted by an authority of its own, and tells how long its certificates last', async () => {
    await using server = await serveTls(good);
    const run = await runHttp({ steps: [{ url: server.url }], tls: { ca: authority.caFile } });
    expect(run.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(onlyStep(run).answer?.certificate).toMatchObject({ subject: 'CN=good', issuer: 'CN=test authority' });
    const { value, unit } = run.readings.get('certificate') ?? {};
    expect(unit).toBe('ms');
    expect(Number(value)).toBeGreaterThan(19 * dayMs);
    expect(Number(value)).toBeLessThanOrEqual(20 * dayMs);
    expect(Number(run.readings.get('tls')?.value)).toBeGreaterThan(0);
  });

  const untrusted: [string, () => Promise<ServerOptions>, boolean, string][] = [
    ['nobody that we know has signed', () => Promise.resolve(good), false, 'unable to verify the first certificate'],
    ['has ended', () => authority.sign('ended', 'IP:127.0.0.1', -1), true, 'certificate has expired'],
    ['is for another name', () => authority.sign('other', 'DNS:other.test', 5), true, "IP: 127.0.0.1 is not in the cert's list: "],
    [
      'it has signed itself',
      async () => ({ cert: await Promise.resolve(authority.ca), key: await keyOfAuthority() }),
      false,
      'self-signed certificate',
    ],
  ];
  it.each(untrusted)('is refused when its certificate %s', async (_name, pair, known, says) => {
    await using server = await serveTls(await pair());
    const { outcome } = await runHttp({ steps: [{ url: server.url }], ...(known ? { tls: { ca: authority.caFile } } : {}) });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([expect.stringContaining(`step 1 GET ${server.url}: no trusted TLS connection (`)]);
    expect(outcome.reasons[0]).toContain(says);
  });

  it('may be for a name that the URL does not have', async () => {
    await using server = await serveTls(await authority.sign('named', 'DNS:app.test', 5));
    const named = (serverName: string) => runHttp({ steps: [{ url: server.url }], tls: { ca: authority.caFile, serverName } });
    expect((await named('app.test')).outcome.status).toBe('pass');
    expect((await named('other.test')).outcome.status).toBe('fail');
  });

  it('shows a certificate of ours', async () => {
    const ours = await authority.sign('probe', 'DNS:probe.test', 5);
    await using server = await serveTls({ ...good, ca: authority.ca, requestCert: true, rejectUnauthorized: true });
    const steps = [{ url: server.url, expect: { json: { you: 'probe' } } }];
    const known = { ca: authority.caFile };
    const shown = await runHttp({ steps, tls: { ...known, certificate: ours.certificateFile, key: ours.keyFile } });
    expect(shown.outcome).toEqual({ status: 'pass', reasons: [] });
    const { outcome } = await runHttp({ steps, tls: known });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/no trusted TLS connection|was closed before the answer was complete/);
  });

  it('is an error, and no failure of the target, when a file of ours is missing or is no certificate', async () => {
    const garbage = path.join(folder.path, 'garbage.pem');
    await writeFile(garbage, 'no certificate');
    const missing = path.join(folder.path, 'missing.pem');
    const run = (ca: string) => runHttp({ steps: [{ url: 'https://127.0.0.1:1' }], tls: { certificate: ca, key: ca } });
    expect((await run(missing)).outcome).toMatchObject({
      status: 'error',
      reasons: [expect.stringContaining(`${missing} cannot be read`)],
    });
    expect((await run(garbage)).outcome).toMatchObject({ status: 'error', reasons: [expect.stringContaining('cannot be used for TLS')] });
  });
});

describe('HTTP/2', () => {
  it.each([
    [true, true, 2],
    [true, false, 1.1],
    [false, true, 1.1],
  ])('offered: %s, spoken by the target: %s', async (offered, spoken, version) => {
    await using server = await serveTls(good, spoken);
    const run = await runHttp({
      steps: [{ url: server.url, expect: { json: { you: 'nobody' } } }],
      tls: { ca: authority.caFile },
      http2: offered,
    });
    expect(run.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(run.readings.get('http version')).toEqual({ value: version });
    const { timing } = onlyStep(run).answer ?? {};
    expect(Math.min(timing?.connectMs ?? 0, timing?.tlsMs ?? 0, timing?.waitMs ?? 0)).toBeGreaterThan(0);
  });

  it('keeps one connection where that is asked for', async () => {
    await using server = await serveTls(good, true);
    const steps = [{ url: server.url }, { url: server.url }];
    await runHttp({ steps, tls: { ca: authority.caFile }, http2: true, connection: 'kept' });
    expect(server.connections()).toBe(1);
    await runHttp({ steps, tls: { ca: authority.caFile }, http2: true });
    expect(server.connections()).toBe(3);
  });

  it('that is reset, or never answers, fails with the reason', async () => {
    await using server = await serveHttp2((stream) => stream.close(2));
    const reset = await runHttp({ steps: [{ url: server.url }], tls: { ca: authority.caFile }, http2: true });
    const closed = 'the connection was closed before the answer was complete (Stream closed with error code NGHTTP2_INTERNAL_ERROR)';
    expect(reset.outcome).toEqual({ status: 'fail', reasons: [`step 1 GET ${server.url}: ${closed}`] });
    await using silent = await serveHttp2(() => undefined);
    const { outcome } = await runHttp(
      { steps: [{ url: silent.url, timeout: '5s' }], tls: { ca: authority.caFile }, http2: true },
      { timeoutMs: 60_000 },
    );
    expect(outcome.reasons).toEqual([`step 1 GET ${silent.url}: timed out (no whole answer within 5s: connected, and not a byte came)`]);
  });
});

it('says so when the target agrees on HTTP/2 and talks something else', async () => {
  const server = createTlsServer({ ...good, ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('error', () => undefined).end('+OK ready\r\n'.repeat(9));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const { outcome } = await runHttp({ steps: [{ url }], tls: { ca: authority.caFile }, http2: true });
  server.close();
  expect(outcome).toEqual({ status: 'fail', reasons: [`step 1 GET ${url}: the answer is not HTTP (Protocol error)`] });
});

async function serveHttp2(onStream: (stream: { close(code: number): void }) => void): Promise<Secure> {
  const server = createSecureServer(good);
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => void sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    onStream(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    connections: () => sessions.size,
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function keyOfAuthority(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path.join(folder.path, 'ca.key'), 'utf8');
}
