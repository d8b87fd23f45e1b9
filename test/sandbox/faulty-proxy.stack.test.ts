import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';
import { reservePort } from './free-port.ts';

/** Says what it was asked, and how often. */
let asked = 0;
const target = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    asked++;
    response.writeHead(201, { 'content-type': 'application/json', 'x-from': 'target' });
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, token: headers.authorization, body: Buffer.concat(chunks).toString('utf8') }));
  });
});
let proxy: FaultyProxy;

beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultyProxy({ target: `http://127.0.0.1:${String((target.address() as AddressInfo).port)}` });
});
afterAll(async () => {
  await proxy.stop();
  target.close();
});
beforeEach(() => {
  proxy.behave();
  asked = 0;
});

const post = async (path = '/a?b=c'): Promise<Response> =>
  await fetch(`${proxy.url}${path}`, { method: 'POST', body: 'hello', headers: { authorization: 'Bearer t' } });

test('without a fault everything passes: method, path, query, headers, body, status', async () => {
  const answer = await post();
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-from')).toBe('target');
  expect(await answer.json()).toEqual({ method: 'POST', url: '/a?b=c', token: 'Bearer t', body: 'hello' });
  expect(proxy.requests().at(-1)).toMatchObject({ method: 'POST', path: '/a?b=c', status: 201 });
});

test('a status is answered a number of times, and then everything passes again', async () => {
  proxy.behave({ kind: 'status', status: 500, times: 2 });
  const statuses = [(await post()).status, (await post()).status, (await post()).status];
  expect(statuses).toEqual([500, 500, 201]);
  expect(asked).toBe(1);
});

test('a fault can be narrowed down to a path and a method', async () => {
  proxy.behave({ kind: 'status', status: 500, path: '/broken' }, { kind: 'status', status: 503, method: 'PUT' });
  expect((await post('/broken/too')).status).toBe(500);
  expect((await post('/whole')).status).toBe(201);
  expect((await fetch(proxy.url, { method: 'PUT' })).status).toBe(503);
});

test('a dropped request gets no answer and does not reach the target', async () => {
  proxy.behave({ kind: 'drop' });
  await expect(post()).rejects.toThrow('fetch failed');
  expect(asked).toBe(0);
});

test('a lost answer leaves the asker without one, though the target did what it was asked', async () => {
  proxy.behave({ kind: 'lose-answer' });
  await expect(post()).rejects.toThrow('fetch failed');
  expect(asked).toBe(1);
});

test('a delayed answer is not there in time', async () => {
  proxy.behave({ kind: 'delay', ms: 60_000 });
  await expect(fetch(proxy.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  expect(asked).toBe(0);
});

test('a garbled answer keeps its status and is no longer JSON', async () => {
  proxy.behave({ kind: 'garble' });
  const answer = await post();
  expect(answer.status).toBe(201);
  await expect(answer.json()).rejects.toThrow(SyntaxError);
});

test('a JSON answer and a text can be changed by a function', async () => {
  proxy.behave({ kind: 'json', change: (answer: { url: string }) => ({ ...answer, url: '/elsewhere' }) });
  expect(await (await post()).json()).toMatchObject({ method: 'POST', url: '/elsewhere' });
  proxy.behave({ kind: 'text', change: (answer) => answer.replace('hello', 'goodbye') });
  expect(await (await post()).json()).toMatchObject({ body: 'goodbye' });
});

test('when nobody listens behind it, the proxy answers 503', async () => {
  await using free = await reservePort();
  await using lonely = await startFaultyProxy({ target: `http://127.0.0.1:${String(free.port)}` });
  const answer = await fetch(lonely.url);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('nobody answers');
});
