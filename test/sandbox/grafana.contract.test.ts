import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dashboard as GrafanaDashboard, DataSourceRef, LibraryPanel } from '@grafana/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { board, type Board } from '../../src/board/board.ts';
import { grafanaDashboard } from '../../src/board/grafana.ts';
import { connectBoardServer } from '../../src/stack/board-server.ts';
import { serveHttp, type Loopback } from '../probes/loopback.ts';
import { startGrafana, type RunningGrafana } from './grafana.ts';
import type { User } from './grafana/model.ts';

const folder = path.join(import.meta.dirname, '../../gates/accubooks/boards');
const answersFolder = path.join(import.meta.dirname, '../stack/prometheus/answers-2.42');

/** A board of AccuBooks as it is written, with the times that stand in it by default. */
async function boardOf(name: string): Promise<Board> {
  const text = await readFile(path.join(folder, `${name}.yaml`), 'utf8');
  return board.parse(parse(text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')));
}

const viewer: User = { login: 'ada', email: 'ada@x.test', name: 'Ada', password: 'secret', role: 'Viewer', teams: ['engineering'] };
const admin: User = { ...viewer, login: 'admin', email: 'admin@x.test', password: 'admin', role: 'Admin' };
const basic = ({ login, password }: User) => ({ authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` });
const library = { uid: 'lib', name: 'Shared', model: { type: 'stat', title: 'Shared', targets: [{ refId: 'A', expr: 'up' }] } };

let prometheus: Loopback & { readonly url: string };
let grafana: RunningGrafana;
let refuses = false;

beforeAll(async () => {
  // Prometheus 2.42's own answers.
  const [vector, matrix, bad] = await Promise.all(
    ['vector', 'matrix', 'bad_query'].map((name) => readFile(path.join(answersFolder, `${name}.json`))),
  );
  prometheus = await serveHttp(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json');
    if (url.includes('/label/')) return response.end(JSON.stringify({ status: 'success', data: ['attic', 'hall'] }));
    return refuses ? response.writeHead(400).end(bad) : response.end(url.includes('query_range') ? matrix : vector);
  });
  grafana = await startGrafana({
    dataSources: [{ uid: 'prom-1', name: 'Prometheus', type: 'prometheus', url: prometheus.url }],
    users: [viewer, admin],
    folders: [{ uid: 'closed', title: 'Closed', viewers: [] }],
    libraryElements: [library],
  });
  for (const name of ['executive', 'operations', 'business']) grafana.put({ ...grafanaDashboard(await boardOf(name), 'prom-1') });
  grafana.put({ uid: 'secret', title: 'Secret' }, 'closed');
});
afterAll(async () => {
  await grafana.stop();
  await prometheus[Symbol.asyncDispose]();
});

const ask = async (method: string, place: string, headers: object = basic(viewer), json?: object) => {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await fetch(`${grafana.url}${place}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
    ...body,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    json: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined) as unknown,
    headers: answer.headers,
  };
};
const query = (targets: readonly object[]) => ask('POST', '/api/ds/query', basic(viewer), { from: 'now-1h', to: 'now', queries: targets });
const datasource = { uid: 'prom-1', type: 'prometheus' } satisfies DataSourceRef;

/** The fields of documented examples, typed out again. */
const documented = {
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/dashboard/
  dashboard: ['uid', 'title', 'tags', 'timezone', 'schemaVersion', 'version'],
  meta: ['url', 'folderId', 'folderUid', 'slug'],
  saved: ['id', 'uid', 'url', 'status', 'version', 'slug'],
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/data_source/
  dataSource: [
    'id',
    'orgId',
    'uid',
    'name',
    'type',
    'typeLogoUrl',
    'access',
    'url',
    'user',
    'database',
    'basicAuth',
    'isDefault',
    'jsonData',
    'readOnly',
  ],
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/folder_dashboard_search/
  found: ['id', 'uid', 'title', 'url', 'type', 'tags', 'isStarred', 'uri'],
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/library_element/
  libraryElement: ['id', 'orgId', 'folderId', 'folderUid', 'uid', 'name', 'kind', 'type', 'description', 'model', 'version', 'meta'],
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/dashboard_public/
  publicDashboard: [
    'uid',
    'dashboardUid',
    'accessToken',
    'createdBy',
    'updatedBy',
    'createdAt',
    'updatedAt',
    'timeSelectionEnabled',
    'isEnabled',
    'annotationsEnabled',
    'share',
  ],
  // https://grafana.com/docs/grafana/v11.0/developers/http_api/other/#returns-health-information-about-grafana
  health: ['commit', 'database', 'version'],
} as const;
const lacks = (fields: readonly string[], answer: unknown): readonly string[] =>
  fields.filter((field) => !Object.hasOwn(Object(answer) as object, field));

describe("Grafana's stand-in", () => {
  it('answers with the fields that are documented', async () => {
    const { json: whole } = await ask('GET', '/api/dashboards/uid/operations');
    const { dashboard, meta } = whole as { dashboard: Pick<GrafanaDashboard, 'uid' | 'title' | 'refresh' | 'timepicker'>; meta: object };
    expect(dashboard).toMatchObject({ uid: 'operations', title: 'Operations', refresh: '10s' });
    expect([lacks(documented.dashboard, dashboard), lacks(documented.meta, meta)]).toEqual([[], []]);
    expect(lacks(documented.dataSource, (await ask('GET', '/api/datasources/uid/prom-1')).json)).toEqual([]);
    expect(lacks(documented.dataSource, (await ask('GET', '/api/datasources/name/Prometheus')).json)).toEqual([]);
    expect((await ask('GET', '/api/datasources')).json).toHaveLength(1);
    expect(lacks(documented.found, ((await ask('GET', '/api/search?query=exec')).json as unknown[])[0])).toEqual([]);
    expect(lacks(documented.health, (await ask('GET', '/api/health', {})).json)).toEqual([]);
    const { result } = (await ask('GET', '/api/library-elements/lib')).json as { result: Pick<LibraryPanel, 'uid' | 'name' | 'version'> };
    expect([result.uid, lacks(documented.libraryElement, result)]).toEqual(['lib', []]);
  });

  it("takes AccuBooks' exported boards through its API, and refuses what Grafana refuses", async () => {
    const dashboard = { ...grafanaDashboard(await boardOf('executive'), 'prom-1') };
    const saved = await ask('POST', '/api/dashboards/db', basic(admin), { dashboard, overwrite: true });
    expect([saved.status, lacks(documented.saved, saved.json)]).toEqual([200, []]);
    expect(saved.json).toMatchObject({ uid: 'executive', status: 'success', url: '/d/executive/executive-overview' });
    expect(await ask('POST', '/api/dashboards/db', basic(admin), { dashboard })).toMatchObject({
      status: 412,
      json: { status: 'version-mismatch' },
    });
    expect(
      await ask('POST', '/api/dashboards/db', basic(admin), { dashboard: { ...dashboard, refresh: '1s' }, overwrite: true }),
    ).toMatchObject({
      status: 400,
      json: { message: 'Dashboard refresh interval is too low' },
    });
    expect((await ask('POST', '/api/dashboards/db', basic(viewer), { dashboard })).status).toBe(403);
  });

  it('answers every query of them in data frames', async () => {
    for (const name of ['executive', 'operations', 'business']) {
      const { panels } = grafanaDashboard(await boardOf(name), 'prom-1');
      for (const { targets } of panels.flatMap((panel) => ('targets' in panel && panel.targets.length > 0 ? [panel] : []))) {
        const { status, json } = await query(targets);
        const { results } = json as {
          results: Record<
            string,
            {
              status: number;
              frames: { schema: { refId: string; fields: { name: string; type: string }[] }; data: { values: unknown[][] } }[];
            }
          >;
        };
        expect(status).toBe(200);
        expect(Object.keys(results)).toEqual(targets.map(({ refId }) => refId));
        for (const [refId, { status: own, frames }] of Object.entries(results)) {
          expect(own).toBe(200);
          expect(frames[0]?.schema.refId).toBe(refId);
          expect(frames[0]?.schema.fields.map(({ type }) => type)).toEqual(['time', 'number']);
          expect(frames[0]?.data.values).toHaveLength(2);
        }
      }
    }
  });

  it('tells by query what failed, with 400, and refuses what it cannot ask', async () => {
    refuses = true;
    const failed = { status: 400, errorSource: 'downstream', error: expect.stringContaining('bad_data: ') as string, frames: [] };
    expect(await query([{ refId: 'A', expr: 'up(', datasource }])).toMatchObject({ status: 400, json: { results: { A: failed } } });
    refuses = false;
    expect(await query([{ refId: 'A', expr: 'up', datasource: { uid: 'none' } }])).toMatchObject({
      status: 404,
      json: { message: 'Data source not found' },
    });
    expect(await query([])).toMatchObject({ status: 400, json: { message: 'No queries found' } });
  });

  it('tells it with 207 where that is switched on, which the client of board servers reads as well', async () => {
    await using other = await startGrafana({
      dataSources: [{ uid: 'prom-1', name: 'Prometheus', type: 'prometheus', url: prometheus.url }],
      multiStatus: true,
    });
    other.put({ uid: 'one', title: 'One', panels: [{ id: 1, type: 'stat', title: 'Up', targets: [{ refId: 'A', expr: 'up' }] }] });
    const client = connectBoardServer({ name: 'boards', url: other.url, token: other.token });
    const signal = AbortSignal.timeout(10_000);
    const shown = await client.dashboard('one', 'gate', signal);
    if ('refused' in shown) throw new Error(`refused with ${String(shown.refused)}`);
    const [panel] = shown.panels;
    const [asked] = panel?.queries ?? [];
    if (panel === undefined || asked === undefined) throw new Error('the board has lost its query');
    expect(await client.query(shown, panel, asked, 'gate', signal)).toMatchObject({ values: 0 });
    refuses = true;
    expect(await client.query(shown, panel, asked, 'gate', signal)).toMatchObject({
      values: 0,
      error: expect.stringContaining('bad_data: ') as string,
    });
    refuses = false;
    other.behave({ kind: 'status', status: 503 });
    expect(await client.query(shown, panel, asked, 'gate', signal)).toMatchObject({ values: 0, error: 'HTTP 503: Internal Server Error' });
  });

  it('lets in whoever has a password, a token or a session, and refuses others in its words', async () => {
    const place = '/api/dashboards/uid/operations';
    expect(await ask('GET', place, {})).toMatchObject({ status: 401, json: { message: 'Unauthorized', messageId: 'auth.unauthorized' } });
    expect(await ask('GET', place, basic({ ...viewer, password: 'x' }))).toMatchObject({
      status: 401,
      json: { message: 'Invalid username or password', messageId: 'password-auth.failed' },
    });
    expect(await ask('GET', place, { authorization: 'Bearer glsa_wrong' })).toMatchObject({
      status: 401,
      json: { message: 'Invalid API key' },
    });
    expect((await ask('GET', place, { authorization: `Bearer ${grafana.token}` })).status).toBe(200);
    const signedIn = await ask('POST', '/login', {}, { user: 'ada@x.test', password: 'secret' });
    expect(signedIn).toMatchObject({ status: 200, json: { message: 'Logged in' } });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ');
    expect(cookie).toMatch(/grafana_session=[0-9a-f]{32}/);
    expect((await ask('GET', place, { cookie })).status).toBe(200);
    const page = await ask('GET', '/d/operations', {});
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login?redirectTo=%2Fd%2Foperations']);
  });

  it('keeps what is in a folder from those without the right', async () => {
    expect(await ask('GET', '/api/dashboards/uid/secret')).toMatchObject({ status: 403, json: { title: 'Access denied' } });
    expect((await ask('GET', '/api/dashboards/uid/secret', basic(admin))).status).toBe(200);
    expect((await ask('GET', '/api/search?query=secret')).json).toEqual([]);
    expect(await ask('GET', '/api/dashboards/uid/none')).toMatchObject({ status: 404, json: { message: 'Dashboard not found' } });
    expect(await ask('GET', '/api/library-elements/none')).toMatchObject({
      status: 404,
      json: { message: 'library element could not be found' },
    });
  });

  it('shows a public dashboard by its link, without its queries, until it is paused', async () => {
    const own = '/api/dashboards/uid/business/public-dashboards';
    expect(await ask('GET', own)).toMatchObject({ status: 404, json: { messageId: 'publicdashboards.notFound' } });
    const link = grafana.publish('business').replace('/public-dashboards/', '/api/public/dashboards/');
    expect(lacks(documented.publicDashboard, (await ask('GET', own)).json)).toEqual([]);
    const opened = await ask('GET', link, {});
    expect(opened).toMatchObject({ status: 200, json: { dashboard: { title: 'Business Metrics' } } });
    expect(JSON.stringify(opened.json)).not.toContain('"expr"');
    const panel = grafanaDashboard(await boardOf('business'), 'prom-1').panels.find(({ type }) => type === 'stat')?.id;
    expect((await ask('POST', `${link}/panels/${String(panel)}/query`, {}, { intervalMs: 1_000, maxDataPoints: 100 })).json).toHaveProperty(
      'results.A.frames',
    );
    grafana.unpublish('business');
    expect(await ask('GET', link, {})).toMatchObject({ status: 403, json: { messageId: 'publicdashboards.notEnabled' } });
    expect((await ask('GET', '/api/public/dashboards/short', {})).status).toBe(400);
  });

  it('asks its data sources for their health and for the values of labels', async () => {
    expect((await ask('GET', '/api/datasources/uid/prom-1/health')).json).toEqual({
      status: 'OK',
      message: 'Successfully queried the Prometheus API.',
    });
    expect((await ask('GET', '/api/datasources/uid/prom-1/resources/api/v1/label/room/values?match[]=lamps')).json).toMatchObject({
      data: ['attic', 'hall'],
    });
    expect((await ask('GET', '/api/frontend/settings')).json).toMatchObject({ defaultDatasource: 'Prometheus', minRefreshInterval: '5s' });
  });
});
