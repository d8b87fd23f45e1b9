import type { Dashboard, MappingType, Panel, RowPanel, ThresholdsMode } from '@grafana/schema';
import { describe, expect, it } from 'vitest';
import { board } from '../../src/board/board.ts';
import { grafanaDashboard } from '../../src/board/grafana.ts';

/** A type of Grafana's as JSON has it: its enums are plain texts there. */
type AsWritten<Type> = Type extends MappingType | ThresholdsMode
  ? `${Type}`
  : Type extends object
    ? { [Key in keyof Type]: AsWritten<Type[Key]> }
    : Type;

const declared = board.parse({
  board: 'ops',
  title: 'Ops',
  refresh: '10s',
  access: { roles: ['engineering'] },
  panels: [
    {
      panel: 'rate',
      section: 'API',
      title: 'Rate',
      show: 'lines',
      unit: 'per-second',
      queries: [{ query: 'sum(rate(a[1m]))' }, { query: 'b', legend: 'B' }],
    },
    {
      panel: 'pool',
      section: 'Database',
      title: 'Pool',
      show: 'stat',
      unit: 'percent',
      warning: 70,
      critical: 90,
      queries: [{ query: 'pool' }],
    },
    { panel: 'alerts', title: 'Alerts', show: 'alerts', last: 10 },
  ],
});

describe('a board for Grafana', () => {
  const dashboard = grafanaDashboard(declared, 'prom-1');

  it("fits Grafana's own schema", () => {
    // Checked by the compiler; what Grafana adds by itself is left to it.
    const own: Pick<Dashboard, 'uid' | 'title' | 'refresh' | 'schemaVersion' | 'editable' | 'tags'> = dashboard;
    expect(own).toMatchObject({ uid: 'ops', title: 'Ops', refresh: '10s', schemaVersion: 39, editable: false });
    const panels: readonly (AsWritten<Panel> | AsWritten<RowPanel>)[] = dashboard.panels;
    expect(panels).toHaveLength(5);
  });

  it('offers its own interval, for Grafana keeps to no other, and writes it as Grafana reads it', () => {
    expect(dashboard.timepicker.refresh_intervals).toContain('10s');
    const odd = grafanaDashboard({ ...declared, refresh: 90_000 }, 'prom-1');
    expect([odd.refresh, odd.timepicker.refresh_intervals.slice(3, 6)]).toEqual(['90s', ['1m', '90s', '5m']]);
    const offered: Dashboard['timepicker'] = { ...odd.timepicker, refresh_intervals: [...odd.timepicker.refresh_intervals] };
    expect(offered.refresh_intervals).toHaveLength(11);
  });

  it('has a row for each section, and every panel below its own', () => {
    expect(dashboard.panels.map(({ type, title }) => `${type} ${title}`)).toEqual([
      'row API',
      'timeseries Rate',
      'row Database',
      'stat Pool',
      'alertlist Alerts',
    ]);
    const tops = dashboard.panels.map(({ gridPos }) => gridPos.y);
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(5);
  });

  it('keeps queries, data source, units and thresholds', () => {
    expect(dashboard.panels[1]).toMatchObject({
      datasource: { type: 'prometheus', uid: 'prom-1' },
      targets: [
        { refId: 'A', expr: 'sum(rate(a[1m]))', range: true, instant: false },
        { refId: 'B', expr: 'b', legendFormat: 'B' },
      ],
      fieldConfig: { defaults: { unit: 'cps' } },
    });
    expect(dashboard.panels[3]).toMatchObject({
      targets: [{ instant: true }],
      fieldConfig: {
        defaults: {
          unit: 'percent',
          thresholds: { steps: [{ value: null }, { color: 'yellow', value: 70 }, { color: 'red', value: 90 }] },
        },
      },
    });
    expect(dashboard.panels[4]).toMatchObject({ options: { maxItems: 10 }, targets: [] });
  });
});
