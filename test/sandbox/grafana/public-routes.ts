import { randomBytes, randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { mayView, type Accounts } from './accounts.ts';
import type { GrafanaBehaviour } from './behaviour.ts';
import { answerQueries } from './data-routes.ts';
import { slugOf } from './dashboard-routes.ts';
import { panelsOf, publicDashboardOf, type Panel, type PublicDashboard, type Stored, type User, type World } from './model.ts';
import { refusals } from './refusals.ts';

export function publish(world: World, dashboardUid: string, change: Partial<PublicDashboard> = {}): PublicDashboard {
  const before = publicDashboardOf(world, dashboardUid);
  const made = { uid: randomUUID(), dashboardUid, accessToken: randomBytes(16).toString('hex'), isEnabled: true, ...before, ...change };
  world.publicDashboards.set(made.accessToken, made);
  return made;
}

/** Whether a dashboard has a public link, for those who may view it, and making one, for admins. */
export function addPublicConfigRoutes(app: Hono, world: World, accounts: Accounts): void {
  const shown = ({ uid, dashboardUid, accessToken, isEnabled }: PublicDashboard) => ({
    uid,
    dashboardUid,
    accessToken,
    isEnabled,
    annotationsEnabled: false,
    timeSelectionEnabled: false,
    share: 'public',
    createdBy: 1,
    updatedBy: 1,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  });
  app.get('/api/dashboards/uid/:uid/public-dashboards', (context) => {
    const stored = world.dashboards.get(context.req.param('uid'));
    if (stored === undefined) return refusals.noDashboard(context);
    if (!mayView(accounts.callerOf(context) as User, stored, world.folders)) return refusals.denied(context, 'dashboards:read');
    const found = publicDashboardOf(world, stored.dashboard.uid);
    return found === undefined ? refusals.noPublicDashboard(context) : context.json(shown(found));
  });
  app.post('/api/dashboards/uid/:uid/public-dashboards', async (context) => {
    const caller = accounts.callerOf(context) as User | 'service-account';
    if (caller !== 'service-account' && caller.role !== 'Admin') return refusals.denied(context, 'dashboards.public:write');
    const uid = context.req.param('uid');
    if (!world.dashboards.has(uid)) return refusals.noDashboard(context);
    const { isEnabled = false } = (await context.req.json().catch(() => ({}))) as { isEnabled?: boolean };
    return context.json(shown(publish(world, uid, { isEnabled })));
  });
}

/** A dashboard that everybody may open who has its link. Its queries are kept to the server: only panels can be asked for. */
export function addPublicLinkRoutes(app: Hono, world: World, behaviour: () => GrafanaBehaviour): void {
  const opened = (context: Context): Response | Stored => {
    const accessToken = context.req.param('accessToken') ?? '';
    if (!/^[0-9a-f]{32}$/.test(accessToken)) return refusals.badAccessToken(context);
    const found = world.publicDashboards.get(accessToken);
    const stored = found && world.dashboards.get(found.dashboardUid);
    if (found === undefined || stored === undefined) return refusals.noPublicDashboard(context);
    return found.isEnabled ? stored : refusals.pausedPublicDashboard(context);
  };
  app.get('/api/public/dashboards/:accessToken', (context) => {
    const stored = opened(context);
    if (stored instanceof Response) return stored;
    const { dashboard, version, created, updated } = stored;
    return context.json({
      meta: {
        type: 'db',
        canSave: false,
        canEdit: false,
        canAdmin: false,
        canStar: false,
        canDelete: false,
        slug: slugOf(dashboard.title),
        url: '',
        created,
        updated,
        version,
        isFolder: false,
        publicDashboardEnabled: true,
      },
      dashboard: { ...dashboard, panels: (dashboard.panels ?? []).map(withoutQueries) },
    });
  });
  app.post('/api/public/dashboards/:accessToken/panels/:id/query', async (context) => {
    const stored = opened(context);
    if (stored instanceof Response) return stored;
    const panel = panelsOf(stored.dashboard).find(({ id }) => String(id) === context.req.param('id'));
    if (panel === undefined)
      return context.json(
        { message: 'Public dashboard panel not found', messageId: 'publicdashboards.panelNotFound', statusCode: 404, traceID: '' },
        404,
      );
    const body: unknown = await context.req.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null) return refusals.badRequest(context, 'Bad request');
    const { intervalMs, maxDataPoints } = body as { intervalMs?: number; maxDataPoints?: number };
    const { from, to } = stored.dashboard.time ?? { from: 'now-6h', to: 'now' };
    const queries = (panel.targets ?? [])
      .filter(({ hide }) => hide !== true)
      .map((target) => ({
        ...target,
        datasource: target.datasource ?? panel.datasource ?? null,
        ...(intervalMs ? { intervalMs } : {}),
        ...(maxDataPoints ? { maxDataPoints } : {}),
      }));
    return answerQueries({ queries, from, to }, world, behaviour(), context);
  });
}

function withoutQueries(panel: Panel): Panel {
  return {
    ...panel,
    targets: (panel.targets ?? []).map(({ expr: _kept, ...target }) => target),
    ...(panel.panels === undefined ? {} : { panels: panel.panels.map(withoutQueries) }),
  };
}
