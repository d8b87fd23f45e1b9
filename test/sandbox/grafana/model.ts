/** What the stand-in reads of a dashboard; the rest is kept as it came. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly refresh?: string | false;
  readonly panels?: readonly Panel[];
  readonly timepicker?: { readonly refresh_intervals?: readonly string[] };
  readonly time?: { readonly from: string; readonly to: string };
  readonly templating?: { readonly list?: readonly Variable[] };
  readonly [key: string]: unknown;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly gridPos?: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource?: DataSourceRef | string | null;
  readonly targets?: readonly Target[];
  readonly collapsed?: boolean;
  readonly panels?: readonly Panel[];
  readonly libraryPanel?: { readonly uid: string; readonly name?: string };
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string; readonly mappings?: readonly unknown[] } };
  readonly maxDataPoints?: number;
}

export interface DataSourceRef {
  readonly uid?: string;
  readonly type?: string;
}

export interface Target {
  readonly refId: string;
  readonly expr?: string;
  readonly hide?: boolean;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly legendFormat?: string;
  readonly datasource?: DataSourceRef | string | null;
  readonly intervalMs?: number;
  readonly maxDataPoints?: number;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query?: unknown;
  readonly current?: { readonly value?: unknown };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  readonly regex?: string;
  readonly datasource?: DataSourceRef | string | null;
}

export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  /** The address of a Prometheus. */
  readonly url: string;
  readonly isDefault?: boolean;
  /** `timeInterval` is how often its targets are scraped. */
  readonly jsonData?: { readonly timeInterval?: string };
}

export interface User {
  readonly login: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: 'Admin' | 'Editor' | 'Viewer';
  readonly teams: readonly string[];
}

/** A folder and the teams that may view what is in it; admins always may. */
export interface Folder {
  readonly uid: string;
  readonly title: string;
  readonly viewers: 'everybody' | readonly string[];
}

export interface LibraryElement {
  readonly uid: string;
  readonly name: string;
  readonly model: Omit<Panel, 'id'>;
}

export interface PublicDashboard {
  readonly uid: string;
  readonly dashboardUid: string;
  readonly accessToken: string;
  readonly isEnabled: boolean;
}

export interface Stored {
  readonly id: number;
  readonly dashboard: Dashboard;
  readonly version: number;
  readonly folderUid: string;
  readonly created: string;
  readonly updated: string;
}

/** Everything that the stand-in knows. */
export interface World {
  readonly minRefreshInterval: string;
  /** Data sources that answer each query with its own status use 207, else 400. */
  readonly multiStatus: boolean;
  readonly token: string;
  readonly users: readonly User[];
  readonly dataSources: readonly DataSource[];
  readonly folders: Map<string, Folder>;
  readonly dashboards: Map<string, Stored>;
  readonly libraryElements: Map<string, LibraryElement>;
  readonly publicDashboards: Map<string, PublicDashboard>;
}

export function publicDashboardOf(world: World, uid: string): PublicDashboard | undefined {
  return [...world.publicDashboards.values()].find(({ dashboardUid }) => dashboardUid === uid);
}

/** The panels of a dashboard, those folded into rows among them. */
export function panelsOf({ panels = [] }: Pick<Dashboard, 'panels'>): readonly Panel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}
