import { describe, expect, it } from 'vitest';
import tcp from '../../src/probes/tcp.ts';
import type { TcpObservation } from '../../src/probes/tcp/observation.ts';
import { flood, freePort, serveSilence, serveTcp, trickle, type Loopback } from './loopback.ts';
import { connected, outOfTime, said } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const run = async ({ port }: { readonly port: number }, more: object = {}) =>
  runProbe<TcpObservation>(tcp, { host: '127.0.0.1', port, ...more });

/** Greets, and answers each line. */
const talking = (answer: (line: string) => string): Promise<Loopback> =>
  serveTcp((socket) => {
    socket.write('220 ready\r\n');
    socket.on('data', (line) => socket.write(answer(line.toString())));
  });

describe('a connection', () => {
  it('passes when it is taken, and is timed', async () => {
    await using server = await serveSilence();
    const { outcome, seen, readings } = await run(server);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen).toMatchObject({ address: '127.0.0.1', turns: [] });
    expect(Object.keys(readings)).toEqual(['connect', 'total', 'address']);
  });

  it('by a name is timed apart from the lookup of the name', async () => {
    await using server = await serveSilence();
    const { outcome, readings } = await run(server, { host: 'localhost' });
    expect(outcome.status).toBe('pass');
    expect(Object.keys(readings)).toEqual(['dns', 'connect', 'total', 'address']);
  });

  it('fails when it is refused', async () => {
    const port = await freePort();
    const { outcome, readings } = await run({ port });
    expect(outcome).toEqual({ status: 'fail', reasons: [`connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`] });
    expect(readings).toEqual({});
  });

  it('fails when there is no such name', async () => {
    const { outcome } = await run({ port: 1 }, { host: 'no-such-host.invalid' });
    // A machine without a resolver cannot tell, and says so.
    expect([
      { status: 'fail', reasons: ['the host name does not exist (getaddrinfo ENOTFOUND no-such-host.invalid)'] },
      { status: 'error', reasons: ['could not be asked from here (getaddrinfo EAI_AGAIN no-such-host.invalid)'] },
    ]).toContainEqual(outcome);
  });

  it('is an error when the way to it ends on this machine', async () => {
    const { outcome } = await run({ port: 9 }, { host: '255.255.255.255' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^could not be asked from here \(connect E(NETUNREACH|ACCES) 255\.255\.255\.255:9/);
  });
});

describe('a talk', () => {
  const talk = [{ contains: '220 ' }, { send: 'EHLO\r\n', matches: '^250 \\w+' }, { send: 'QUIT\r\n' }];

  it('passes when every answer is as expected, and each turn can be read', async () => {
    await using server = await talking(() => '250-more\r\n250 done\r\n');
    const { outcome, readings } = await run(server, { talk });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({ 'answer 1': '220', 'answer 2': 'ready 250-more 250 done', 'turn 2': expect.any(Number) });
  });

  it('fails with what came instead, after its own time', async () => {
    await using server = await talking(() => '500 what?\r\n');
    const { outcome, seen } = await run(server, {
      talk: [{ matches: '^220 .*\r\n' }, { send: 'EHLO\r\n', matches: '^250', within: '3s' }],
    });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['turn 2: nothing that matches /^250/ came within 3s; 11 characters came: "500 what?"'],
    });
    expect(seen?.turns.map(({ end }) => end)).toEqual(['matched', 'timed-out']);
  });

  it('fails when nothing comes', async () => {
    await using server = await serveSilence();
    const { outcome } = await outOfTime(tcp, { host: '127.0.0.1', port: server.port, talk }, connected(server));
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: nothing that contains "220 " came before the time of the check was up; nothing came'],
    });
  });

  it('is an error when turns were left out', () => {
    const options = tcp.options.parse({ host: 'a', port: 1, talk });
    const seen = { at: '2026-01-01T00:00:00Z', phasesMs: {}, totalMs: 1, turns: [] };
    expect(tcp.judge(options, seen)).toEqual({ status: 'error', reasons: ['turn 1 was not taken'] });
  });
});

describe('a hostile target', () => {
  const talk = [{ contains: 'the end' }];

  it('closes at once', async () => {
    await using server = await serveTcp((socket) => socket.end());
    const { outcome } = await run(server, { talk });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['turn 1: the connection was closed and nothing that contains "the end" came; nothing came'],
    });
  });

  it('resets the connection', async () => {
    await using server = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { outcome } = await run(server, { talk: [{ send: 'x', contains: 'the end' }] });
    expect(outcome.reasons).toEqual(['turn 1: the connection was closed and nothing that contains "the end" came; nothing came']);
  });

  it('sends without end, of which only the start is kept', async () => {
    await using server = await serveTcp((socket) => flood(socket));
    const { outcome, seen } = await run(server, { talk });
    expect(outcome.reasons).toEqual([
      `turn 1: too much was sent and nothing that contains "the end" came; 65536 characters came: "${'x'.repeat(500)}…"`,
    ]);
    expect(JSON.stringify(seen).length).toBeLessThan(2_000);
  });

  it('sends one byte after the other', async () => {
    await using server = await serveTcp((socket) => trickle(socket, 'y'));
    const { outcome } = await outOfTime(tcp, { host: '127.0.0.1', port: server.port, talk }, said(server, 3));
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(
      /^turn 1: nothing that contains "the end" came before the time of the check was up; \d+ characters came: "y+"$/,
    );
  });

  it('sends garbage', async () => {
    await using server = await serveTcp((socket) => socket.end(Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x00])));
    const { outcome } = await run(server, { talk });
    expect(outcome.reasons).toEqual([
      'turn 1: the connection was closed and nothing that contains "the end" came; 6 characters came: "\ufffd [2J"',
    ]);
  });
});

describe('options', () => {
  it.each([
    ['an empty turn', { talk: [{}] }, 'give "send", "contains" or "matches"'],
    ['two wishes in one turn', { talk: [{ contains: 'a', matches: 'b' }] }, 'not both'],
    ['a pattern that is none', { talk: [{ matches: '(' }] }, 'is no regular expression'],
    ['a port that is none', { port: 0 }, 'Too small'],
  ])('refuse %s', (_name, more, message) => {
    expect(tcp.options.safeParse({ host: 'a', port: 1, ...more }).error?.issues[0]?.message).toContain(message);
  });
});
