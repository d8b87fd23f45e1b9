import { Server, ServerCredentials, status as codes, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import grpc from '../../src/probes/grpc.ts';
import { healthService, type HealthRequest, type HealthResponse } from '../../src/probes/grpc/health.ts';
import type { GrpcObservation } from '../../src/probes/grpc/observation.ts';
import { createAuthority } from '../sandbox/certificates.ts';
import { flood, freePort, serveHttp, serveSilence, serveTcp, trickle, type Loopback } from './loopback.ts';
import { connected, outOfTime, said } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const run = async ({ port }: { readonly port: number }, more: object = {}) =>
  runProbe<GrpcObservation>(grpc, { host: 'localhost', port, ...more });

type Answer = (request: HealthRequest, metadata: Metadata) => HealthResponse | Partial<ServiceError> | undefined;

/** A real gRPC server whose health service answers as told; undefined is no answer at all. */
async function serve(
  answer: Answer | undefined,
  credentials = ServerCredentials.createInsecure(),
): Promise<{ port: number } & AsyncDisposable> {
  const server = new Server();
  if (answer !== undefined) {
    server.addService(
      { Check: healthService.Check },
      {
        Check: (
          call: { request: HealthRequest; metadata: Metadata },
          callback: (error: Partial<ServiceError> | null, answer?: HealthResponse) => void,
        ) => {
          const given = answer(call.request, call.metadata);
          if (given === undefined) return;
          if ('status' in given) callback(null, given);
          else callback(given);
        },
      },
    );
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('localhost:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  return { port: await promise, [Symbol.asyncDispose]: () => Promise.resolve(server.forceShutdown()) };
}

const known: Answer = ({ service }) => {
  if (service === '' || service === 'app.Orders') return { status: 'SERVING' };
  if (service === 'app.Slow') return { status: 'NOT_SERVING' };
  return { code: codes.NOT_FOUND, details: 'unknown service' };
};

describe('a real gRPC server', () => {
  it('passes when it, or one of its services, is serving', async () => {
    await using server = await serve(known);
    const { outcome, readings } = await run(server);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toEqual({
      dns: expect.any(Number),
      connect: expect.any(Number),
      answer: expect.any(Number),
      total: expect.any(Number),
      status: 'SERVING',
    });
    expect((await run(server, { service: 'app.Orders' })).outcome).toEqual({ status: 'pass', reasons: [] });
  });

  it('fails when it is not', async () => {
    await using server = await serve(known);
    expect((await run(server, { service: 'app.Slow' })).outcome).toEqual({
      status: 'fail',
      reasons: ['the service app.Slow is NOT_SERVING, expected SERVING'],
    });
    expect((await run(server, { service: 'app.Gone' })).outcome).toEqual({
      status: 'fail',
      reasons: ['the service app.Gone is SERVICE_UNKNOWN, expected SERVING'],
    });
    expect((await run(server, { expect: { status: 'NOT_SERVING' } })).outcome).toEqual({
      status: 'fail',
      reasons: ['the server is SERVING, expected NOT_SERVING'],
    });
    expect((await run(server, { service: 'app.Gone', expect: { status: 'SERVICE_UNKNOWN' } })).outcome.status).toBe('pass');
  });

  it('sends metadata, and fails when it is denied', async () => {
    const guarded: Answer = (_request, metadata) =>
      metadata.get('authorization')[0] === 'Bearer good' ? { status: 'SERVING' } : { code: codes.UNAUTHENTICATED, details: 'who are you?' };
    await using server = await serve(guarded);
    expect((await run(server, { headers: { authorization: 'Bearer good' } })).outcome).toEqual({ status: 'pass', reasons: [] });
    expect((await run(server)).outcome).toEqual({
      status: 'fail',
      reasons: ['denied while waiting for an answer (UNAUTHENTICATED: who are you?)'],
    });
  });

  const answers: [string, Answer | undefined, string][] = [
    [
      'has no health service',
      undefined,
      'the answer makes no sense while waiting for an answer (the server has no health service, UNIMPLEMENTED: The server does not implement the method /grpc.health.v1.Health/Check)',
    ],
    ['fails', () => ({ code: codes.INTERNAL, details: 'broken' }), 'the server failed while waiting for an answer (INTERNAL: broken)'],
    [
      'says what the protocol does not know',
      () => ({ status: 77 }),
      'the answer makes no sense while waiting for an answer (the status 77 is unknown to the health protocol)',
    ],
  ];
  it.each(answers)('fails when it %s', async (_name, answer, reason) => {
    await using server = await serve(answer);
    expect((await run(server)).outcome).toEqual({ status: 'fail', reasons: [reason] });
  });

  it('over TLS is trusted by its certificate', async () => {
    await using authority = await createAuthority();
    const { cert, key } = await authority.issue();
    const credentials = ServerCredentials.createSsl(null, [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }]);
    await using server = await serve(known, credentials);
    const options = { tls: true, ca: authority.caFile };
    expect((await run(server, options)).outcome).toEqual({ status: 'pass', reasons: [] });
    const refused = await Promise.all([run(server, { tls: true }), run(server, { ...options, serverName: 'other.test' }), run(server)]);
    expect(refused.map(({ outcome }) => outcome.status)).toEqual(['fail', 'fail', 'fail']);
    expect(refused[0]?.outcome.reasons[0]).toMatch(/^no TLS connection \(UNAVAILABLE: .*self-signed certificate in certificate chain/);
    expect(refused[1]?.outcome.reasons[0]).toMatch(/^no TLS connection \(UNAVAILABLE: .*other\.test/);
  });

  it('is an error when nothing was asked', () => {
    const seen = { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1 };
    expect(grpc.judge(grpc.options.parse({ host: 'a', port: 1 }), seen)).toEqual({ status: 'error', reasons: ['nothing was asked'] });
  });
});

describe('a hostile target', () => {
  it('never answers a question', async () => {
    const asked = Promise.withResolvers<undefined>();
    await using server = await serve(() => {
      asked.resolve(undefined);
      return undefined;
    });
    expect((await outOfTime(grpc, { host: 'localhost', port: server.port }, asked.promise)).outcome).toEqual({
      status: 'fail',
      reasons: ['timed out while waiting for an answer (the time of the check was up)'],
    });
  });

  it.each([
    ['never answers', serveSilence, connected],
    [
      'sends one byte after the other',
      () => serveTcp((socket) => trickle(socket, '\0\0\0\x04\0\0\0\0\0')),
      (server: Loopback) => said(server, 3),
    ],
  ] as const)('%s', async (_name, start, reached) => {
    await using server = await start();
    const { outcome } = await outOfTime(grpc, { host: '127.0.0.1', port: server.port }, reached(server));
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^timed out while (connecting|waiting for an answer) \(the time of the check was up\)$/);
  });

  it('has a name that does not exist', async () => {
    const { outcome } = await run({ port: 1 }, { host: 'no-such-host.invalid' });
    // A machine without a resolver cannot tell, and says so.
    expect([
      { status: 'fail', reasons: ['the host name does not exist (getaddrinfo ENOTFOUND no-such-host.invalid)'] },
      { status: 'error', reasons: ['could not be asked from here (getaddrinfo EAI_AGAIN no-such-host.invalid)'] },
    ]).toContainEqual(outcome);
  });

  it('refuses connections', async () => {
    const { outcome } = await run({ port: await freePort() }, { host: '127.0.0.1' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^connection refused \(UNAVAILABLE: connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/);
  });

  it.each([
    [
      'closes at once',
      () => serveTcp((socket) => socket.end()),
      'the connection was closed while connecting (UNAVAILABLE: Failed to connect)',
    ],
    [
      'resets the connection',
      () => serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
      'the connection was closed while connecting (UNAVAILABLE: read ECONNRESET)',
    ],
    [
      'sends garbage',
      () => serveTcp((socket) => socket.end('SSH-2.0-OpenSSH\r\n')),
      'the answer makes no sense while connecting (UNAVAILABLE: Protocol error)',
    ],
    [
      'sends without end',
      () => serveTcp((socket) => flood(socket)),
      'the answer makes no sense while connecting (UNAVAILABLE: Protocol error)',
    ],
    [
      'talks HTTP/1.1',
      () => serveHttp((_request, response) => response.end('hello')),
      'the answer makes no sense while connecting (UNAVAILABLE: Protocol error)',
    ],
  ] as const)('%s', async (_name, start, reason) => {
    await using server = await start();
    const { outcome, seen } = await run(server, { host: '127.0.0.1' });
    expect(outcome).toEqual({ status: 'fail', reasons: [reason] });
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
  });
});
