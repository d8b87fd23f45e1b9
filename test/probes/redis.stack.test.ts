import { describe, expect, it } from 'vitest';
import redis from '../../src/probes/redis.ts';
import type { RedisObservation } from '../../src/probes/redis/observation.ts';
import { createAuthority } from '../sandbox/certificates.ts';
import { startRedis } from '../sandbox/redis.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { flood, freePort, serveSilence, serveTcp, trickle } from './loopback.ts';
import { outOfTime, told, toldAndSaid } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const run = async ({ port }: { readonly port: number }, more: object = {}, context: { wanted?: readonly string[] } = {}) =>
  runProbe<RedisObservation>(redis, { host: '127.0.0.1', port, ...more }, context);

describe('a real Redis', () => {
  it('passes when it answers, gives back what was written, and keeps nothing of it', async () => {
    await using server = await startRedis();
    const { outcome, seen, readings } = await run(server, { roundTrip: true, database: 3 });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen).toMatchObject({ pong: 'PONG', readBack: 'same' });
    expect(Object.keys(readings)).toEqual(['connect', 'answer', 'round-trip', 'total']);
    const keys = await ask(server.port, 'SELECT 3\r\nDBSIZE\r\n');
    expect(keys).toBe('+OK\r\n:0\r\n');
  });

  it('with a password lets nobody in without it', async () => {
    await using server = await startRedis({ flags: ['--requirepass', 'sandbox-redis-password'] });
    const { outcome, readings } = await run(server, { password: 'sandbox-redis-password' });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toHaveProperty('sign-in');
    expect((await run(server)).outcome).toEqual({
      status: 'fail',
      reasons: ['denied while waiting for an answer (NOAUTH Authentication required.)'],
    });
    expect((await run(server, { username: 'me', password: 'wrong' })).outcome).toEqual({
      status: 'fail',
      reasons: ['denied while signing in (WRONGPASS invalid username-password pair or user is disabled.)'],
    });
  });

  it('over TLS is trusted by its certificate', async () => {
    await using authority = await createAuthority();
    await using server = await startRedis({ tls: { ...(await authority.issue()), caFile: authority.caFile } });
    const { outcome, readings } = await run(server, { tls: true, ca: authority.caFile });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ tls: expect.any(Number), trusted: true, 'certificate expires in': expect.any(Number) });
    expect((await run(server, { tls: true })).outcome).toEqual({
      status: 'fail',
      reasons: [
        'no TLS connection (the certificate is not to be trusted: its chain ends with a root that is not trusted (SELF_SIGNED_CERT_IN_CHAIN))',
      ],
    });
    expect((await run(server)).outcome.status).toBe('fail');
  });

  it('is judged by its part in a replication', async () => {
    await using master = await startRedis();
    await using replica = await startRedis({ flags: ['--replicaof', `127.0.0.1 ${String(master.port)}`] });
    await waitUntil('the replica is in step', async () => (await ask(master.port, 'INFO replication\r\n')).includes('state=online'));
    const expected = { role: 'master', replicas: 1, replicaLag: '1m' };
    const { outcome, readings } = await run(master, { expect: expected });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ role: 'master', replicas: 1, 'replica lag': expect.any(Number) });
    await waitUntil('the link is up', async () => (await ask(replica.port, 'INFO replication\r\n')).includes('master_link_status:up'));
    expect((await run(replica, { expect: { role: 'replica' } })).outcome.status).toBe('pass');
    expect((await run(replica, {}, { wanted: ['link to master'] })).readings).toMatchObject({ role: 'replica', 'link to master': 'up' });
    expect((await run(replica, { roundTrip: true })).outcome).toEqual({
      status: 'fail',
      reasons: ["the server failed on a round trip (READONLY You can't write against a read only replica.)"],
    });
    expect((await run(replica, { expect: expected })).outcome).toEqual({
      status: 'fail',
      reasons: ['it is a replica, expected a master', '0 replicas are connected, expected at least 1'],
    });
    await master.stop();
    await waitUntil('the link is down', async () => (await ask(replica.port, 'INFO replication\r\n')).includes('master_link_status:down'));
    expect((await run(replica, { expect: { role: 'replica' } })).outcome).toEqual({
      status: 'fail',
      reasons: ['its link to its master is down'],
    });
  });
});

describe('the judge', () => {
  const seen = { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1 };
  const judge = (more: object, observation: object) =>
    redis.judge(redis.options.parse({ host: 'a', ...more }), { ...seen, ...observation });

  it('fails with what did not come back', () => {
    expect(judge({ roundTrip: true }, { pong: 'PONG', readBack: 'other' }).reasons).toEqual([
      'the value that was written came back as another one',
    ]);
    expect(judge({ roundTrip: true }, { pong: 'PONG', readBack: 'nothing' }).reasons).toEqual([
      'the value that was written did not come back',
    ]);
  });

  it('fails with a replica that lags', () => {
    const observation = { pong: 'PONG', replication: { role: 'master', replicas: 1, replicaLagSeconds: 90 } };
    expect(judge({ expect: { replicaLag: '1m' } }, observation)).toEqual({
      status: 'fail',
      reasons: ['a replica last reported 1m30s ago, expected at most 1m'],
    });
  });

  it('is an error when nothing was asked', () => {
    expect(judge({}, {})).toEqual({ status: 'error', reasons: ['PING was not sent'] });
  });
});

describe('a hostile target', () => {
  it('refuses connections', async () => {
    const port = await freePort();
    expect((await run({ port })).outcome.reasons).toEqual([`connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`]);
  });

  it.each([
    ['never answers', serveSilence, told],
    ['sends one byte after the other', () => serveTcp((socket) => trickle(socket, '$100\r\nxxxxxxxxxxxxx')), toldAndSaid],
  ] as const)('%s', async (_name, start, reached) => {
    await using server = await start();
    expect((await outOfTime(redis, { host: '127.0.0.1', port: server.port }, reached(server))).outcome).toEqual({
      status: 'fail',
      reasons: ['timed out while waiting for an answer (the time of the check was up)'],
    });
  });

  it.each([
    ['closes at once', () => serveTcp((socket) => socket.end()), /^the connection was closed while waiting for an answer \(/],
    [
      'resets the connection',
      () => serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
      /^the connection was closed while waiting for an answer \(/,
    ],
    [
      'sends garbage',
      () => serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n')),
      /^the answer makes no sense while waiting for an answer \(no Redis: "HTTP\/1\.1 400 Bad Request"\)$/,
    ],
    [
      'sends a length that is none',
      () => serveTcp((socket) => socket.end('$many\r\n')),
      /^the answer makes no sense while waiting for an answer \(no length: "many"\)$/,
    ],
    ['answers something else', () => serveTcp((socket) => socket.end('+HELLO\r\n')), /^the answer to PING is "HELLO", expected "PONG"$/],
    ['answers nothing', () => serveTcp((socket) => socket.end('$-1\r\n')), /^the answer to PING is "", expected "PONG"$/],
    [
      'promises very much',
      () => serveTcp((socket) => socket.write('$999999999999\r\n')),
      /^too much was sent while waiting for an answer \(an answer of 999999999999 bytes\)$/,
    ],
    [
      'sends without end',
      () => serveTcp((socket) => flood(socket, `+${'x'.repeat(64 * 1024)}`)),
      /^too much was sent while waiting for an answer \(more than 262144 bytes\)$/,
    ],
  ] as const)('%s', async (_name, start, reason) => {
    await using server = await start();
    const { outcome } = await run(server);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(reason);
  });
});

/** What the server says to inline commands. */
async function ask(port: number, commands: string): Promise<string> {
  const { connect } = await import('node:net');
  const { text } = await import('node:stream/consumers');
  const socket = connect(port, '127.0.0.1');
  socket.write(`${commands}QUIT\r\n`);
  return (await text(socket)).replace(/\+OK\r\n$/, '');
}
