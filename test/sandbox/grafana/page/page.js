/** @import { Dashboard, DataSourceRef, Panel, Target } from '../model.ts' */
/** @import { Frame } from '../query.ts' */
/** @import { Resolved, Source } from './variables.js' */
import { draw, drawAlerts, make } from './panels.js';
import { interpolate, resolveVariables, sourceOf } from './variables.js';

/** @typedef {{ error?: string, frames?: readonly Frame[] }} Result */
/** @typedef {{ settings: { datasources: Record<string, Source>, defaultDatasource: string, minRefreshInterval: string, publicDashboardAccessToken?: string }, sandbox: { broken: string[], isStuck: boolean } }} Boot */
const { settings, sandbox } = /** @type {{ grafanaBootData: Boot }} */ (/** @type {unknown} */ (globalThis)).grafanaBootData;

const root = /** @type {HTMLElement} */ (document.querySelector('#reactRoot'));
const sources = Object.values(settings.datasources);
const usualIntervals = ['5s', '10s', '30s', '1m', '5m', '15m', '30m', '1h', '2h', '1d'];
const cellPx = 38;
const columnPx = 66;
const pointsWide = 400;
let requests = 100;

/** @param {string} text */
const millis = (text) => {
  const [, count = '0', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(count) * ({ ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[unit] ?? 0);
};

/** @param {string} path */
async function get(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message ?? `HTTP ${answer.status}`);
  return body;
}

/** @param {string} path @param {object} body @param {Record<string, string>} headers @returns {Promise<Result[]>} */
async function post(path, body, headers) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  return json.results === undefined ? [{ error: json.message ?? `HTTP ${answer.status}` }] : Object.values(json.results);
}

/** @param {Dashboard} dashboard */
function spanOf({ time = { from: 'now-6h', to: 'now' } }) {
  const now = Date.now();
  const back = millis(/^now-(.+)$/.exec(time.from)?.[1] ?? '6h');
  return { from: String(now - back), to: String(now), wideMs: back };
}

/** One request for each data source that a panel asks. @param {Panel} panel @param {Dashboard} dashboard @param {Resolved} resolved */
async function askFor(panel, dashboard, resolved) {
  const { from, to, wideMs } = spanOf(dashboard);
  const maxDataPoints = panel.maxDataPoints ?? pointsWide;
  const intervalMs = Math.max(1_000, Math.round(wideMs / maxDataPoints));
  requests += 1;
  const token = settings.publicDashboardAccessToken;
  if (token !== undefined) {
    const body = { intervalMs, maxDataPoints, timeRange: { from, to, timezone: 'browser' } };
    return post(`/api/public/dashboards/${token}/panels/${panel.id}/query`, body, {});
  }
  const isMixed = /** @type {DataSourceRef} */ (panel.datasource ?? {}).uid === '-- Mixed --';
  const targets = (panel.targets ?? []).filter(({ hide }) => hide !== true);
  /** @type {Map<Source, Target[]>} */
  const bySource = new Map();
  for (const target of targets) {
    const ref = isMixed ? target.datasource : (panel.datasource ?? target.datasource);
    const source = sourceOf(ref, sources, settings.defaultDatasource, resolved);
    if (source === undefined) throw new Error(`Datasource ${typeof ref === 'string' ? ref : (ref?.uid ?? '')} was not found`);
    bySource.set(source, [...(bySource.get(source) ?? []), target]);
  }
  const answers = await Promise.all(
    [...bySource].map(([{ uid, type }, own]) => {
      const queries = own.map((target) => ({
        ...target,
        expr: interpolate(target.expr ?? '', resolved),
        datasource: { uid, type },
        intervalMs,
        maxDataPoints,
      }));
      const headers = {
        'x-plugin-id': type,
        'x-datasource-uid': uid,
        'x-dashboard-uid': dashboard.uid,
        'x-dashboard-title': encodeURIComponent(dashboard.title),
        'x-panel-id': String(panel.id),
        'x-panel-plugin-id': panel.type,
      };
      return post(`/api/ds/query?ds_type=${type}&requestId=SQR${requests}`, { queries, from, to }, headers);
    }),
  );
  return answers.flat();
}

/** @param {HTMLElement} section @param {string | undefined} says */
function tell(section, says) {
  section.querySelector('[data-testid="data-testid Panel status error"]')?.remove();
  if (says === undefined) return;
  const button = make('button', { 'data-testid': 'data-testid Panel status error', 'aria-label': 'status' });
  button.addEventListener('mouseenter', () => document.body.append(make('div', { role: 'tooltip' }, says)));
  section.prepend(button);
}

/** @param {Panel} panel @param {HTMLElement} section @param {Dashboard} dashboard @param {Resolved} resolved */
async function refresh(panel, section, dashboard, resolved) {
  const content = /** @type {HTMLElement} */ (section.querySelector('[data-testid="data-testid panel content"]'));
  const bar = make('div', { 'aria-label': 'Panel loading bar' });
  section.prepend(bar);
  try {
    if (panel.type === 'alertlist') {
      const uid = sources.find(({ name }) => name === settings.defaultDatasource)?.uid ?? '';
      content.replaceChildren(
        ...(settings.publicDashboardAccessToken === undefined
          ? drawAlerts(await get(`/api/prometheus/${uid}/api/v1/rules`))
          : [make('div', {}, 'No alerts matching filters')]),
      );
      return tell(section, undefined);
    }
    const results = await askFor(panel, dashboard, resolved);
    if (sandbox.broken.includes(panel.title ?? '')) throw new Error('An unexpected error happened');
    const error = results.find((result) => result.error !== undefined)?.error;
    content.replaceChildren(
      ...draw(
        panel,
        results.flatMap(({ frames = [] }) => frames),
      ),
    );
    tell(section, error);
  } catch (error) {
    content.replaceChildren();
    tell(section, error instanceof Error ? error.message : String(error));
  } finally {
    bar.remove();
  }
}

/** Panels ask when they are first seen, and then with every refresh. @param {Dashboard} dashboard @param {Resolved} resolved */
function show(dashboard, resolved) {
  /** @type {Map<Element, () => Promise<void>>} */
  const waiting = new Map();
  /** @type {Set<() => Promise<void>>} */
  const inUse = new Set();
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const ask = waiting.get(target);
      if (!isIntersecting || ask === undefined || inUse.has(ask)) continue;
      inUse.add(ask);
      void ask();
    }
  });
  let lowest = 0;
  /** @param {HTMLElement} element @param {Panel} panel */
  const place = (element, { gridPos = { h: 8, w: 24, x: 0, y: lowest } }) => {
    Object.assign(element.style, {
      left: `${gridPos.x * columnPx}px`,
      top: `${gridPos.y * cellPx}px`,
      width: `${gridPos.w * columnPx}px`,
      height: `${gridPos.h * cellPx}px`,
    });
    lowest = Math.max(lowest, gridPos.y + gridPos.h);
    root.style.height = `${lowest * cellPx}px`;
    root.append(element);
  };
  /** @param {Panel} panel */
  const add = (panel) => {
    const title = interpolate(panel.title ?? '', resolved);
    const section = make(
      'section',
      { 'data-testid': `data-testid Panel header ${title}` },
      make('h2', {}, title),
      make('div', { 'data-testid': 'data-testid panel content' }),
    );
    place(section, panel);
    waiting.set(section, () => refresh(panel, section, dashboard, resolved));
    seen.observe(section);
  };
  for (const panel of dashboard.panels ?? []) {
    if (panel.type !== 'row') {
      add(panel);
      continue;
    }
    const isFolded = panel.collapsed === true;
    const button = make(
      'button',
      {
        'data-testid': `data-testid dashboard-row-title-${panel.title}`,
        'aria-label': isFolded ? 'Expand row' : 'Collapse row',
        'aria-expanded': String(!isFolded),
      },
      panel.title ?? '',
    );
    place(button, panel);
    if (!isFolded) continue;
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-expanded') === 'true') return;
      button.setAttribute('aria-expanded', 'true');
      button.setAttribute('aria-label', 'Collapse row');
      for (const inner of panel.panels ?? []) add(inner);
    });
  }
  const every = dashboard.refresh || '';
  const allowed = (dashboard.timepicker?.refresh_intervals ?? usualIntervals).filter(
    (each) => millis(each) >= millis(settings.minRefreshInterval),
  );
  // As Grafana's scenes do: an interval that is not among those allowed is not kept at all.
  if (every !== '' && allowed.includes(every) && !sandbox.isStuck)
    setInterval(() => [...inUse].forEach((ask) => void ask()), millis(every));
}

/** @param {Panel} panel @returns {Promise<Panel>} */
async function withLibrary(panel) {
  const inner = panel.panels === undefined ? {} : { panels: await Promise.all(panel.panels.map(withLibrary)) };
  if (panel.libraryPanel === undefined || settings.publicDashboardAccessToken !== undefined) return { ...panel, ...inner };
  const { result } = await get(`/api/library-elements/${panel.libraryPanel.uid}`);
  return { ...result.model, id: panel.id, gridPos: panel.gridPos, title: panel.title ?? result.model.title };
}

async function open() {
  const token = settings.publicDashboardAccessToken;
  const uid = location.pathname.split('/')[2] ?? '';
  /** @type {{ dashboard: Dashboard }} */
  const { dashboard } = await get(token === undefined ? `/api/dashboards/uid/${uid}` : `/api/public/dashboards/${token}`);
  document.title = `${dashboard.title} - Dashboards - Grafana`;
  const resolved = await resolveVariables(
    token === undefined ? dashboard : { ...dashboard, templating: {} },
    sources,
    settings.defaultDatasource,
    get,
  );
  show({ ...dashboard, panels: await Promise.all((dashboard.panels ?? []).map(withLibrary)) }, resolved);
}

open().catch((error) =>
  root.append(make('div', { 'data-testid': 'data-testid Alert error' }, error instanceof Error ? error.message : String(error))),
);
