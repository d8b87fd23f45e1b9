import { formatDuration, parseDuration } from '../base/duration.ts';
import type { Board, Panel } from './board.ts';

/** Grafana's panel types and units for ours. */
const types: Readonly<Record<Panel['show'], string>> = {
  status: 'stat',
  stat: 'stat',
  lines: 'timeseries',
  bars: 'bargauge',
  pie: 'piechart',
  alerts: 'alertlist',
};
const units: Readonly<Record<Panel['unit'], string>> = {
  none: 'none',
  count: 'short',
  percent: 'percent',
  ratio: 'percentunit',
  milliseconds: 'ms',
  seconds: 's',
  bytes: 'bytes',
  'per-second': 'cps',
  'bytes-per-second': 'Bps',
};

/** What a status is called, as on our own page: a bare 0 says nothing to people. */
const statuses = {
  type: 'value',
  options: {
    '0': { text: 'All systems normal', color: 'green', index: 0 },
    '1': { text: 'Degraded', color: 'yellow', index: 1 },
    '2': { text: 'Critical', color: 'red', index: 2 },
  },
} as const;

/** What Grafana's pages offer when a dashboard does not say. */
export const usualIntervals = ['5s', '10s', '30s', '1m', '5m', '15m', '30m', '1h', '2h', '1d'];

const columns = 24;
const height = 8;

/** A letter for each query of a panel, as Grafana names them. */
export function refIdOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Whether a panel's queries are asked over its stretch of time, or for now. */
export function isRange({ show }: Panel): boolean {
  return show === 'lines';
}

/** A board as Grafana's dashboard JSON: what `POST /api/dashboards/db` takes under `dashboard`. Source: Grafana's dashboard schema, version 39. */
export function grafanaDashboard(board: Board, dataSource: string) {
  return {
    uid: board.board,
    title: board.title,
    description: board.purpose ?? '',
    tags: ['liveproof', ...board.ref],
    refresh: intervalOf(board.refresh),
    schemaVersion: 39,
    editable: false,
    time: { from: 'now-1h', to: 'now' },
    timepicker: { refresh_intervals: intervalsWith(board.refresh) },
    timezone: 'browser',
    panels: laidOut(board.panels).map(({ panel, section, gridPos }, index) =>
      panel === undefined ? rowOf(section, gridPos, index + 1) : panelOf(panel, gridPos, index + 1, dataSource),
    ),
  };
}

/** Grafana's intervals have one unit: 90 s are `90s`, not `1m30s`. */
function intervalOf(ms: number): string {
  const written = formatDuration(ms);
  return /^\d+[a-z]+$/.test(written) ? written : ms % 1_000 === 0 ? `${String(ms / 1_000)}s` : `${String(ms)}ms`;
}

/** Grafana's pages keep to no interval that they do not offer: what they offer by themselves, and the board's own. */
function intervalsWith(refreshMs: number): readonly string[] {
  return [...new Set([...usualIntervals, intervalOf(refreshMs)])].toSorted((a, b) => (parseDuration(a) ?? 0) - (parseDuration(b) ?? 0));
}

interface Place {
  readonly h: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
}

interface Laid {
  readonly panel?: Panel;
  readonly section: string;
  readonly gridPos: Place;
}

/** Section by section, each under its heading, from left to right. */
function laidOut(panels: readonly Panel[]): readonly Laid[] {
  const laid: Laid[] = [];
  let y = 0;
  for (const [section, own] of Map.groupBy(panels, (panel) => panel.section ?? '')) {
    if (section !== '') laid.push({ section, gridPos: { h: 1, w: columns, x: 0, y: y++ } });
    let x = 0;
    for (const panel of own) {
      const w = panel.show === 'alerts' ? columns : panel.show === 'lines' ? 8 : 6;
      if (x + w > columns) [x, y] = [0, y + height];
      laid.push({ panel, section, gridPos: { h: height, w, x, y } });
      x += w;
    }
    y += height;
  }
  return laid;
}

function rowOf(title: string, gridPos: Place, id: number) {
  return { id, type: 'row', title, collapsed: false, gridPos, panels: [] };
}

function panelOf(panel: Panel, gridPos: Place, id: number, uid: string) {
  const { title, show, queries, unit, warning, critical, last } = panel;
  const datasource = { type: 'prometheus', uid };
  const steps = [
    { color: 'green', value: null },
    ...(warning === undefined ? [] : [{ color: 'yellow', value: warning }]),
    ...(critical === undefined ? [] : [{ color: 'red', value: critical }]),
  ];
  return {
    id,
    type: types[show],
    title,
    gridPos,
    ...(show === 'alerts' ? {} : { datasource }),
    targets: queries.map(({ query, legend }, index) => ({
      refId: refIdOf(index),
      expr: query,
      datasource,
      legendFormat: legend ?? '__auto',
      range: isRange(panel),
      instant: !isRange(panel),
    })),
    fieldConfig: {
      defaults: {
        unit: units[unit],
        thresholds: { mode: 'absolute' as const, steps },
        ...(show === 'status' ? { mappings: [statuses] } : {}),
      },
      overrides: [],
    },
    options: show === 'alerts' ? { maxItems: last ?? 20, sortOrder: 3, viewMode: 'list' } : {},
  };
}
