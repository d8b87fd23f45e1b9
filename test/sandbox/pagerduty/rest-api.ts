import { Hono, type Context } from 'hono';
import { isOnCall, type Account, type IncidentRecord } from './account.ts';
import { alertShape, contactMethodShape, entryShape, incidentShape, onCallShape, policyShape, userShape } from './shapes.ts';

const minuteMs = 60_000;
const largestPage = 100;
const usualPage = 25;

export interface RestApiOptions {
  readonly account: Account;
  readonly requestsPerMinute: number;
  isToken(token: string): boolean;
}

/** The part of the REST API (version 2) that tells of incidents and people; it changes nothing. */
export function createRestApi({ account, requestsPerMinute, isToken }: RestApiOptions): Hono {
  const app = new Hono();
  let asked: number[] = [];
  app.use(async (context, next) => {
    const token = /^Token token=(.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (token === undefined || !isToken(token)) return failure(context, 401, 2006, 'Authentication failed');
    const now = Date.now();
    asked = asked.filter((at) => at > now - minuteMs);
    const resetS = Math.ceil(((asked[0] ?? now) + minuteMs - now) / 1000);
    context.header('ratelimit-limit', String(requestsPerMinute));
    context.header('ratelimit-remaining', String(Math.max(0, requestsPerMinute - asked.length - 1)));
    context.header('ratelimit-reset', String(resetS));
    if (asked.length >= requestsPerMinute) return failure(context, 429, 2020, 'Rate Limit Exceeded');
    asked.push(now);
    if (!(context.req.header('accept') ?? '').startsWith('application/vnd.pagerduty+json')) {
      return failure(context, 400, 2001, 'Invalid Input Provided', ['the Accept header must name version 2']);
    }
    return await next();
  });

  app.get('/incidents', (context) => {
    const { statuses, services } = { statuses: context.req.queries('statuses[]'), services: context.req.queries('service_ids[]') };
    const { incident_key: key, date_range: range, since, until, sort_by: sortBy = 'created_at:asc' } = context.req.query();
    for (const bound of [since, until]) {
      if (bound !== undefined && Number.isNaN(Date.parse(bound)))
        return failure(context, 400, 2004, "Invalid 'since' or 'until' parameter");
    }
    const from = range === 'all' ? 0 : since === undefined ? Date.now() - 30 * 24 * 60 * minuteMs : Date.parse(since);
    const to = range === 'all' || until === undefined ? Infinity : Date.parse(until);
    const found = account.incidents.filter(
      ({ status, service, alerts, createdAt }) =>
        (statuses?.includes(status) ?? true) &&
        (services?.includes(service.id) ?? true) &&
        (key === undefined || alerts.some((alert) => alert.key === key)) &&
        Date.parse(createdAt) >= Math.floor(from / 1000) * 1000 &&
        Date.parse(createdAt) <= to,
    );
    const order = sortBy.endsWith(':desc') ? found.toReversed() : found;
    return listed(context, 'incidents', order, (each) => incidentShape(account, each));
  });
  app.get('/incidents/:id', (context) =>
    withIncident(account, context, (incident) => context.json({ incident: incidentShape(account, incident) })),
  );
  app.get('/incidents/:id/alerts', (context) =>
    withIncident(account, context, (incident) => {
      const key = context.req.query('alert_key');
      const alerts = incident.alerts.filter((alert) => key === undefined || alert.key === key);
      return listed(context, 'alerts', alerts, (each) => alertShape(incident, each));
    }),
  );
  app.get('/incidents/:id/log_entries', (context) =>
    withIncident(account, context, (incident) =>
      listed(context, 'log_entries', incident.log.toReversed(), (each) => entryShape(incident, each, included(context))),
    ),
  );
  app.get('/oncalls', (context) => {
    const policies = context.req.queries('escalation_policy_ids[]');
    const ours = policies?.includes(account.policy.id) ?? true;
    const found = ours ? account.onCall.filter(isOnCall) : [];
    return listed(context, 'oncalls', found, (each) => onCallShape(account, each, included(context)));
  });
  app.get('/users', (context) => {
    const query = context.req.query('query')?.toLowerCase();
    const found = account.users.filter(({ name, email }) => query === undefined || `${name} ${email}`.toLowerCase().includes(query));
    return listed(context, 'users', found, userShape);
  });
  app.get('/users/:id', (context) => {
    const user = account.users.find(({ id }) => id === context.req.param('id'));
    return user === undefined ? notFound(context) : context.json({ user: userShape(user) });
  });
  app.get('/users/:id/contact_methods', (context) => {
    const user = account.users.find(({ id }) => id === context.req.param('id'));
    return user === undefined ? notFound(context) : context.json({ contact_methods: [contactMethodShape(user)] });
  });
  app.get('/escalation_policies', (context) => listed(context, 'escalation_policies', [account], policyShape));
  app.get('/escalation_policies/:id', (context) =>
    context.req.param('id') === account.policy.id ? context.json({ escalation_policy: policyShape(account) }) : notFound(context),
  );
  app.all('*', notFound);
  return app;
}

function withIncident(account: Account, context: Context, answer: (incident: IncidentRecord) => Response): Response {
  const incident = account.incidents.find(({ id }) => id === context.req.param('id'));
  return incident === undefined ? notFound(context) : answer(incident);
}

function included(context: Context): ReadonlySet<string> {
  return new Set(context.req.queries('include[]'));
}

/** Classic pagination: `limit` up to 100, `offset`, `more`; `total` only for those who ask for it. */
function listed<Item>(context: Context, key: string, items: readonly Item[], shape: (item: Item) => unknown): Response {
  const { limit: asked = String(usualPage), offset: from = '0', total } = context.req.query();
  const limit = Number(asked);
  const offset = Number(from);
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(offset) || offset < 0) {
    return failure(context, 400, 2001, 'Invalid Input Provided', ['limit and offset must be whole numbers']);
  }
  const size = Math.min(limit, largestPage);
  const end = offset + size;
  const shown = items.slice(offset, end).map(shape);
  return context.json({ [key]: shown, limit: size, offset, more: end < items.length, total: total === 'true' ? items.length : null });
}

function notFound(context: Context): Response {
  return failure(context, 404, 2100, 'Not Found');
}

export function failure(
  context: Context,
  status: 400 | 401 | 403 | 404 | 429 | 500 | 503,
  code: number,
  message: string,
  errors?: readonly string[],
): Response {
  return context.json({ error: { message, code, ...(errors === undefined ? {} : { errors }) } }, status);
}
