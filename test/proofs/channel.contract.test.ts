import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import webhook from '../../src/channels/webhook.ts';
import type { Grade } from '../../src/gate/grade.ts';
import { verdictOf } from '../../src/gate/verdict.ts';
import channelProof from '../../src/proofs/channel.ts';
import { channelFacts } from '../../src/proofs/channel/facts.ts';
import { serveHttp, serveSilence, freePort, type Loopback } from '../probes/loopback.ts';
import { contextWith } from './context.ts';

let port: number;
let channel: Channel | undefined;
beforeEach(async () => void (port = await freePort()));
afterEach(async () => {
  await channel?.close();
  channel = undefined;
});

interface Proving {
  readonly url?: string;
  readonly grade?: Grade;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

async function prove(
  requirement: object,
  { url, grade = 'delivered', signal = new AbortController().signal, clock = systemClock }: Proving = {},
) {
  const parsed = channelProof.requirement.parse({ channel: 'hook', ...requirement });
  const options = webhook.options.parse({ url: url ?? `http://127.0.0.1:${String(port)}/alerts`, listen: `127.0.0.1:${String(port)}` });
  channel = await webhook.open('hook', options, { clock: systemClock, signal });
  const open = channel;
  const said: string[] = [];
  const context = contextWith({ grade, signal, clock, channel: () => Promise.resolve(open), progress: (says) => void said.push(says) });
  const facts = channelFacts.parse(JSON.parse(JSON.stringify(await channelProof.observe(parsed, context))));
  const findings = channelProof.judge(parsed, facts);
  return { facts, findings, said, verdict: verdictOf(channelProof.ladder, grade, findings, 'item') };
}

/** A clock on which only waiting takes time; `onTick` hears of every time that is reached. */
function clockThat(onTick: (nowMs: number) => Promise<void>): Clock {
  let nowMs = 0;
  const sleep = async (ms: number): Promise<void> => {
    nowMs += ms;
    await onTick(nowMs);
  };
  return { now: () => new Date(Date.UTC(2026, 1, 1) + nowMs), monotonicMs: () => nowMs, sleep };
}

/** Passes on what is posted, in its own way. */
function relay(pass: (body: string) => readonly string[], status = 200): Promise<Loopback> {
  return serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(status).end();
      for (const body of pass(Buffer.concat(chunks).toString())) void fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body });
    });
  });
}

describe('a channel', () => {
  it('is proven when its test messages arrive', async () => {
    const { verdict, facts, said } = await prove({ deliveredWithin: '10s', times: 2 });
    expect(verdict).toMatchObject({ state: 'proven', grade: 'delivered' });
    expect(facts.messages.map(({ arrivals }) => arrivals.length)).toEqual([1, 1]);
    expect(facts.messages[0]?.subject).toMatch(/^\[TEST\] /);
    expect(said[0]).toBe('sends test message 1 of 2 on hook');
  });

  it('is disproven when messages are taken and lost', async () => {
    await using lost = await relay(() => []);
    const clock = clockThat(() => Promise.resolve());
    const { verdict, facts } = await prove({ deliveredWithin: '10s' }, { url: lost.url, clock });
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'accepted' });
    const looks = facts.messages[0]?.looks ?? 0;
    expect(verdict.reasons[0]?.says).toBe(
      `taken by the provider (HTTP 200) and never seen to arrive: not there 20s after it was sent, in ${String(looks)} looks (allowed: 10s)`,
    );
  });

  it('is disproven when messages come late, and it says how late', async () => {
    let body = '';
    await using slow = await relay((posted) => {
      body = posted;
      return [];
    });
    const clock = clockThat(async (nowMs) => {
      if (nowMs === 40_000) await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body });
    });
    const { verdict } = await prove({ deliveredWithin: '39s' }, { url: slow.url, clock });
    expect(verdict.state).toBe('disproven');
    expect(verdict.reasons[0]?.says).toMatch(/^arrived too late: seen in .* 40s after it was sent, 39s are allowed$/);
  });

  it('is disproven when messages are rewritten on the way', async () => {
    await using rewriting = await relay((body) => [body.replace('Nothing is wrong', 'Something is wrong')]);
    const { verdict } = await prove({ deliveredWithin: '10s' }, { url: rewriting.url });
    expect(verdict.reasons[0]).toMatchObject({ holds: 'no', says: expect.stringContaining('its text did not arrive as sent') });
  });

  it('tells when a message comes twice', async () => {
    await using doubling = await relay((body) => [body, body]);
    const { findings } = await prove({ deliveredWithin: '10s' }, { url: doubling.url });
    expect(findings.find(({ grade }) => grade === 'delivered')).toMatchObject({ holds: 'yes', says: expect.stringMatching(/, 2 times$/) });
  });

  it('is disproven at once when the provider refuses', async () => {
    await using refusing = await relay(() => [], 500);
    const { verdict, facts } = await prove({ deliveredWithin: '1h' }, { url: refusing.url });
    expect(verdict).toMatchObject({
      state: 'disproven',
      grade: 'configured',
      reasons: [{ says: 'the provider refused the message: HTTP 500' }],
    });
    expect(facts.messages[0]?.looks).toBe(0);
  });

  it('is inconclusive when the provider cannot be reached', async () => {
    const { verdict } = await prove({ deliveredWithin: '1h' }, { url: `http://127.0.0.1:${String(await freePort())}/` });
    expect(verdict.state).toBe('inconclusive');
    expect(verdict.reasons[0]?.says).toMatch(/^the webhook http:\/\/127.0.0.1:\d+\/ gives no answer: connect ECONNREFUSED/);
  });

  it('is not looked at beyond the grade that is asked for', async () => {
    const accepted = await prove({}, { grade: 'accepted' });
    expect(accepted.verdict.state).toBe('proven');
    expect(accepted.facts.messages[0]?.looks).toBe(0);
  });

  it('is inconclusive when acknowledgement is asked for', async () => {
    const { verdict } = await prove({ deliveredWithin: '10s' }, { grade: 'acknowledged' });
    expect(verdict).toMatchObject({ state: 'inconclusive', grade: 'delivered' });
  });

  it('is left at once when the run is stopped', async () => {
    await using silent = await serveSilence();
    const controller = new AbortController();
    const running = prove({}, { url: silent.url, signal: controller.signal });
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });
});
