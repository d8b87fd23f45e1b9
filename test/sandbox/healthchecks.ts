import { randomUUID } from 'node:crypto';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { Api, HealthchecksBehaviour } from './healthchecks/behaviour.ts';
import { createCheck, type Check, type Flip, type Ping } from './healthchecks/check.ts';
import { createManagementApi, type Integration } from './healthchecks/management-api.ts';
import { createPingApi } from './healthchecks/ping-api.ts';
import { listenOnLoopback } from './listen.ts';
import type { Part } from './part.ts';

export type { HealthchecksBehaviour } from './healthchecks/behaviour.ts';

export interface HealthchecksOptions {
  readonly port?: number;
  readonly name?: string;
  /** The period of the check: the service itself takes no less than a minute. */
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  /** Where the webhook integration posts when the check goes down or up; it has one that leads nowhere when not given. */
  readonly notifyUrl?: string;
  /** The service takes 5; its minutes are seconds here. */
  readonly pingsPerMinute?: number;
  /** How much of the body of a ping is kept. */
  readonly bodyLimit?: number;
}

export interface RunningHealthchecks extends Part {
  readonly url: string;
  readonly port: number;
  /** The read-write key. */
  readonly apiKey: string;
  readonly readOnlyKey: string;
  /** The uuid of the check. */
  readonly check: string;
  readonly name: string;
  readonly pingUrl: string;
  /** The uuid of a check of another project. */
  readonly foreignCheck: string;
  /** Holds for pings and questions from now on. */
  behave(behaviour: HealthchecksBehaviour): void;
  status(): string;
  pings(): readonly Ping[];
  flips(): readonly Flip[];
}

/** How often it is seen to who is overdue: every few seconds at the service. */
const sweepEveryMs = 50;
const notifyWithinMs = 5_000;

/** Starts a stand-in of Healthchecks on loopback with one check; see healthchecks/README.md for what it leaves out. */
export async function startHealthchecks(options: HealthchecksOptions = {}): Promise<RunningHealthchecks> {
  const { port = 0, name = 'accubooks watchdog', timeoutMs = 60_000, graceMs = 60_000, notifyUrl } = options;
  const apiKey = 'rw'.padEnd(32, '0');
  const readOnlyKey = 'ro'.padEnd(32, '0');
  const integration: Integration = { id: randomUUID(), name: 'whoever is on call', kind: 'webhook' };
  const leaving = new AbortController();
  let behaviour: HealthchecksBehaviour = { kind: 'work' };

  const changed = ({ uuid, name: called }: Check, to: 'up' | 'down'): void => {
    if (notifyUrl === undefined || behaviour.kind === 'tells-nobody' || behaviour.kind === 'no-channels') return;
    // The body is what somebody has written into the integration: "text" is what Slack reads, too.
    const body = JSON.stringify({ text: `${called} is ${to}`, status: to, check: uuid });
    const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(notifyWithinMs)]);
    fetch(notifyUrl, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal }).catch(() => undefined);
  };
  const check = createCheck({ name, timeoutMs, graceMs, changed });
  const foreign = createCheck({ name: 'of somebody else', timeoutMs, graceMs, changed: () => undefined });

  const trouble = (api: Api, context: Context): Response | undefined => {
    if (behaviour.kind !== 'status' || (behaviour.of !== undefined && behaviour.of !== api)) return undefined;
    if (behaviour.retryAfterS !== undefined) context.header('retry-after', String(behaviour.retryAfterS));
    return context.text(behaviour.status === 429 ? 'Too Many Requests' : 'Server Error', behaviour.status);
  };
  const app = new Hono();
  app.use('/ping/*', async (context, next) => trouble('ping', context) ?? (await next()));
  app.use('/api/*', async (context, next) => trouble('management', context) ?? (await next()));
  app.route(
    '/',
    createPingApi({
      checks: [check, foreign],
      pingsPerMinute: options.pingsPerMinute ?? 300,
      bodyLimit: options.bodyLimit ?? 10_000,
      isDropped: (pinged) => behaviour.kind === 'drop' || (behaviour.kind === 'stays-down' && pinged.status() === 'down'),
    }),
  );
  app.route(
    '/',
    createManagementApi({
      checks: [check],
      others: [foreign],
      rights: (key) =>
        behaviour.kind === 'refuse' ? undefined : { [apiKey]: 'read-write' as const, [readOnlyKey]: 'read-only' as const }[key],
      integrations: () => (behaviour.kind === 'no-channels' ? [] : [integration]),
      url: () => listening.url,
    }),
  );
  const sweeping = setInterval(() => {
    if (behaviour.kind !== 'never-notices') check.sweep(behaviour.kind === 'notices-late' ? behaviour.ms : 0);
  }, sweepEveryMs);
  const listening = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), port, () => {
    clearInterval(sweeping);
    leaving.abort();
  });
  return {
    ...listening,
    apiKey,
    readOnlyKey,
    check: check.uuid,
    name,
    pingUrl: `${listening.url}/ping/${check.uuid}`,
    foreignCheck: foreign.uuid,
    behave: (next) => {
      if (behaviour.kind === 'paused' && next.kind !== 'paused') check.resume();
      if (next.kind === 'paused') check.pause();
      behaviour = next;
    },
    status: check.status,
    pings: () => check.pings,
    flips: () => check.flips,
  };
}
