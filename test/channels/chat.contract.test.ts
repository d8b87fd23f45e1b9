import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import chat from '../../src/channels/chat.ts';
import { freePort, serveHttp, serveTcp } from '../probes/loopback.ts';

const never = new AbortController().signal;
const nonce = 'lp0123456789abcdef';
const message = { nonce, subject: `[TEST] ${nonce}`, text: 'Nothing is wrong: "é" & <b>\nToken: ✓' };

interface Open extends Channel, AsyncDisposable {
  readonly page: string;
  /** What the chat was sent. */
  readonly posted: unknown[];
}

async function open({
  status = 200,
  headers = {},
  ...changes
}: { status?: number; headers?: Record<string, string>; body?: string } = {}): Promise<Open> {
  await using stack = new AsyncDisposableStack();
  const posted: unknown[] = [];
  const server = stack.use(
    await serveHttp(
      (request, response) => void json(request).then((body) => (posted.push(body), response.writeHead(status, headers).end())),
    ),
  );
  const listen = `127.0.0.1:${String(await freePort())}`;
  const page = `http://${listen}/confirm`;
  const options = chat.options.parse({ url: `${server.url}/hook/secret`, confirm: { listen, url: page }, ...changes });
  const channel = await chat.open('team-chat', options, { clock: systemClock, signal: never });
  stack.defer(() => channel.close());
  const owner = stack.move();
  return { ...channel, page, posted, [Symbol.asyncDispose]: () => owner.disposeAsync() };
}

function confirm(page: string, token: string, name = 'Ada Lovelace'): Promise<Response> {
  return fetch(page, { method: 'POST', body: new URLSearchParams({ token, name }) });
}

describe('sending', () => {
  it('posts the template with the message, its token and the link to the page', async () => {
    await using channel = await open({ body: '{"type":"message","attachments":[{"content":"{{text}}"}],"id":"{{nonce}}","n":1}' });
    expect(await channel.send(message, never)).toMatchObject({ accepted: true, answer: 'HTTP 200' });
    const content = `${message.subject}\n${message.text}\nHave you seen this? Please say so: ${channel.page}?token=${nonce}`;
    expect(channel.posted).toEqual([{ type: 'message', attachments: [{ content }], id: nonce, n: 1 }]);
  });

  it('is never delivered by a 2xx alone, nor by a robot that opens the link', async () => {
    await using channel = await open({ status: 204 });
    expect(await channel.send(message, never)).toMatchObject({ accepted: true });
    const preview = await fetch(`${channel.page}?token=${nonce}`);
    expect([preview.status, (await preview.text()).includes('Nothing is wrong')]).toEqual([200, true]);
    expect((await fetch(`${channel.page}?token=${nonce}`, { method: 'HEAD' })).status).toBe(200);
    expect(await channel.readBack(nonce, never)).toEqual([]);
    expect(await channel.acknowledgements?.(nonce, never)).toEqual([]);
  });

  it.each([400, 404, 500])('is refused by HTTP %i', async (status) => {
    await using channel = await open({ status });
    expect(await channel.send(message, never)).toMatchObject({ accepted: false, answer: `HTTP ${String(status)}` });
  });

  it('leaves a chat alone that asks for it', async () => {
    await using channel = await open({ status: 429, headers: { 'retry-after': '60' } });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/rate-limited' });
    expect(channel.posted).toHaveLength(1);
  });

  it('does not tell the secret address of a chat that is not there', async () => {
    await using server = await serveTcp((socket) => socket.destroy());
    const listen = `127.0.0.1:${String(await freePort())}`;
    const options = chat.options.parse({ url: `${server.url}/hook/secret`, confirm: { listen, url: `http://${listen}` } });
    const channel = await chat.open('team-chat', options, { clock: systemClock, signal: never });
    const failed = channel.send(message, never);
    await expect(failed).rejects.toMatchObject({ code: 'channel/unreachable', message: expect.not.stringContaining('secret') });
    await channel.close();
  });
});

describe('a confirmation', () => {
  it("by a person delivers and acknowledges, under that person's name", async () => {
    await using channel = await open();
    await channel.send(message, never);
    const answer = await confirm(channel.page, nonce, ' Ada \u202e Lovelace\n');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Ada Lovelace has seen the message')]);
    expect(await channel.readBack(nonce, never)).toMatchObject([
      { place: 'the chat, confirmed by Ada Lovelace', seenByPeople: true, excerpt: `${message.subject} | ${message.text}` },
    ]);
    expect(await channel.acknowledgements?.(nonce, never)).toMatchObject([{ by: 'Ada Lovelace', how: 'confirmed it on the page' }]);
  });

  it('by two people is one arrival and two acknowledgements', async () => {
    await using channel = await open();
    await channel.send(message, never);
    for (const name of ['Ada', 'Grace', 'Ada']) await confirm(channel.page, nonce, name);
    expect(await channel.readBack(nonce, never)).toHaveLength(1);
    expect((await channel.acknowledgements?.(nonce, never))?.map(({ by }) => by)).toEqual(['Ada', 'Grace']);
  });

  it('works for an alert whose token is waited for, typed as people type', async () => {
    await using channel = await open();
    expect(await channel.readBack(nonce, never)).toEqual([]);
    expect((await confirm(channel.page, ` ${nonce.toUpperCase()} `)).status).toBe(200);
    expect(await channel.readBack(nonce, never)).toMatchObject([{ seenByPeople: true, excerpt: expect.stringContaining(nonce) }]);
  });

  it('needs a name', async () => {
    await using channel = await open();
    await channel.send(message, never);
    const answer = await confirm(channel.page, nonce, ' \t');
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Please give your name')]);
    expect(await channel.readBack(nonce, never)).toEqual([]);
  });

  it('of something that nobody waits for is refused, and after ten of them nothing more is taken from there for a while', async () => {
    await using channel = await open();
    await channel.send(message, never);
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await confirm(channel.page, `lp${String(attempt)}`)).status).toBe(403);
    const limited = await confirm(channel.page, nonce);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await channel.readBack(nonce, never)).toEqual([]);
  });

  it('that is longer than a form is not read, and nothing else than asking and answering is possible', async () => {
    await using channel = await open();
    const big = await confirm(channel.page, nonce, 'x'.repeat(5_000)).then(
      ({ status }) => status,
      () => 'hung up',
    );
    expect([413, 'hung up']).toContain(big);
    expect((await fetch(channel.page, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('the page', () => {
  it('runs and loads nothing, is framed and cached by nobody, and shows what is typed as text', async () => {
    await using channel = await open();
    const answer = await confirm(channel.page, '"><script>alert(1)</script>');
    const html = await answer.text();
    expect(html).not.toContain('<script');
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is gone when the channel is closed, and its port is free again', async () => {
    const channel = await open();
    await channel[Symbol.asyncDispose]();
    await expect(fetch(channel.page)).rejects.toThrow('fetch failed');
  });

  it('says when its port is taken', async () => {
    await using server = await serveHttp((_request, response) => response.end());
    const options = chat.options.parse({ url: server.url, confirm: { listen: `127.0.0.1:${String(server.port)}`, url: server.url } });
    const failed = Promise.resolve(chat.open('team-chat', options, { clock: systemClock, signal: never }));
    await expect(failed).rejects.toMatchObject({ code: 'channel/unreachable', hint: expect.stringContaining('another port') });
  });
});

describe('the options', () => {
  const confirmAt = (listen: string, more: object = {}) => ({ listen, url: 'http://gate.test/', ...more });
  const wrong = (changes: object): unknown =>
    chat.options.safeParse({ url: 'https://chat.test/hook', confirm: confirmAt('127.0.0.1:9098'), ...changes }).error?.issues[0]?.message;

  it('ask for JSON that carries the message, and for loopback unless the page is to be exposed', () => {
    expect(wrong({})).toBeUndefined();
    expect(wrong({ body: '{"text":{{text}}}' })).toContain('write JSON');
    expect(wrong({ body: '{"text":"hello"}' })).toContain('must stand somewhere');
    expect(wrong({ url: 'ftp://chat.test' })).toContain('http');
    expect(wrong({ confirm: confirmAt('0.0.0.0:9098') })).toContain('only a loopback address');
    expect(wrong({ confirm: confirmAt('0.0.0.0:9098', { exposed: true }) })).toBeUndefined();
    expect(wrong({ confirm: confirmAt('localhost:99999') })).toContain('65535');
  });
});

it('stops at once when the run is stopped', async () => {
  await using server = await serveTcp((socket) => socket.resume());
  const listen = `127.0.0.1:${String(await freePort())}`;
  const options = chat.options.parse({ url: server.url, confirm: { listen, url: `http://${listen}` } });
  const channel = await chat.open('team-chat', options, { clock: systemClock, signal: never });
  const controller = new AbortController();
  const asked = once(server.server, 'connection');
  const sending = channel.send(message, controller.signal);
  sending.catch(() => undefined);
  await asked;
  controller.abort(new Error('stopped'));
  await expect(sending).rejects.toThrow('stopped');
  await expect(channel.readBack(nonce, controller.signal)).rejects.toThrow('stopped');
  await channel.close();
});
