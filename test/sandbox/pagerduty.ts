import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { listenOnLoopback } from './listen.ts';
import { ada, createAccount, grace, type IncidentRecord, type User } from './pagerduty/account.ts';
import type { Api, PagerdutyBehaviour } from './pagerduty/behaviour.ts';
import { createEventsApi } from './pagerduty/events-api.ts';
import { takeEvent } from './pagerduty/incidents.ts';
import { createRestApi, failure } from './pagerduty/rest-api.ts';
import type { Part } from './part.ts';
import { createTimers } from './provider-behaviour.ts';

export { ada, grace } from './pagerduty/account.ts';
export type { PagerdutyBehaviour } from './pagerduty/behaviour.ts';

export interface OnCallUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone?: string;
  /** Where they stand in the list when nothing is said: the first is called first. */
  readonly level?: number;
  /** On call by a schedule until then; for ever when nothing is said. */
  readonly until?: string;
}

export interface PagerdutyOptions {
  readonly port?: number;
  /** Incidents that somebody is notified of are acknowledged after this; never, when they are asleep. */
  readonly acknowledgesAfterMs?: number | 'never';
  /** From the opening of an incident until the phone rings. */
  readonly notifiesAfterMs?: number;
  readonly requestsPerMinute?: number;
}

export interface RunningPagerduty extends Part {
  /** Both APIs: `/v2/enqueue`, and the paths of the REST API. */
  readonly url: string;
  readonly port: number;
  readonly routingKey: string;
  readonly token: string;
  readonly service: string;
  readonly escalationPolicy: string;
  /** Holds for events and questions from now on. */
  behave(behaviour: PagerdutyBehaviour): void;
  acknowledge(afterMs: number | 'never'): void;
  /** Whoever is on call from now on, first level first; nobody when empty. */
  setOnCall(users: readonly OnCallUser[]): void;
  incidents(): readonly IncidentRecord[];
}

const routingKey = 'R0SANDBOXSANDBOXSANDBOXSANDBOX00';
const token = 'u+sandbox-api-token';

/** Starts a stand-in of PagerDuty on loopback; see pagerduty/README.md for what it leaves out. */
export async function startPagerduty(options: PagerdutyOptions = {}): Promise<RunningPagerduty> {
  const { port = 0, notifiesAfterMs = 100, requestsPerMinute = 960 } = options;
  const account = createAccount();
  const { later, clear } = createTimers();
  let acknowledgesAfterMs = options.acknowledgesAfterMs ?? 'never';
  let behaviour: PagerdutyBehaviour = { kind: 'deliver' };
  let timesLeft = Infinity;

  const setOnCall = (users: readonly OnCallUser[]): void => {
    account.onCall = users.map(({ level, until, ...user }, index) => ({ user: known(user), level: level ?? index + 1, until }));
  };
  const known = (user: Omit<User, 'phone'> & { readonly phone?: string }): User => {
    const same = account.users.find(({ id }) => id === user.id);
    const added = same ?? { phone: '+1 5005550010', ...user };
    if (same === undefined) account.users.push(added);
    return added;
  };
  setOnCall([ada, grace]);

  const concerns = (api: Api): boolean => !('of' in behaviour) || behaviour.of === undefined || behaviour.of === api;
  /** The answer while nothing is answered properly; undefined when all is well. */
  const trouble = (api: Api, context: Context): Response | undefined => {
    if (behaviour.kind !== 'status' || !concerns(api) || timesLeft <= 0) return undefined;
    timesLeft -= 1;
    const { status, retryAfterS } = behaviour;
    const isLimit = status === 429;
    if (retryAfterS !== undefined) context.header(api === 'rest' ? 'ratelimit-reset' : 'retry-after', String(retryAfterS));
    if (api === 'rest') return failure(context, status, isLimit ? 2020 : 2000, isLimit ? 'Rate Limit Exceeded' : 'Internal Error');
    return context.json(
      { status: isLimit ? 'throttle exceeded' : 'error', message: isLimit ? 'Too many events' : 'Internal error' },
      status,
    );
  };
  const isGood = (api: Api): boolean => behaviour.kind !== 'refuse' || !concerns(api);

  const app = new Hono();
  app.use('/v2/*', async (context, next) => trouble('events', context) ?? (await next()));
  app.route(
    '/',
    createEventsApi(
      (key) => key === routingKey && isGood('events'),
      (event) => {
        const lost = behaviour.kind === 'garble' && event.event_action === 'trigger';
        const payload = { summary: '…', source: 'unknown', severity: 'error', custom_details: {} };
        const incidents = { account, notifyAfterMs: notifiesAfterMs, later };
        takeEvent(lost ? { ...event, payload } : event, {
          ...incidents,
          acknowledgesAfterMs: () => acknowledgesAfterMs,
          behaviour: () => behaviour,
        });
      },
    ),
  );
  app.use(async (context, next) => trouble('rest', context) ?? (await next()));
  app.route('/', createRestApi({ account, requestsPerMinute, isToken: (given) => given === token && isGood('rest') }));

  const listening = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), port, clear);
  return {
    ...listening,
    routingKey,
    token,
    service: account.service.id,
    escalationPolicy: account.policy.id,
    behave: (next) => {
      behaviour = next;
      timesLeft = 'times' in next ? (next.times ?? Infinity) : Infinity;
    },
    acknowledge: (afterMs) => {
      acknowledgesAfterMs = afterMs;
    },
    setOnCall,
    incidents: () => account.incidents,
  };
}
