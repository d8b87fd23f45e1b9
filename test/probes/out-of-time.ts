import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import type { Outcome } from '../../src/check/outcome.ts';
import type { Probe, ProbeContext } from '../../src/check/probe.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import type { Loopback } from './loopback.ts';

/** Observes once, and lets the time be up when `reached` has come: however slow this machine is, it is certain how far the probe was by then. */
export async function outOfTime<Seen = unknown>(
  probe: Probe,
  written: object,
  reached: Promise<unknown>,
  more: Partial<ProbeContext> = {},
): Promise<{ readonly outcome: Outcome; readonly seen: Seen }> {
  const controller = new AbortController();
  const options = probe.options.parse(written);
  const keep = (): Promise<never> => Promise.reject(new Error('keeps nothing'));
  const observing = probe.observe(options, { clock: systemClock, keep, ...more, signal: controller.signal });
  observing.catch(() => undefined);
  await Promise.race([reached, observing]);
  // What was sent is there to be read: each of these reads it.
  for (let turns = 0; turns < 10; turns += 1) await delay(10);
  controller.abort(new DOMException('time is up', 'TimeoutError'));
  const seen = probe.observation.parse(z.json().parse(JSON.parse(JSON.stringify(await observing)))) as Seen;
  return { outcome: probe.judge(options, seen), seen };
}

/** The server has taken a connection. */
export async function connected({ server }: Loopback): Promise<Socket> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  return socket;
}

/** The server was told something. */
export async function told(loopback: Loopback): Promise<void> {
  await once(await connected(loopback), 'data');
}

/** The server has said as much as this many bytes. */
export async function said(loopback: Loopback, bytes: number): Promise<void> {
  const socket = await connected(loopback);
  await waitUntil('the server has said it', () => socket.bytesWritten >= bytes, { withinMs: 60_000, everyMs: 5 });
}

/** The server was told something, and has said a little of its own. */
export async function toldAndSaid(loopback: Loopback): Promise<void> {
  await Promise.all([told(loopback), said(loopback, 3)]);
}
