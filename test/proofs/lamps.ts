import { board, type Board } from '../../src/board/board.ts';
import { grafanaDashboard } from '../../src/board/grafana.ts';
import type { Person } from '../../src/gate/gate.ts';
import { startExporter } from '../sandbox/exporter.ts';
import { startGrafana, type GrafanaOptions } from '../sandbox/grafana.ts';
import type { Dashboard, User } from '../sandbox/grafana/model.ts';
import { startPrometheus } from '../sandbox/prometheus.ts';

/** A small board with a panel of every kind that Grafana draws from queries. */
export const lamps: Board = board.parse({
  board: 'lamps',
  title: 'Lamps',
  refresh: '2s',
  access: { roles: ['engineering'] },
  panels: [
    { panel: 'made', section: 'Making', title: 'Made', show: 'stat', unit: 'count', queries: [{ query: 'sum(made_total)' }] },
    { panel: 'wait', section: 'Making', title: 'Wait', show: 'stat', unit: 'milliseconds', queries: [{ query: 'max(wait_ms)' }] },
    {
      panel: 'rooms',
      section: 'Rooms',
      title: 'Lamps by room',
      show: 'bars',
      unit: 'count',
      queries: [{ query: 'sum by (room) (lamps)', legend: '{{room}}' }],
    },
    {
      panel: 'rate',
      section: 'Rooms',
      title: 'Rate',
      show: 'lines',
      unit: 'per-second',
      queries: [{ query: 'sum(rate(made_total[$__rate_interval]))', legend: 'p95' }],
    },
    { panel: 'alerts', title: 'Alerts', show: 'alerts' },
  ],
});

export const ada: Person = { name: 'ada', email: 'ada@lamps.test', roles: ['engineering'], password: 'ada-secret' };
export const mary: Person = { name: 'mary', email: 'mary@lamps.test', roles: ['product'], password: 'mary-secret' };
/** The gate's people as Grafana knows them: their roles are teams. */
export function usersOf(people: readonly Person[]): readonly User[] {
  return people.map(({ name, email, password = '', roles }) => ({ login: name, email, name, password, role: 'Viewer', teams: roles }));
}
const users = usersOf([ada, mary]);

/** Starts a real Prometheus that scrapes the lamps, another that knows nothing, and a Grafana above both. */
export async function startLamps(options: Partial<GrafanaOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const state = { made: 1_234, hasRooms: true, waitAtMs: undefined as number | undefined };
  // With times of its own: such a series stays until it is too old, and is not marked as ended.
  const wait = (): string => `wait_ms 250 ${String(state.waitAtMs ?? Date.now())}\n`;
  const rooms = (): string => (state.hasRooms ? 'lamps{room="attic"} 2\nlamps{room="hall"} 4\n' : '');
  const exporter = stack.use(await startExporter(() => `made_total ${String(state.made)}\n${wait()}${rooms()}`));
  const config = (jobs: string): string => `global: { scrape_interval: 1s, evaluation_interval: 1s }\nscrape_configs: [${jobs}]\n`;
  const [prometheus, staging] = await Promise.all([
    startPrometheus({ config: config(`{ job_name: lamps, static_configs: [{ targets: ['${exporter.address}'] }] }`) }),
    startPrometheus({ config: config('') }),
  ]);
  stack.use(prometheus);
  stack.use(staging);
  const jsonData = { timeInterval: '1s' };
  const grafana = stack.use(
    await startGrafana({
      dataSources: [
        { uid: 'prom-main', name: 'Main', type: 'prometheus', url: prometheus.url, jsonData, isDefault: true },
        { uid: 'prom-staging', name: 'Staging', type: 'prometheus', url: staging.url, jsonData },
      ],
      users,
      minRefreshInterval: '1s',
      folders: [{ uid: 'ops', title: 'Operations', viewers: ['engineering'] }],
      ...options,
    }),
  );
  await prometheus.waitForScrapes(3);
  const held = stack.move();
  return { grafana, prometheus, state, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** The lamps' board as liveproof exports it; over few minutes, for its Prometheus is young. */
export function exported(dataSource = 'prom-main'): Dashboard & { readonly panels: NonNullable<Dashboard['panels']> } {
  return { ...grafanaDashboard(lamps, dataSource), time: { from: 'now-5m', to: 'now' } };
}
