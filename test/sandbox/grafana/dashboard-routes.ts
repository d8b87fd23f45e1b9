import type { Context, Hono } from 'hono';
import { mayView, type Accounts } from './accounts.ts';
import { isTooShort } from './data-routes.ts';
import { type Dashboard, type Stored, type User, type World } from './model.ts';
import { refusals } from './refusals.ts';

/** Stores a dashboard as `POST /api/dashboards/db` does. */
export function store(world: World, dashboard: Dashboard, folderUid = ''): Stored {
  const before = world.dashboards.get(dashboard.uid);
  const now = new Date().toISOString();
  const id = before?.id ?? world.dashboards.size + 1;
  const version = (before?.version ?? 0) + 1;
  const stored = { id, dashboard: { ...dashboard, id, version }, version, folderUid, created: before?.created ?? now, updated: now };
  world.dashboards.set(dashboard.uid, stored);
  return stored;
}

export function addDashboardRoutes(app: Hono, world: World, accounts: Accounts): void {
  const callerOf = (context: Context) => accounts.callerOf(context) as User | 'service-account';
  app.get('/api/dashboards/uid/:uid', (context) => {
    const stored = world.dashboards.get(context.req.param('uid'));
    if (stored === undefined) return refusals.noDashboard(context);
    if (!mayView(callerOf(context), stored, world.folders)) return refusals.denied(context, 'dashboards:read');
    return context.json({ meta: metaOf(stored, world, callerOf(context)), dashboard: stored.dashboard });
  });
  app.post('/api/dashboards/db', async (context) => {
    const caller = callerOf(context);
    if (caller !== 'service-account' && caller.role === 'Viewer') return refusals.denied(context, 'dashboards:create');
    const body: unknown = await context.req.json().catch(() => undefined);
    const { dashboard, folderUid = '', overwrite } = (body ?? {}) as { dashboard?: Dashboard; folderUid?: string; overwrite?: boolean };
    if (dashboard === undefined) return refusals.badRequest(context, 'bad request data');
    if (dashboard.title === '') return context.json({ status: 'empty-name', message: 'Dashboard title cannot be empty' }, 400);
    if (isTooShort(dashboard.refresh, world.minRefreshInterval))
      return refusals.badRequest(context, 'Dashboard refresh interval is too low');
    if (world.dashboards.has(dashboard.uid) && overwrite !== true) {
      return context.json({ status: 'version-mismatch', message: 'The dashboard has been changed by someone else' }, 412);
    }
    const stored = store(world, dashboard, folderUid);
    const slug = slugOf(dashboard.title);
    return context.json({
      folderUid,
      id: stored.id,
      slug,
      status: 'success',
      uid: dashboard.uid,
      url: `/d/${dashboard.uid}/${slug}`,
      version: stored.version,
    });
  });
  app.get('/api/search', (context) => {
    const query = (context.req.query('query') ?? '').toLowerCase();
    const uids = context.req.queries('dashboardUIDs');
    const found = [...world.dashboards.values()].filter(
      (stored) =>
        mayView(callerOf(context), stored, world.folders) &&
        stored.dashboard.title.toLowerCase().includes(query) &&
        (uids === undefined || uids.includes(stored.dashboard.uid)),
    );
    return context.json(
      found.map(({ id, dashboard: { uid, title, tags = [] }, folderUid }) => ({
        id,
        uid,
        title,
        uri: `db/${slugOf(title)}`,
        url: `/d/${uid}/${slugOf(title)}`,
        slug: '',
        type: 'dash-db',
        tags,
        isStarred: false,
        ...(folderUid === '' ? {} : { folderUid, folderTitle: world.folders.get(folderUid)?.title }),
        sortMeta: 0,
      })),
    );
  });
  app.get('/api/library-elements/:uid', (context) => {
    const element = world.libraryElements.get(context.req.param('uid'));
    if (element === undefined) return refusals.noLibraryElement(context);
    const { uid, name, model } = element;
    return context.json({
      result: {
        id: 1,
        orgId: 1,
        folderId: 0,
        folderUid: '',
        uid,
        name,
        kind: 1,
        type: model.type,
        description: '',
        model,
        version: 1,
        meta: {},
      },
    });
  });
}

function metaOf(
  { folderUid, version, created, updated, dashboard: { uid, title } }: Stored,
  world: World,
  caller: User | 'service-account',
) {
  const mayChange = caller === 'service-account' || caller.role !== 'Viewer';
  return {
    type: 'db',
    canSave: mayChange,
    canEdit: mayChange,
    canAdmin: caller === 'service-account' || caller.role === 'Admin',
    canStar: true,
    canDelete: mayChange,
    slug: slugOf(title),
    url: `/d/${uid}/${slugOf(title)}`,
    expires: '0001-01-01T00:00:00Z',
    created,
    updated,
    updatedBy: 'admin',
    createdBy: 'admin',
    version,
    hasAcl: false,
    isFolder: false,
    folderId: 0,
    folderUid,
    folderTitle: world.folders.get(folderUid)?.title ?? 'Dashboards',
    provisioned: false,
    provisionedExternalId: '',
  };
}

export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
