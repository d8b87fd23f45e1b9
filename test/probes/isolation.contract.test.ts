import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import isolation from '../../src/probes/isolation.ts';
import { freePort, serveHttp, type Loopback } from './loopback.ts';
import { runProbe } from './run-probe.ts';

interface Invoice {
  readonly id: string;
  readonly tenant: string;
  text: string;
}

/** What may be wrong with an application that keeps tenants apart. */
interface Flaws {
  /** Gives any invoice to anybody who is signed in. */
  readonly anyInvoice?: boolean;
  /** Refuses, and tells in the refusal what it refuses. */
  readonly talks?: boolean;
  /** Lets anybody change what is not theirs, and says that it does not. */
  readonly writes?: boolean;
  /** The list of all invoices is not limited to one's own. */
  readonly listsAll?: boolean;
  /** Answers nobody, not even whose invoices they are. */
  readonly broken?: boolean;
  /** Signs a user out who is refused. */
  readonly signsOut?: boolean;
  readonly packs?: boolean;
  readonly large?: boolean;
}

/** A real small application: it signs people in and keeps the invoices of two tenants. */
async function serveApp(flaws: Flaws = {}): Promise<Loopback & { readonly asked: string[] }> {
  const invoices: Invoice[] = [
    { id: 'a-1', tenant: 'acme', text: 'Acme pays for tea' },
    { id: 'b-1', tenant: 'bolt', text: 'Bolt secretly buys Zürich' },
  ];
  const sessions = new Map<string, string>();
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '', 'http://app');
    const body = await text(request);
    const send = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      const bytes = JSON.stringify(value).replace('ü', '\\u00fc');
      if (flaws.packs === true && status === 404) response.writeHead(status, { 'content-encoding': 'gzip' }).end(gzipSync(bytes));
      else response.writeHead(status, headers).end(flaws.large === true && status === 404 ? bytes + 'x'.repeat(3_000_000) : bytes);
    };
    if (pathname === '/login') {
      const { user, password } = JSON.parse(body) as { user: string; password: string };
      if (password !== `password of ${user}`) return send(401, {});
      const session = `session-${user}-${String(sessions.size)}`;
      sessions.set(session, user);
      return send(200, { token: `token of ${user}` }, { 'set-cookie': `session=${session}; HttpOnly; Path=/` });
    }
    const cookie = /session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const tenant = sessions.get(cookie);
    asked.push(`${tenant ?? 'nobody'} ${request.method ?? ''} ${pathname}`);
    if (tenant === undefined || request.headers.authorization !== `Bearer token of ${tenant}`) return send(401, {});
    if (pathname === '/me') return send(200, { tenant });
    if (pathname === '/invoices')
      return send(
        200,
        invoices.filter((each) => flaws.listsAll === true || each.tenant === tenant),
      );
    const invoice = invoices.find(({ id }) => pathname === `/invoices/${id}`);
    if (flaws.broken === true) return send(500, { error: 'no database' });
    const isOwn = invoice?.tenant === tenant;
    if (request.method === 'DELETE' && invoice !== undefined && (isOwn || flaws.writes === true))
      invoices.splice(invoices.indexOf(invoice), 1);
    if (invoice !== undefined && (isOwn || (flaws.anyInvoice === true && request.method === 'GET'))) return send(200, invoice);
    if (flaws.signsOut === true) sessions.delete(cookie);
    return send(404, flaws.talks === true ? { error: `not yours: ${invoice?.text ?? ''}` } : { error: 'not found' });
  };
  const server = await serveHttp((request, response) => void answer(request, response));
  return { ...server, asked };
}

const options = (url: string, more: object = {}) => ({
  url,
  intruder: { name: 'Acme', credentials: { user: 'acme', password: 'password of acme' } },
  owner: { name: 'Bolt', credentials: { user: 'bolt', password: 'password of bolt' } },
  signIn: { path: '/login', json: { user: '{{user}}', password: '{{password}}' }, take: { token: 'token' } },
  headers: { Authorization: 'Bearer {{token}}' },
  signedIn: '/me',
  find: [{ path: '/invoices', take: { invoice: '0.id' } }],
  markers: ['Bolt secretly buys'],
  routes: [
    { path: '/invoices/{{invoice}}' },
    { path: '/invoices', refusedWith: [200] },
    { method: 'DELETE', path: '/invoices/{{invoice}}', control: '/invoices/{{invoice}}' },
  ],
  ...more,
});

async function run(flaws: Flaws, more: object = {}) {
  await using app = await serveApp(flaws);
  const done = await runProbe(isolation, options(app.url, more));
  return { ...done, asked: app.asked };
}

describe('tenants that are kept apart', () => {
  it('pass, after every route was tried as the intruder and seen by the owner', async () => {
    const { outcome, asked, observation, readings } = await run({});
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(asked).toEqual([
      'bolt GET /me',
      'bolt GET /invoices',
      'acme GET /me',
      'acme GET /invoices/b-1',
      'bolt GET /invoices/b-1',
      'acme GET /invoices',
      'bolt GET /invoices',
      'acme DELETE /invoices/b-1',
      'bolt GET /invoices/b-1',
      'acme GET /me',
    ]);
    expect(readings).toEqual({ routes: 3, tried: 3, leaks: 0 });
    // Neither what the answers held nor how both came in is recorded.
    expect(JSON.stringify(observation)).not.toMatch(/Bolt secretly|password of|token of|session-|b-1/);
  });
});

describe('tenants that are not kept apart fail', () => {
  it('when a thing is given to anybody', async () => {
    const { outcome, readings } = await run({ anyInvoice: true });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        'GET /invoices/{{invoice}}: status 200 for Acme, expected 401 or 403 or 404',
        'GET /invoices/{{invoice}}: Acme is shown "Bolt secretly buys" of Bolt (status 200)',
      ],
    });
    expect(readings['leaks']).toBe(1);
  });

  it('when a refusal tells what it refuses', async () => {
    const { outcome } = await run({ talks: true });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        'GET /invoices/{{invoice}}: Acme is shown "Bolt secretly buys" of Bolt (status 404)',
        'DELETE /invoices/{{invoice}}: Acme is shown "Bolt secretly buys" of Bolt (status 404)',
      ],
    });
  });

  it('when a list has the things of others in it, however they are spelt', async () => {
    const { outcome } = await run(
      { listsAll: true },
      { markers: ['buys Zürich', 'Bolt secretly buys'], find: [{ path: '/invoices', take: { invoice: '1.id' } }] },
    );
    expect(outcome).toEqual({
      status: 'fail',
      reasons: ['GET /invoices: Acme is shown "buys Zürich" and "Bolt secretly buys" of Bolt (status 200)'],
    });
  });
});

describe('what cannot be told is an error and no pass', () => {
  it('when a thing is gone after a refusal', async () => {
    const { outcome } = await run({ writes: true });
    expect(outcome).toEqual({
      status: 'error',
      reasons: ['DELETE /invoices/{{invoice}}: Bolt does not get it either (status 404), so the refusal says nothing'],
    });
  });

  it('when the routes are broken for everybody', async () => {
    const { outcome } = await run({ broken: true }, { routes: [{ path: '/invoices/{{invoice}}' }] });
    expect(outcome).toEqual({
      status: 'error',
      reasons: [
        'GET /invoices/{{invoice}}: neither refused nor answered to Acme: status 500, expected 401 or 403 or 404',
        'GET /invoices/{{invoice}}: Bolt does not get it either (status 500), so the refusal says nothing',
      ],
    });
  });

  it('when the route leads nowhere for anybody', async () => {
    const { outcome } = await run({}, { routes: [{ path: '/facturas/{{invoice}}' }] });
    expect(outcome.reasons).toEqual(['GET /facturas/{{invoice}}: Bolt does not get it either (status 404), so the refusal says nothing']);
  });

  it('when the owner is shown none of the markers', async () => {
    const { outcome } = await run({}, { markers: ['Bolt buys Rome'], routes: [{ path: '/invoices/{{invoice}}' }] });
    expect(outcome.reasons).toEqual([
      'GET /invoices/{{invoice}}: what Bolt gets holds none of the markers, so that Acme sees none says nothing',
    ]);
  });

  it('when the intruder was signed out on the way', async () => {
    const { outcome } = await run({ signsOut: true });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons.at(-1)).toBe('Acme was no longer signed in at the end (status 401): refusals may have come from that');
  });

  it('when either cannot sign in, or there is nothing to find', async () => {
    const wrong = { name: 'Acme', credentials: { user: 'acme', password: 'wrong' } };
    expect((await run({}, { intruder: wrong })).outcome).toEqual({ status: 'error', reasons: ['as Acme, /login: status 401'] });
    expect((await run({}, { owner: wrong })).outcome.reasons).toEqual(['as Acme, /login: status 401']);
    expect((await run({}, { find: [{ path: '/invoices', take: { invoice: '7.id' } }] })).outcome.reasons).toEqual([
      'as Bolt, /invoices: nothing at 7.id that could be taken as "invoice"',
    ]);
  });

  it('when an answer cannot be searched', async () => {
    const routes = [{ path: '/invoices/{{invoice}}' }];
    expect((await run({ packs: true }, { routes })).outcome.reasons).toEqual([
      'GET /invoices/{{invoice}}: the answer to Acme could not be searched: it came packed, although that was not asked for',
    ]);
    expect((await run({ large: true }, { routes })).outcome.reasons).toEqual([
      'GET /invoices/{{invoice}}: the answer to Acme could not be searched: it is larger than what is read',
    ]);
  });

  it('when nobody answers', async () => {
    const port = await freePort();
    const { outcome } = await runProbe(isolation, options(`http://127.0.0.1:${String(port)}`));
    expect(outcome).toEqual({
      status: 'error',
      reasons: [`as Bolt, /login: connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`],
    });
  });

  it('when there is no time left to try every route', async () => {
    await using app = await serveHttp((request, response) => {
      if (request.url !== '/slow') response.end('{}');
    });
    const never = { url: app.url, signIn: undefined, headers: {}, find: [], markers: [], routes: [{ path: '/slow' }, { path: '/other' }] };
    const { outcome } = await runProbe(isolation, options(app.url, never), { timeoutMs: 1_500 });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons).toContain('GET /other: not tried');
  });
});

describe('options that could not tell anything are refused', () => {
  const faults = (more: object) => isolation.options.safeParse(options('http://app', more)).error?.issues.map(({ message }) => message);
  it.each([
    [{ routes: [{ method: 'DELETE', path: '/x' }] }, 'a route with DELETE needs a "control" that the owner reads afterwards'],
    [
      { markers: [], routes: [{ path: '/x', refusedWith: [200] }] },
      'a refusal with a status of 2xx can be told from a leak only by "markers"',
    ],
    [{ routes: [{ path: '/x/{{order}}' }] }, 'nothing in "find" takes "order", which is written here as {{order}}'],
  ])('%j', (more, message) => {
    expect(faults(more)).toEqual([message]);
  });
});
