import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Hono } from 'hono';
import type { GrafanaBehaviour } from './behaviour.ts';
import { panelsOf, type DataSource, type DataSourceRef, type Target, type World } from './model.ts';
import { runQuery, type Result } from './query.ts';
import { refusals } from './refusals.ts';
import { instantMs, intervalMs } from './time.ts';

interface Asked {
  readonly queries: readonly Target[];
  readonly from: string;
  readonly to: string;
}

/** Answers queries, each with its own status; one that fails makes the whole 400, or 207 where that is switched on. */
export async function answerQueries(
  { queries, from, to }: Asked,
  world: World,
  behaviour: GrafanaBehaviour,
  context: Context,
): Promise<Response> {
  const sources = queries.map((query) => dataSourceOf(world, query.datasource));
  if (sources.some((source) => source === undefined)) return refusals.noDataSource(context);
  if (behaviour.kind === 'slow') await delay(behaviour.ms);
  const now = behaviour.kind === 'frozen' ? behaviour.atMs : Date.now();
  const span = { fromMs: instantMs(from, now), toMs: instantMs(to, now) };
  if (!Number.isFinite(span.fromMs) || !Number.isFinite(span.toMs)) return refusals.badRequest(context, 'Query data error');
  const lateMs = behaviour.kind === 'frozen' ? Math.max(0, span.toMs - behaviour.atMs) : 0;
  const results = await Promise.all(
    queries.map(async (query, index): Promise<readonly [string, Result]> => {
      const source = sources[index] as DataSource;
      const spoilt = spoiltBy(behaviour, query, world);
      return [query.refId, spoilt ?? (await runQuery(query, source, { fromMs: span.fromMs - lateMs, toMs: span.toMs - lateMs }))];
    }),
  );
  const isWrong = results.some(([, result]) => 'error' in result);
  return context.json({ results: Object.fromEntries(results) }, isWrong ? (world.multiStatus ? 207 : 400) : 200);
}

/** Panels are told apart by what they ask: whoever asks through the API does not name one. */
function spoiltBy(behaviour: GrafanaBehaviour, { expr, refId }: Target, world: World): Result | undefined {
  if (behaviour.kind !== 'empty' && behaviour.kind !== 'failing') return undefined;
  const panels = [...world.dashboards.values()].flatMap(({ dashboard }) => panelsOf(dashboard));
  const isMeant = panels.some(({ title, targets = [] }) => title === behaviour.panel && targets.some((target) => target.expr === expr));
  if (!isMeant) return undefined;
  if (behaviour.kind === 'failing') return { error: behaviour.says, errorSource: 'downstream', status: 400, frames: [] };
  return { status: 200, frames: [{ schema: { refId, meta: { custom: { resultType: 'vector' } }, fields: [] }, data: { values: [] } }] };
}

function dataSourceOf({ dataSources }: World, ref: DataSourceRef | string | null | undefined): DataSource | undefined {
  const uid = typeof ref === 'string' ? ref : ref?.uid;
  return dataSources.find((source) => source.uid === uid);
}

/** Data sources, and what is asked through them: label values for template variables. */
export function addDataSourceRoutes(app: Hono, world: World): void {
  const shown = ({ uid, name, type, url, isDefault = false, jsonData = {} }: DataSource) => ({
    id: world.dataSources.findIndex((source) => source.uid === uid) + 1,
    uid,
    orgId: 1,
    name,
    type,
    typeLogoUrl: 'public/app/plugins/datasource/prometheus/img/prometheus_logo.svg',
    access: 'proxy',
    url,
    user: '',
    database: '',
    basicAuth: false,
    isDefault,
    jsonData,
    readOnly: false,
  });
  const byUid = (uid: string | undefined) => world.dataSources.find((source) => source.uid === uid);
  app.get('/api/datasources', (context) => context.json(world.dataSources.map(shown)));
  app.get('/api/datasources/name/:name', (context) => {
    const found = world.dataSources.find(({ name }) => name === context.req.param('name'));
    return found === undefined ? refusals.noDataSource(context) : context.json(shown(found));
  });
  app.get('/api/datasources/uid/:uid', (context) => {
    const found = byUid(context.req.param('uid'));
    return found === undefined ? refusals.noDataSource(context) : context.json(shown(found));
  });
  app.get('/api/datasources/uid/:uid/health', async (context) => {
    const found = byUid(context.req.param('uid'));
    if (found === undefined) return refusals.noDataSource(context);
    const result = await runQuery({ refId: '__healthcheck__', expr: '1+1', instant: true }, found, {
      fromMs: Date.now() - 1_000,
      toMs: Date.now(),
    });
    return 'error' in result
      ? context.json({ status: 'ERROR', message: `${result.error} - There was an error returned querying the Prometheus API.` }, 400)
      : context.json({ status: 'OK', message: 'Successfully queried the Prometheus API.' });
  });
  app.get('/api/datasources/uid/:uid/resources/*', async (context) => {
    const found = byUid(context.req.param('uid'));
    if (found === undefined) return refusals.noDataSource(context);
    const url = new URL(context.req.url);
    const path = url.pathname.slice(`/api/datasources/uid/${context.req.param('uid')}/resources/`.length);
    const answer = await fetch(`${found.url}/${path}${url.search}`, { signal: AbortSignal.timeout(30_000) });
    return context.body(await answer.text(), answer.status as 200, { 'content-type': 'application/json' });
  });
  // The alerts of a data source, as the alert list asks for them.
  app.get('/api/prometheus/:uid/api/v1/rules', async (context) => {
    const found = byUid(context.req.param('uid'));
    if (found === undefined) return refusals.noDataSource(context);
    const answer = await fetch(`${found.url}/api/v1/rules`, { signal: AbortSignal.timeout(30_000) });
    return context.body(await answer.text(), answer.status as 200, { 'content-type': 'application/json' });
  });
}

/** What the page itself is told of the server before anything else. */
export function frontendSettings(world: World) {
  return {
    defaultDatasource: world.dataSources.find(({ isDefault }) => isDefault === true)?.name ?? '',
    datasources: Object.fromEntries(
      world.dataSources.map(({ uid, name, type, isDefault = false, jsonData = {} }, index) => [
        name,
        { id: index + 1, uid, name, type, isDefault, jsonData, access: 'proxy', url: `/api/datasources/proxy/uid/${uid}` },
      ]),
    ),
    minRefreshInterval: world.minRefreshInterval,
    buildInfo: { version: '11.6.0', edition: 'Open Source', env: 'production' },
  };
}

export function isTooShort(refresh: unknown, minimum: string): boolean {
  return typeof refresh === 'string' && refresh !== '' && refresh !== 'auto' && intervalMs(refresh) < intervalMs(minimum);
}
