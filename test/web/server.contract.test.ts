import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { board } from '../../src/board/board.ts';
import { connectBoardServer } from '../../src/stack/board-server.ts';
import { startBoardServer, type RunningBoardServer } from '../../src/web/server.ts';
import { gateOf } from '../gate/gate-of.ts';

const boardOf = (name: string, access: unknown, query: string) =>
  board.parse({
    board: name,
    title: name,
    refresh: '10s',
    access,
    panels: [{ panel: 'p', title: 'P', show: 'stat', queries: [{ query }] }],
  });
const person = (name: string, ...roles: string[]) => ({ name, email: `${name}@x.test`, roles, password: `${name}-secret` });
const people = [person('ada', 'engineering'), person('mary', 'product'), person('none')];

let answersWith = 200;
const prometheus = createServer((_, response) => {
  const body = { status: 'success', data: { resultType: 'vector', result: [{ metric: { tier: '<b>pro</b>' }, value: [1, '42'] }] } };
  response.writeHead(answersWith, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
let server: RunningBoardServer;
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
  const gate = gateOf({
    stack: { prometheus: { url: `http://127.0.0.1:${String((prometheus.address() as AddressInfo).port)}` } },
    people,
    boards: [
      boardOf('all', 'public', 'a'),
      boardOf('ops', { roles: ['engineering'] }, 'b'),
      boardOf('business', { roles: ['product', 'business'] }, 'c'),
    ],
  });
  server = await startBoardServer({ gate, host: '127.0.0.1', port: 0, clock: systemClock, toolVersion: '1.2.3' });
});
afterAll(async () => {
  await server.stop();
  prometheus.close();
});

const headersOf = (who: string, password = `${who}-secret`) =>
  who === 'nobody' ? {} : { authorization: `Basic ${Buffer.from(`${who}@x.test:${password}`).toString('base64')}` };
const get = (path: string, who = 'nobody', password?: string) => fetch(`${server.url}${path}`, { headers: headersOf(who, password) });
const query = async (expr: string, who = 'nobody') => {
  const body = JSON.stringify({ queries: [{ refId: 'A', expr }] });
  return fetch(`${server.url}/api/ds/query`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headersOf(who) } });
};

describe('who may read what', () => {
  it.each([
    ['all', { nobody: 200, ada: 200, mary: 200, none: 200 }],
    ['ops', { nobody: 401, ada: 200, mary: 403, none: 403 }],
    ['business', { nobody: 401, ada: 403, mary: 200, none: 403 }],
  ])('the board %s', async (name, expected) => {
    for (const [who, status] of Object.entries(expected)) {
      expect((await get(`/d/${name}`, who)).status, `${who}'s page`).toBe(status);
      expect((await get(`/api/dashboards/uid/${name}`, who)).status, `${who}'s API`).toBe(status);
    }
  });

  it('is asked for by a challenge, and a wrong password is no nobody', async () => {
    expect((await get('/d/ops')).headers.get('www-authenticate')).toContain('Basic');
    expect((await get('/d/all', 'ada', 'wrong')).status).toBe(401);
    expect((await get('/d/all', 'stranger')).status).toBe(401);
  });

  it('holds for the list and for data too', async () => {
    const list = await (await get('/', 'mary')).text();
    expect([list.includes('/d/all'), list.includes('/d/ops'), list.includes('/d/business')]).toEqual([true, false, true]);
    expect((await query('b')).status).toBe(401);
    expect(await (await query('b', 'mary')).json()).toMatchObject({ results: { A: { status: 403 } } });
    expect(await (await query('b', 'ada')).json()).toMatchObject({
      results: { A: { status: 200, frames: [{ data: { values: [[1000], [42]] } }] } },
    });
  });
});

describe('the server', () => {
  it('is no open door to Prometheus, whoever asks', async () => {
    expect(await (await query('up', 'ada')).json()).toMatchObject({ results: { A: { status: 403, frames: [] } } });
    expect((await query('up')).status).toBe(401);
  });

  it('answers an unknown board, a bad request and an unknown path as Grafana does', async () => {
    expect([(await get('/d/none')).status, await (await get('/api/dashboards/uid/none')).json()]).toEqual([
      404,
      { message: 'Dashboard not found' },
    ]);
    const bad = await fetch(`${server.url}/api/ds/query`, { method: 'POST', body: '{}' });
    expect(bad.status).toBe(400);
    for (const path of ['/assets/../package.json', '/assets/constructor', '/assets/__proto__']) expect((await get(path)).status).toBe(404);
  });

  it('takes no more of a question than any board could ask', async () => {
    const huge = { method: 'POST', body: 'x'.repeat(300_000), reset: true } as const;
    const { statusCode, body } = await request(`${server.url}/api/ds/query`, huge);
    expect([statusCode, await body.json()]).toEqual([413, { message: 'request body too large' }]);
  });

  it('says so when Prometheus does not answer', async () => {
    answersWith = 500;
    const { results } = (await (await query('a')).json()) as { results: { A: { status: number; error: string } } };
    answersWith = 200;
    expect([results.A.status, results.A.error]).toEqual([502, expect.stringContaining('HTTP 500')]);
  });

  it('allows no script but its own, and no page around it', async () => {
    expect((await get('/d/all')).headers.get('content-security-policy')).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
  });
});

describe('the client of board servers', () => {
  it('knows it for what it is, and reads it as a person or as nobody', async () => {
    const client = connectBoardServer({ name: 'boards', url: server.url });
    const ada = { email: 'ada@x.test', password: 'ada-secret' };
    expect(await client.flavour(signal)).toBe('liveproof');
    const shown = await client.dashboard('ops', ada, signal);
    if ('refused' in shown) throw new Error(`refused with ${String(shown.refused)}`);
    expect(shown).toMatchObject({ title: 'ops', refresh: '10s', path: '/d/ops', isPublic: false, panels: [{ title: 'P' }] });
    expect(await client.dashboard('ops', 'nobody', signal)).toEqual({ refused: 401 });
    const [panel] = shown.panels;
    const [asked] = panel?.queries ?? [];
    if (panel === undefined || asked === undefined) throw new Error('the board has lost its query');
    expect(asked).toMatchObject({ written: 'b', expression: 'b', dataSource: { uid: 'prometheus' } });
    expect(await client.query(shown, panel, asked, ada, signal)).toMatchObject({ values: 1 });
    expect(await client.query(shown, panel, asked, 'nobody', signal)).toEqual({ refused: 401 });
  });
});
