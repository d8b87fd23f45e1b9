import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { askHttp } from '../../src/check/ask-http.ts';
import { describeNetworkTrouble } from '../../src/check/network-trouble.ts';
import { freePort, serveHttp, serveSilence, serveTcp } from '../probes/loopback.ts';
import { createCertificate } from '../sandbox/mail/certificate.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const mostBytes = 100_000;

async function ask(url: string, { withinMs = 10_000, signal = new AbortController().signal } = {}) {
  const dispatcher = new Agent({ connections: 1 });
  try {
    return await askHttp({ method: 'GET', url, headers: { 'x-a': 'b' } }, { dispatcher, clock: systemClock, signal, withinMs, mostBytes });
  } finally {
    await dispatcher.destroy();
  }
}

async function troubleAt(url: string, withinMs?: number): Promise<string> {
  const said = await ask(url, withinMs === undefined ? {} : { withinMs });
  return 'trouble' in said ? describeNetworkTrouble(said.trouble) : `status ${String(said.status)}`;
}

describe('an HTTP question', () => {
  it('is answered with status, headers and text', async () => {
    await using server = await serveHttp((request, response) =>
      response.writeHead(418, { 'x-c': 'd' }).end(`got ${String(request.headers['x-a'])}`),
    );
    expect(await ask(server.url)).toMatchObject({
      status: 418,
      text: 'got b',
      truncated: false,
      headers: { 'x-c': 'd' },
      durationMs: expect.any(Number),
    });
  });

  it('follows no redirect, so that none can lead in a circle', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(302, { location: '/' }).end());
    expect(await ask(server.url)).toMatchObject({ status: 302 });
  });

  it('reads a large answer no further than its bound, and unpacks none', async () => {
    await using large = await serveHttp((_request, response) => response.end('x'.repeat(1_000_000)));
    expect(await ask(large.url)).toMatchObject({ truncated: true, text: 'x'.repeat(mostBytes) });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await using packed = await serveHttp((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'x-asked': String(request.headers['accept-encoding']) }).end(bomb);
    });
    const said = await ask(packed.url);
    expect(said).toMatchObject({ truncated: false, headers: { 'x-asked': 'identity' } });
    expect('text' in said && said.text.length).toBeLessThanOrEqual(bomb.length);
  });
});

describe('trouble of the network is told apart', () => {
  it('when nobody listens, hangs up, or speaks something else', async () => {
    const port = await freePort();
    expect(await troubleAt(`http://127.0.0.1:${String(port)}`)).toBe(`connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`);
    await using rude = await serveTcp((socket) => socket.destroy());
    expect(await troubleAt(rude.url)).toMatch(/^the connection was closed before the answer was complete \(/);
    await using reset = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await troubleAt(reset.url)).toMatch(/^the connection was closed before the answer was complete \(/);
    await using half = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setImmediate(() => response.destroy());
    });
    expect(await troubleAt(half.url)).toMatch(/^the connection was closed before the answer was complete \(/);
    await using smtp = await serveTcp((socket) => socket.end('220 mail ESMTP\r\n'));
    expect(await troubleAt(smtp.url)).toMatch(/^the answer is not HTTP \(/);
    expect(await troubleAt('http://')).toMatch(/^could not be asked from here \(/);
  });

  it('when no answer comes, or one that does not end', async () => {
    await using silent = await serveSilence();
    expect(await troubleAt(silent.url, 200)).toBe('timed out (no whole answer within 200ms)');
    await using dripping = await serveHttp((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await troubleAt(dripping.url, 200)).toBe('timed out (no whole answer within 200ms)');
  });

  it('when the certificate is not to be trusted', async () => {
    await using folder = await createTempFolder('ask');
    const { key, certificate } = await createCertificate(folder.path);
    const server = createServer({ key, cert: certificate }, (_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await troubleAt(`https://127.0.0.1:${String(port)}`)).toMatch(/^no trusted TLS connection \(self-signed certificate/);
    server.closeAllConnections();
    server.close();
  });
});

it('a question is dropped when somebody stops the run, and told as slow when its time is up', async () => {
  await using silent = await serveSilence();
  await expect(ask(silent.url, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  expect(await ask(silent.url, { signal: AbortSignal.timeout(100) })).toEqual({
    trouble: { kind: 'timed-out', says: 'no whole answer before the time of the check was up' },
  });
});
