import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import webhook from '../../src/channels/webhook.ts';
import { freePort, serveHttp, serveSilence, serveTcp } from '../probes/loopback.ts';

const never = new AbortController().signal;
const message = { nonce: 'lp1n1', subject: '[TEST] lp1n1', text: 'Hello\nlp1n1 é ✓' };

interface Open extends Channel, AsyncDisposable {
  readonly url: string;
}

async function open(changes: { readonly url?: string; readonly listen?: string } = {}): Promise<Open> {
  const listen = changes.listen ?? `127.0.0.1:${String(await freePort())}`;
  const url = changes.url ?? `http://${listen}/alerts?token=abc`;
  const channel = await webhook.open('hook', webhook.options.parse({ url, listen }), { clock: systemClock, signal: never });
  return { ...channel, url, [Symbol.asyncDispose]: () => channel.close() };
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

describe('sending', () => {
  it('is read back with subject and text, and the query of the URL stays out', async () => {
    await using channel = await open();
    expect(await channel.send(message, never)).toMatchObject({ accepted: true, answer: 'HTTP 200' });
    const [found, ...others] = await channel.readBack('lp1n1', never);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      seenByPeople: true,
      excerpt: '[TEST] lp1n1 | Hello lp1n1 é ✓',
      place: expect.stringMatching(/^127.0.0.1:\d+\/alerts$/),
    });
    expect(await channel.readBack('lp1n2', never)).toEqual([]);
  });

  it.each([500, 404, 302])('is refused by HTTP %i', async (status) => {
    await using server = await serveHttp((_request, response) => response.writeHead(status, { location: '/elsewhere' }).end());
    await using channel = await open({ url: server.url });
    expect(await channel.send(message, never)).toMatchObject({ accepted: false, answer: `HTTP ${String(status)}` });
  });

  it('says when nobody answers', async () => {
    await using channel = await open({ url: `http://127.0.0.1:${String(await freePort())}/` });
    await expect(channel.send(message, never)).rejects.toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('says when the answer is no HTTP', async () => {
    await using server = await serveTcp((socket) => socket.end('220 smtp ready\r\n'));
    await using channel = await open({ url: server.url });
    await expect(channel.send(message, never)).rejects.toMatchObject({ code: 'channel/unreachable' });
  });

  it('stops at once when the run is stopped', async () => {
    await using server = await serveSilence();
    await using channel = await open({ url: server.url });
    const controller = new AbortController();
    const sending = channel.send(message, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(sending).rejects.toThrow('stopped');
    await expect(channel.readBack('x', controller.signal)).rejects.toThrow('stopped');
  });
});

describe('the sink', () => {
  it("takes Alertmanager's notification apart: one arrival for each alert with the nonce", async () => {
    await using channel = await open();
    const alert = {
      labels: { alertname: 'High', liveproof_nonce: 'lp1n1' },
      annotations: { summary: 'p95 is high' },
      startsAt: '2026-02-01T12:00:00Z',
    };
    await post(channel.url, {
      version: '4',
      status: 'firing',
      alerts: [
        { ...alert, status: 'firing', fingerprint: 'a1', endsAt: '0001-01-01T00:00:00Z', generatorURL: '' },
        { ...alert, status: 'firing', fingerprint: 'b2', labels: { alertname: 'Other' } },
      ],
      commonLabels: { liveproof_nonce: 'lp1n1' },
    });
    await post(channel.url, { status: 'resolved', alerts: [{ ...alert, status: 'resolved', fingerprint: 'a1' }] });
    expect(await channel.readBack('lp1n1', never)).toMatchObject([
      { fingerprint: 'a1', status: 'firing', excerpt: expect.stringContaining('p95 is high') },
      { fingerprint: 'a1', status: 'resolved' },
    ]);
  });

  it('shows anything else that carries the nonce as it came', async () => {
    await using channel = await open();
    await post(channel.url, 'not JSON: lp1n1');
    await post(channel.url, { alerts: 'none', says: 'lp1n1' });
    expect((await channel.readBack('lp1n1', never)).map(({ excerpt }) => excerpt)).toEqual([
      'not JSON: lp1n1',
      '{"alerts":"none","says":"lp1n1"}',
    ]);
  });

  it('takes posts only, and none without bounds', async () => {
    await using channel = await open();
    expect((await fetch(channel.url)).status).toBe(405);
    await post(channel.url, `lp1n1 ${'x'.repeat(2 * 1024 * 1024)}`).catch(() => undefined);
    expect(await channel.readBack('lp1n1', never)).toEqual([]);
    expect((await post(channel.url, 'lp1n1')).status).toBe(200);
  });

  it('keeps nothing of a post that breaks off', async () => {
    await using channel = await open();
    const socket = connect(Number(new URL(channel.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nlp1n1');
    await once(socket, 'connect');
    socket.destroy();
    expect((await post(channel.url, 'other')).status).toBe(200);
    expect(await channel.readBack('lp1n1', never)).toEqual([]);
  });

  it('forgets the oldest posts before it grows without bounds', async () => {
    await using channel = await open();
    const large = 'x'.repeat(1_000_000);
    for (let number = 0; number < 70; number += 1) await post(channel.url, `lp1n1 ${large}`);
    expect((await channel.readBack('lp1n1', never)).length).toBe(67);
  });

  it('says when the port is taken', async () => {
    await using first = await open();
    const listen = new URL(first.url).host;
    await expect(open({ listen })).rejects.toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringMatching(/^cannot listen on 127.0.0.1:\d+: .*EADDRINUSE/),
      hint: expect.stringContaining('something else listens there'),
    });
    await expect(open({ listen })).rejects.toBeInstanceOf(Fault);
  });

  it('is closed with its connections, and frees the port', async () => {
    const channel = await open();
    await post(channel.url, 'lp1n1');
    await channel.close();
    await using again = await open({ listen: new URL(channel.url).host });
    expect(await again.readBack('lp1n1', never)).toEqual([]);
  });
});

describe('options', () => {
  const options = { url: 'http://127.0.0.1:9099/', listen: '127.0.0.1:9099' };

  it.each(['127.0.0.1:9099', '127.1.2.3:1', 'localhost:9099', '[::1]:9099'])('listen on %s', (listen) => {
    expect(webhook.options.safeParse({ ...options, listen }).success).toBe(true);
  });

  it.each(['0.0.0.0:9099', '[::]:9099', '192.168.1.1:9099', 'example.com:9099', '127.evil.example:80'])(
    'do not listen on %s unless told so',
    (listen) => {
      expect(webhook.options.safeParse({ ...options, listen }).success).toBe(false);
      expect(webhook.options.safeParse({ ...options, listen, exposed: true }).success).toBe(true);
    },
  );

  it.each(['9099', '127.0.0.1', '127.0.0.1:99999', '127.0.0.1:http'])('refuse %s as an address', (listen) => {
    expect(webhook.options.safeParse({ ...options, listen, exposed: true }).success).toBe(false);
  });
});
