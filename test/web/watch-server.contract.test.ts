import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWatchServer, type WatchServerOptions } from '../../src/web/watch-server.ts';

const token = 'a-token-of-sixteen-letters';
let taken: unknown[];
let refused: string[];
let troubles: string[];
let server: Awaited<ReturnType<typeof startWatchServer>>;
let watch: WatchServerOptions['watch'];
let heartbeatToken: string | undefined;

beforeEach(async () => {
  [taken, refused, troubles, heartbeatToken] = [[], [], [], token];
  watch = {
    metrics: { pieces: () => Readable.from(['up 1\n', 'down 0\n']), heartbeatRefused: (reason) => void refused.push(reason) },
    heartbeat: (name, status, says) => {
      if (name !== 'nightly') return Promise.resolve(false);
      taken.push({ status, says });
      return Promise.resolve(true);
    },
    heartbeatToken: () => heartbeatToken,
    health: () => ({ status: troubles.length === 0 ? 'ok' : 'troubled', troubles, checks: { well: 1, failing: 0, unknown: 0 } }),
  };
  server = await startWatchServer({ watch, host: '127.0.0.1', port: 0 });
});
afterEach(async () => await server.stop());

const beat = async (path: string, init: RequestInit = {}, secret = token): Promise<number> =>
  (await fetch(`${server.url}/heartbeat/${path}`, { method: 'POST', headers: { authorization: `Bearer ${secret}` }, ...init })).status;

describe('the server of the daemon', () => {
  it('serves metrics as Prometheus wants them', async () => {
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toBe('up 1\ndown 0\n');
  });

  it('says how the daemon is, and answers 503 when something is wrong with it', async () => {
    const health = async () => {
      const answer = await fetch(`${server.url}/healthz`);
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    expect(await health()).toEqual({ status: 200, body: { status: 'ok', troubles: [], checks: { well: 1, failing: 0, unknown: 0 } } });
    troubles = ['results cannot be stored: no room'];
    expect(await health()).toMatchObject({ status: 503, body: { status: 'troubled', troubles: ['results cannot be stored: no room'] } });
  });

  it('takes heartbeats of those who know the token, with what they say', async () => {
    expect(await beat('nightly')).toBe(204);
    expect(await beat('nightly/fail', { body: 'disk full' })).toBe(204);
    expect(taken).toEqual([
      { status: 'ok', says: '' },
      { status: 'failed', says: 'disk full' },
    ]);
  });

  it('takes none of others, and none at all where the project has no token', async () => {
    expect(await beat('nightly', {}, 'another-token-of-letters')).toBe(401);
    expect(await beat('nightly', { headers: {} })).toBe(401);
    heartbeatToken = undefined;
    expect(await beat('nightly', {}, '')).toBe(401);
    expect(taken).toEqual([]);
    expect(refused).toEqual(['token', 'token', 'token']);
  });

  it('refuses names that no check waits for, words without end, and what is no POST', async () => {
    expect(await beat('nigthly')).toBe(404);
    expect(await beat('..%2f..%2fetc')).toBe(404);
    expect(await beat('nightly', { body: 'x'.repeat(5_000) })).toBe(413);
    expect((await fetch(`${server.url}/heartbeat/nightly`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
    expect(taken).toEqual([]);
    expect(refused).toEqual(['unknown-name', 'unknown-name', 'too-large']);
  });

  it('stops while somebody holds a connection', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await server.stop();
    await expect(closed).resolves.toBeDefined();
    server = await startWatchServer({
      watch,
      host: '127.0.0.1',
      port: 0,
    });
  });

  it('says where another address can be named when this one is taken', async () => {
    const { port } = new URL(server.url);
    await expect(startWatchServer({ watch, host: '127.0.0.1', port: Number(port) })).rejects.toMatchObject({
      code: 'usage/bad-argument',
      hint: 'choose another with listen in the project file',
    });
  });
});
