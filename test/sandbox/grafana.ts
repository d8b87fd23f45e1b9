import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createAccounts } from './grafana/accounts.ts';
import type { GrafanaBehaviour } from './grafana/behaviour.ts';
import { addDashboardRoutes, store } from './grafana/dashboard-routes.ts';
import { addDataSourceRoutes, answerQueries, frontendSettings } from './grafana/data-routes.ts';
import type { Dashboard, DataSource, Folder, LibraryElement, Target, User, World } from './grafana/model.ts';
import { addPublicConfigRoutes, addPublicLinkRoutes, publish } from './grafana/public-routes.ts';
import { refusals } from './grafana/refusals.ts';
import { loginPage, shell } from './grafana/shell.ts';
import { listenOnLoopback } from './listen.ts';
import type { Part } from './part.ts';

export interface GrafanaOptions {
  /** The first is the default one unless another says so. */
  readonly dataSources: readonly DataSource[];
  readonly users?: readonly User[];
  readonly folders?: readonly Folder[];
  readonly libraryElements?: readonly LibraryElement[];
  /** Grafana's own default is 5s. */
  readonly minRefreshInterval?: string;
  readonly multiStatus?: boolean;
  readonly port?: number;
}

export interface RunningGrafana extends Part {
  readonly url: string;
  /** Of a service account that may do everything. */
  readonly token: string;
  /** Holds for requests, and for pages opened, from now on. */
  behave(behaviour: GrafanaBehaviour): void;
  /** Stores a dashboard past the API's checks, as provisioning does. */
  put(dashboard: Dashboard, folderUid?: string): void;
  remove(uid: string): void;
  dashboard(uid: string): Dashboard | undefined;
  permit(folder: Folder): void;
  /** Makes a dashboard public and tells the path of its link. */
  publish(uid: string): string;
  unpublish(uid: string): void;
  /** The data requests of pages, by their panel: `x-panel-id`. */
  asked(): readonly { readonly panel: string; readonly query: string }[];
}

/** Starts a stand-in of Grafana on loopback, above real Prometheus servers; see grafana/README.md for what it leaves out. */
export async function startGrafana(options: GrafanaOptions): Promise<RunningGrafana> {
  const world: World = {
    minRefreshInterval: options.minRefreshInterval ?? '5s',
    multiStatus: options.multiStatus ?? false,
    token: 'glsa_sandboxsandboxsandboxsandboxsand_0a1b2c3d',
    users: options.users ?? [],
    dataSources: options.dataSources.some(({ isDefault }) => isDefault === true)
      ? options.dataSources
      : options.dataSources.map((source, index) => ({ ...source, isDefault: index === 0 })),
    folders: new Map((options.folders ?? []).map((folder) => [folder.uid, folder])),
    dashboards: new Map(),
    libraryElements: new Map((options.libraryElements ?? []).map((element) => [element.uid, element])),
    publicDashboards: new Map(),
  };
  const accounts = createAccounts(world);
  const asked: { panel: string; query: string }[] = [];
  let behaviour: GrafanaBehaviour = { kind: 'well' };

  const app = new Hono();
  app.get('/api/health', (context) => context.json({ commit: '0000000000', database: 'ok', version: '11.6.0' }));
  app.use('/api/*', async (context, next) =>
    behaviour.kind === 'status' ? context.json({ message: 'Internal Server Error', traceID: '' }, behaviour.status) : await next(),
  );
  app.get('/public/build/:file', async (context) => {
    const file = context.req.param('file');
    if (!['page.js', 'panels.js', 'format.js', 'variables.js'].includes(file)) return context.notFound();
    const text = await readFile(path.join(import.meta.dirname, 'grafana/page', file), 'utf8');
    return context.body(text, 200, { 'content-type': 'text/javascript; charset=utf-8' });
  });
  app.get('/login', (context) => context.html(loginPage));
  app.post('/login', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null) return refusals.badRequest(context, 'bad login data');
    const { user, password } = body as { user?: unknown; password?: unknown };
    if (accounts.signIn(context, user, password) === undefined) return refusals.wrongPassword(context);
    return context.json({ message: 'Logged in', redirectUrl: '/' });
  });
  const boot = (accessToken?: string) => ({
    settings: { ...frontendSettings(world), ...(accessToken === undefined ? {} : { publicDashboardAccessToken: accessToken }) },
    sandbox: { broken: behaviour.kind === 'broken' ? [behaviour.panel] : [], isStuck: behaviour.kind === 'stuck' },
  });
  app.get('/public-dashboards/:accessToken', (context) => context.html(shell('Grafana', boot(context.req.param('accessToken')))));
  addPublicLinkRoutes(app, world, () => behaviour);

  // From here on callers must say who they are.
  app.use(async (context, next) => {
    const caller = accounts.callerOf(context);
    if (caller === 'wrong-password') return refusals.wrongPassword(context);
    if (caller === 'wrong-token') return refusals.wrongToken(context);
    if (caller !== 'nobody') return next();
    const { pathname } = new URL(context.req.url);
    return pathname.startsWith('/api/')
      ? refusals.unauthorized(context)
      : context.redirect(`/login?redirectTo=${encodeURIComponent(pathname)}`);
  });
  app.get('/api/frontend/settings', (context) => context.json(frontendSettings(world)));
  addDashboardRoutes(app, world, accounts);
  addPublicConfigRoutes(app, world, accounts);
  addDataSourceRoutes(app, world);
  app.post('/api/ds/query', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const { queries, from = 'now-6h', to = 'now' } = (body ?? {}) as { queries?: readonly Target[]; from?: string; to?: string };
    if (!Array.isArray(queries) || queries.length === 0) return refusals.badRequest(context, 'No queries found');
    const panel = context.req.header('x-panel-id');
    if (panel !== undefined) asked.push({ panel, query: new URL(context.req.url).search });
    return answerQueries({ queries, from, to }, world, behaviour, context);
  });
  app.get('/d/:uid/:slug?', (context) => context.html(shell('Grafana', boot())));
  app.notFound((context) => context.json({ message: 'Not found', traceID: '' }, 404));

  const listening = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), options.port ?? 0);
  return {
    ...listening,
    token: world.token,
    behave: (next) => {
      behaviour = next;
    },
    put: (dashboard, folderUid = '') => void store(world, dashboard, folderUid),
    remove: (uid) => void world.dashboards.delete(uid),
    dashboard: (uid) => world.dashboards.get(uid)?.dashboard,
    permit: (folder) => void world.folders.set(folder.uid, folder),
    publish: (uid) => `/public-dashboards/${publish(world, uid, { isEnabled: true }).accessToken}`,
    unpublish: (uid) => void publish(world, uid, { isEnabled: false }),
    asked: () => asked,
  };
}
