import { Hono, type Context } from 'hono';
import type { Check, Ping } from './check.ts';

export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

export interface ManagementApiOptions {
  /** Those of the project that the keys are of. */
  readonly checks: readonly Check[];
  /** Those of somebody else. */
  readonly others: readonly Check[];
  /** What the key given may do; undefined when it is not a good one. */
  rights(key: string): 'read-write' | 'read-only' | undefined;
  integrations(): readonly Integration[];
  /** Where everything is. */
  url(): string;
}

/** The Management API v3, in what it tells, and pausing. */
export function createManagementApi({ checks, others, rights, integrations, url }: ManagementApiOptions): Hono {
  const app = new Hono().basePath('/api/v3');
  type Act = (check: Check, readOnly: boolean) => Response | Promise<Response>;

  /** 401 for a key that is not good enough, 404 and 403 for a check that is nobody's or somebody else's. */
  const authorized = (context: Context, needs: 'read-write' | 'read-only', act: (readOnly: boolean) => Response | Promise<Response>) => {
    const key = context.req.header('x-api-key') ?? '';
    if (key.length !== 32) return context.json({ error: 'missing api key' }, 401);
    const right = rights(key);
    if (right === undefined || (needs === 'read-write' && right === 'read-only')) return context.json({ error: 'wrong api key' }, 401);
    return act(right === 'read-only');
  };
  const withCheck = (context: Context, needs: 'read-write' | 'read-only', act: Act) =>
    authorized(context, needs, (readOnly) => {
      const id = context.req.param('id');
      const found = checks.find(({ uuid, uniqueKey }) => uuid === id || (needs === 'read-only' && uniqueKey === id));
      if (found !== undefined) return act(found, readOnly);
      return others.some(({ uuid }) => uuid === id) ? context.body(null, 403) : context.text('Not Found', 404);
    });
  const checkUrl = ({ uuid }: Check): string => `${url()}/api/v3/checks/${uuid}`;
  const shape = (check: Check, readOnly: boolean): object => ({
    name: check.name,
    slug: check.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    tags: '',
    desc: '',
    grace: check.graceMs / 1000,
    n_pings: check.pings.length,
    status: check.status(),
    started: check.isStarted(),
    last_ping: secondsOf(check.lastPingMs()),
    next_ping: secondsOf(check.nextPingMs()),
    // Otherwise a ping would end the pause, and nobody would see it.
    manual_resume: true,
    methods: '',
    start_kw: '',
    success_kw: '',
    failure_kw: '',
    filter_subject: false,
    filter_body: false,
    ...(readOnly
      ? { unique_key: check.uniqueKey }
      : {
          ping_url: `${url()}/ping/${check.uuid}`,
          update_url: checkUrl(check),
          pause_url: `${checkUrl(check)}/pause`,
          resume_url: `${checkUrl(check)}/resume`,
          channels: integrations()
            .map(({ id }) => id)
            .join(','),
        }),
    timeout: check.timeoutMs / 1000,
  });
  const pingShape = (check: Check, { n, type, atMs, method, ua, body, exitStatus }: Ping): object => ({
    type,
    date: new Date(atMs).toISOString().replace('Z', '000+00:00'),
    n,
    scheme: 'http',
    remote_addr: '127.0.0.1',
    method,
    ua,
    rid: null,
    body_url: body === '' ? null : `${checkUrl(check)}/pings/${String(n)}/body`,
    ...(exitStatus === undefined ? {} : { exitstatus: exitStatus }),
  });

  app.get('/status/', (context) => context.text('OK'));
  app.get('/checks/', (context) =>
    authorized(context, 'read-only', (readOnly) => context.json({ checks: checks.map((check) => shape(check, readOnly)) })),
  );
  app.get('/checks/:id', (context) => withCheck(context, 'read-only', (check, readOnly) => context.json(shape(check, readOnly))));
  app.post('/checks/:id/pause', (context) =>
    withCheck(context, 'read-write', (check) => {
      check.pause();
      return context.json(shape(check, false));
    }),
  );
  app.post('/checks/:id/resume', (context) =>
    withCheck(context, 'read-write', (check) => {
      if (check.status() !== 'paused') return context.text('check is not paused', 409);
      check.resume();
      return context.json(shape(check, false));
    }),
  );
  app.get('/checks/:id/pings/', (context) =>
    withCheck(context, 'read-write', (check) =>
      context.json({
        pings: check.pings
          .slice(-keptPings)
          .toReversed()
          .map((ping) => pingShape(check, ping)),
      }),
    ),
  );
  app.get('/checks/:id/pings/:n/body', (context) =>
    withCheck(context, 'read-write', (check) => {
      const body = check.pings.find(({ n }) => n === Number(context.req.param('n')))?.body ?? '';
      return body === '' ? context.text('Not Found', 404) : context.text(body);
    }),
  );
  app.get('/checks/:id/flips/', (context) =>
    withCheck(context, 'read-only', (check) => {
      const { seconds, start, end } = context.req.query();
      const bounds = [seconds, start, end].map((text) => (text === undefined ? undefined : Number(text)));
      if (bounds.some((bound) => bound !== undefined && !Number.isInteger(bound))) return context.body(null, 400);
      const [lastS, fromS, toS = Infinity] = bounds;
      const sinceMs = Math.max(lastS === undefined ? 0 : Date.now() - lastS * 1000, (fromS ?? 0) * 1000);
      const found = check.flips.filter(({ atMs }) => atMs >= sinceMs && atMs < toS * 1000).toReversed();
      return context.json(found.map(({ atMs, to }) => ({ timestamp: secondsOf(atMs), up: to === 'up' ? 1 : 0 })));
    }),
  );
  app.get('/channels/', (context) =>
    authorized(context, 'read-write', () => context.json({ channels: integrations().map(({ id, name, kind }) => ({ id, name, kind })) })),
  );
  return app;
}

/** As for accounts that pay nothing. */
const keptPings = 100;

function secondsOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00');
}
