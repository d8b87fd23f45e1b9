import type { DashboardAnswer, PanelAnswer } from './answers.ts';
import { findDataSource, mixed, type DataSource, type DataSources } from './data-sources.ts';
import { interpolate, variablesIn, type Variables } from './interpolate.ts';

/** A query of a panel, ready to be asked. */
export interface ShownQuery {
  readonly refId: string;
  /** As the dashboard has it. */
  readonly written: string;
  /** With the dashboard's variables put in. */
  readonly expression: string;
  readonly isRange: boolean;
  /** As the dashboard names it; empty for the default one. */
  readonly dataSourceRef: string;
  /** Undefined when the server has no such one. */
  readonly dataSource: DataSource | undefined;
  /** Variables in it that have no value. */
  readonly unresolved: readonly string[];
}

export interface ShownPanel {
  readonly id: string;
  readonly title: string;
  /** What is switched off is left out. */
  readonly queries: readonly ShownQuery[];
  /** Why its library panel could not be read. */
  readonly trouble?: string | undefined;
}

/** Grafana's grid: a unit is 30 px high, with 8 px between. */
const unitPx = 38;
const headerPx = 160;

/** How high a window must be to show all of a dashboard: what is out of sight asks nothing. */
export function heightOf({ panels }: DashboardAnswer['dashboard']): number {
  const all = (panels ?? []).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return (
    headerPx + unitPx * Math.max(0, ...all.map(({ gridPos }) => (gridPos === undefined || gridPos === null ? 0 : gridPos.y + gridPos.h)))
  );
}

/** A panel, and why its library panel could not be read. */
interface UnfoldedPanel {
  readonly panel: PanelAnswer;
  readonly trouble?: string;
}

/** The panels of a dashboard without its rows, and with what is folded into them; library panels as the library has them. */
export async function unfolded(
  { panels }: DashboardAnswer['dashboard'],
  readLibrary: (uid: string) => Promise<PanelAnswer | string>,
): Promise<readonly UnfoldedPanel[]> {
  const flat: readonly PanelAnswer[] = (panels ?? []).flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
  return Promise.all(
    flat.map(async (panel): Promise<UnfoldedPanel> => {
      if (panel.libraryPanel === undefined || panel.libraryPanel === null) return { panel };
      const model = await readLibrary(panel.libraryPanel.uid);
      if (typeof model === 'string') return { panel, trouble: model };
      const { title, datasource, targets } = model;
      return { panel: { ...panel, datasource, targets, title: panel.title === '' ? title : panel.title } };
    }),
  );
}

export function shownPanel(
  panel: PanelAnswer,
  trouble: string | undefined,
  sources: DataSources | undefined,
  variables: Variables,
): ShownPanel {
  const { id, title, datasource, targets } = panel;
  const queries = (targets ?? []).flatMap((target): ShownQuery[] => {
    if (target.hide === true || target.expr === undefined || target.expr === '') return [];
    // A mixed panel's targets name their own; those of any other panel are asked where the panel says.
    const ref = datasource === mixed || datasource === '' ? target.datasource : datasource;
    return [
      {
        refId: target.refId,
        written: target.expr,
        expression: interpolate(target.expr, variables),
        isRange: target.range === true || target.instant !== true,
        dataSourceRef: ref,
        dataSource: findDataSource(ref, sources, variables),
        unresolved: variablesIn(target.expr).filter((name) => variables.declared.has(name) && !variables.values.has(name)),
      },
    ];
  });
  return { id: String(id), title: interpolate(title, variables), queries, ...(trouble === undefined ? {} : { trouble }) };
}
