import type { TLSSocket, TlsOptions } from 'node:tls';
import { createServer } from 'node:https';
import { WebSocketServer } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import tcp from '../../src/probes/tcp.ts';
import tls from '../../src/probes/tls.ts';
import websocket from '../../src/probes/websocket.ts';
import type { TlsObservation } from '../../src/probes/tls/observation.ts';
import { createAuthority, type CertificateAuthority, type IssueOptions } from '../sandbox/certificates.ts';
import { listenOnLoopback } from '../sandbox/listen.ts';
import { startMail } from '../sandbox/mail.ts';
import { flood, freePort, serveSilence, serveTcp, serveTls, trickle, type Loopback } from './loopback.ts';
import { connected, outOfTime, said, told } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

let authority: CertificateAuthority;
beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(async () => authority.stop());

const run = async ({ port }: { readonly port: number }, more: object = {}) =>
  runProbe<TlsObservation>(tls, { host: 'localhost', port, ca: authority.caFile, ...more });

async function serve(issue: IssueOptions = {}, options: TlsOptions = {}, onSocket?: (socket: TLSSocket) => void): Promise<Loopback> {
  return serveTls({ ...(await authority.issue(issue)), ...options }, onSocket ?? ((socket) => socket.end('hello')));
}

describe('a handshake', () => {
  it('passes with a certificate that is trusted, bears the name and lives on', async () => {
    await using server = await serve({}, { ALPNProtocols: ['h2'] });
    const { outcome, seen, readings } = await run(server, {
      alpn: ['h2', 'http/1.1'],
      expect: { names: ['127.0.0.1'], issuer: 'a test authority' },
    });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen?.session?.chain.map(({ subject }) => subject)).toEqual(['CN=a test server', 'CN=a test authority']);
    expect(readings).toMatchObject({
      dns: expect.any(Number),
      connect: expect.any(Number),
      tls: expect.any(Number),
      total: expect.any(Number),
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      alpn: 'h2',
      trusted: true,
      subject: 'CN=a test server',
      issuer: 'CN=a test authority',
    });
    const days = Number(readings['certificate expires in']) / 86_400_000;
    expect(days).toBeGreaterThan(19);
    expect(days).toBeLessThanOrEqual(20);
  });

  it('takes an IP address for a name', async () => {
    await using server = await serve();
    expect((await run(server, { host: '127.0.0.1' })).outcome).toEqual({ status: 'pass', reasons: [] });
  });

  it('fails with a certificate of an authority that nobody here knows', async () => {
    await using server = await serve();
    const { outcome, readings } = await run(server, { ca: undefined });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['the certificate is not to be trusted: its chain ends with a root that is not trusted (SELF_SIGNED_CERT_IN_CHAIN)'],
    });
    expect(readings['trusted']).toBe(false);
    expect((await run(server, { ca: undefined, expect: { trusted: false } })).outcome.status).toBe('pass');
  });

  it('fails with a certificate that is signed by itself', async () => {
    await using server = await serve({ selfSigned: true });
    const { outcome } = await run(server);
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['the certificate is not to be trusted: it is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    });
  });

  it('fails with a certificate for another name', async () => {
    await using server = await serve({ names: ['DNS:other.test', 'DNS:*.more.test'] });
    const { outcome } = await run(server, { expect: { names: ['a.more.test', 'b.a.more.test'] } });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['localhost', 'b.a.more.test'].map((name) => `the certificate is not for ${name} but for other.test, *.more.test`),
    });
  });

  it('fails with a certificate that has expired', async () => {
    await using server = await serve({ days: -1 });
    const { outcome, seen } = await run(server);
    const validTo = seen?.session?.chain[0]?.validTo;
    expect(outcome).toEqual({ status: 'fail', reasons: [`the certificate of CN=a test server expired at ${String(validTo)}`] });
  });

  it('fails with one that expires soon, whichever of the chain it is', async () => {
    await using short = await createAuthority({ days: 5 });
    await using server = await serveTls(await short.issue({ days: 90 }), (socket) => socket.end());
    const { outcome, seen } = await run(server, { ca: short.caFile });
    const validTo = seen?.session?.chain[1]?.validTo;
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [`the certificate of CN=a test authority expires at ${String(validTo)}, in 4d; expected more than 14d`],
    });
    expect((await run(server, { ca: short.caFile, expect: { expiresAfter: '2d' } })).outcome.status).toBe('pass');
  });

  it('fails with another version, another cipher, another issuer and no protocol that was offered', async () => {
    await using server = await serve({}, { maxVersion: 'TLSv1.2' });
    const expected = { atLeast: 'TLSv1.3', cipher: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'], issuer: "Let's Encrypt" };
    const { outcome, seen } = await run(server, { alpn: ['h2'], expect: expected });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        'TLSv1.2, expected TLSv1.3 or newer',
        `cipher ${String(seen?.session?.cipher)}, expected TLS_AES_128_GCM_SHA256 or TLS_AES_256_GCM_SHA384`,
        'the server took none of the protocols that were offered: h2',
        'the certificate was issued by "CN=a test authority", expected "Let\'s Encrypt"',
      ],
    });
  });

  it('fails with a server that knows old versions only', async () => {
    await using server = await serve({}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const { outcome } = await run(server);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^no TLS connection \(.*alert protocol version/);
  });

  it('is an error when the file of trusted certificates cannot be read', async () => {
    await using server = await serve();
    const { outcome } = await run(server, { ca: '/nowhere/ca.pem' });
    expect(outcome).toEqual({ status: 'error', reasons: ['the certificates /nowhere/ca.pem cannot be read ("ca" names a PEM file)'] });
  });
});

describe('a check that names certificates to trust', () => {
  it('rests on what stands in the file', async () => {
    const options = tls.options.parse({ host: 'a.test', ca: authority.caFile });
    const [basis] = (await tls.restsOn?.(options)) ?? [];
    expect(basis).toEqual({ what: `the certificates ${authority.caFile}`, value: sha256(authority.ca) });
    expect(await tls.restsOn?.(tls.options.parse({ host: 'a.test' }))).toEqual([]);
  });
});

describe('STARTTLS', () => {
  it('of a real SMTP server comes before the handshake, timed apart', async () => {
    await using mail = await startMail({ tls: true });
    const { outcome, readings } = await run({ port: mail.smtpPort }, { starttls: 'smtp', expect: { trusted: false, expiresAfter: '1d' } });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ starttls: expect.any(Number), tls: expect.any(Number), subject: 'CN=localhost' });
  });

  it('of an SMTP server that has none fails', async () => {
    await using mail = await startMail();
    const { outcome } = await run({ port: mail.smtpPort }, { starttls: 'smtp' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^denied while asking for TLS \(50\d .*\)$/);
  });

  it.each([
    ['imap', '* OK ready\r\n', 'a OK go on\r\n', 'a NO never\r\n', 'a NO never'],
    ['postgres', '', 'S', 'N', 'N'],
  ] as const)('of %s', async (starttls, greeting, yes, no, says) => {
    const certificate = await authority.issue();
    const { TLSSocket, createSecureContext } = await import('node:tls');
    const serveAnswer = (answer: string): Promise<Loopback> =>
      serveTcp((socket) => {
        if (greeting !== '') socket.write(greeting);
        socket.once('data', () => {
          socket.write(answer);
          if (answer === yes)
            new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) }).on('error', () => undefined);
        });
      });
    await using willing = await serveAnswer(yes);
    expect((await run(willing, { starttls })).outcome).toEqual({ status: 'pass', reasons: [] });
    await using unwilling = await serveAnswer(no);
    expect((await run(unwilling, { starttls })).outcome).toEqual({ status: 'fail', reasons: [`denied while asking for TLS (${says})`] });
  });
});

describe('a hostile target', () => {
  it('refuses connections', async () => {
    const { outcome } = await run({ port: await freePort() });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^connection refused \(connect ECONNREFUSED /);
  });

  it.each([
    ['never answers', undefined, serveSilence, told, 'timed out during the TLS handshake (the time of the check was up)'],
    ['never answers before TLS', 'smtp', serveSilence, connected, 'timed out while asking for TLS (the time of the check was up)'],
    [
      'sends one byte after the other',
      'smtp',
      () => serveTcp((socket) => trickle(socket, '2')),
      (server: Loopback) => said(server, 3),
      'timed out while asking for TLS (the time of the check was up)',
    ],
  ] as const)('%s', async (_name, starttls, start, reached, reason) => {
    await using server = await start();
    expect((await outOfTime(tls, { host: 'localhost', port: server.port, starttls }, reached(server))).outcome).toEqual({
      status: 'fail',
      reasons: [reason],
    });
  });

  it.each([
    ['closes at once', undefined, () => serveTcp((socket) => socket.end()), /^the connection was closed during the TLS handshake \(/],
    [
      'closes before TLS',
      'imap',
      () => serveTcp((socket) => socket.end()),
      /^the connection was closed while asking for TLS \(in the middle/,
    ],
    [
      'resets the connection',
      undefined,
      () => serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
      /^the connection was closed during the TLS handshake \(/,
    ],
    [
      'sends garbage',
      undefined,
      () => serveTcp((socket) => socket.end('SSH-2.0-OpenSSH\r\n')),
      /^no TLS connection \(.*wrong version number/,
    ],
    ['sends without end', undefined, () => serveTcp((socket) => flood(socket)), /^no TLS connection \(.*wrong version number/],
    [
      'sends without end before TLS',
      'smtp',
      () => serveTcp((socket) => flood(socket)),
      /^too much was sent while asking for TLS \(more than 16384/,
    ],
  ] as const)('%s', async (_name, starttls, start, reason) => {
    await using server = await start();
    const { outcome } = await run(server, { starttls });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(reason);
  });
});

describe('a TCP check over TLS', () => {
  it('talks to a server that is to be trusted, and to no other', async () => {
    await using server = await serve();
    const options = { host: 'localhost', port: server.port, tls: true, talk: [{ contains: 'hello' }] };
    const trusted = await runProbe(tcp, { ...options, ca: authority.caFile });
    expect(trusted.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(trusted.readings).toMatchObject({ tls: expect.any(Number), protocol: 'TLSv1.3', trusted: true });
    expect((await runProbe(tcp, options)).outcome).toEqual({
      status: 'fail',
      reasons: [
        'no TLS connection (the certificate is not to be trusted: its chain ends with a root that is not trusted (SELF_SIGNED_CERT_IN_CHAIN))',
      ],
    });
  });
});

describe('a WebSocket over TLS', () => {
  it('is opened with a server that is to be trusted, and with no other', async () => {
    const https = createServer(await authority.issue());
    new WebSocketServer({ server: https }).on('connection', (socket) => socket.send('welcome'));
    await using server = await listenOnLoopback(https, 0);
    const options = { url: `wss://localhost:${String(server.port)}/`, talk: [{ contains: 'welcome' }] };
    const trusted = await runProbe(websocket, { ...options, ca: authority.caFile });
    expect(trusted.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(trusted.readings).toMatchObject({ tls: expect.any(Number), alpn: 'http/1.1', trusted: true });
    expect((await runProbe(websocket, options)).outcome).toMatchObject({
      status: 'fail',
      reasons: [expect.stringMatching(/^no TLS connection \(the certificate is not to be trusted: its chain ends/)],
    });
  });
});
