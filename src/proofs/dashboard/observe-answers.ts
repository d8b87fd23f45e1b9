import { parsePromql } from '../../stack/promql.ts';
import { selectorsOf } from '../../stack/promql/selectors.ts';
import { eventually } from '../../base/eventually.ts';
import { Fault } from '../../base/fault.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { AskedAs, BoardServer, QueryAnswer, Refused, ShownDashboard, ShownPanel, ShownQuery } from '../../stack/board-server.ts';
import type { AskedFacts, DashboardFacts } from './facts.ts';

interface Asking {
  readonly server: BoardServer;
  readonly flavour: 'grafana' | 'liveproof';
  readonly dashboard: ShownDashboard;
  readonly as: AskedAs;
  readonly context: ProofContext;
}

/** People use the server that is asked: a board of forty panels is not asked at a stroke. */
const panelsAtOnce = 8;

const againMs = 1_000;

/**
 * Asks every query of every panel, as the dashboard asks it and where the dashboard asks it. What gives nothing yet is asked again
 * for as long as the page may take to show something: what was only just counted for the first time is no rate before the next scrape.
 */
export async function observeAnswers(asking: Asking, withinMs: number): Promise<NonNullable<DashboardFacts['answers']>> {
  const { clock, signal } = asking.context;
  const askedMs = clock.now().getTime();
  const wanted = asking.dashboard.panels.filter(({ queries }) => queries.length > 0);
  const answered = new Map<ShownPanel, AskedFacts[]>();
  const isEmpty = (panel: ShownPanel): boolean =>
    answered.get(panel)?.some(({ values, error }) => values === 0 && error === undefined) ?? true;
  const look = async (): Promise<true | undefined> => {
    const newest = newestSamples(asking);
    const waiting = wanted.filter(isEmpty);
    while (waiting.length > 0) {
      const some = waiting.splice(0, panelsAtOnce).map(async (panel) => {
        answered.set(panel, await Promise.all(panel.queries.map((query) => askedOf(panel, query, newest, asking))));
      });
      await Promise.all(some);
    }
    return wanted.some(isEmpty) ? undefined : true;
  };
  await eventually(look, { clock, signal, withinMs, everyMs: againMs });
  return { askedMs, panels: wanted.map((panel) => ({ panel: panel.title, queries: answered.get(panel) ?? [] })) };
}

type NewestOf = (query: ShownQuery) => Promise<AskedFacts['oldest']>;

async function askedOf(
  panel: ShownPanel,
  query: ShownQuery,
  newest: NewestOf,
  { server, dashboard, as, context }: Asking,
): Promise<AskedFacts> {
  const { expression, dataSourceRef, dataSource, unresolved } = query;
  const about = { expression, dataSourceRef, unresolved: [...unresolved] };
  if (dataSource === undefined || unresolved.length > 0)
    return { ...about, ...(dataSource === undefined ? {} : { dataSource: dataSource.name }) };
  const [answer, oldest] = await Promise.all([server.query(dashboard, panel, query, as, context.signal), newest(query)]);
  const named = { ...about, dataSource: dataSource.name };
  if ('refused' in answer) return { ...named, refused: answer.refused };
  const { values, newestMs, stepMs, error } = answer;
  const elsewhere = values === 0 && error === undefined ? await isAnsweredElsewhere(query, context) : undefined;
  return {
    ...named,
    values,
    ...(newestMs === undefined ? {} : { newestMs }),
    // Of a range alone: an instant answer is of one moment.
    ...(stepMs === undefined || !query.isRange ? {} : { stepMs }),
    ...(oldest === undefined ? {} : { oldest }),
    ...(error === undefined ? {} : { error }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

/** Windows for parsing alone, in place of what the server puts in. */
function plain(expression: string): string {
  return expression.replaceAll(/\$\{?__(?:rate_)?interval(?:_ms)?\}?/g, '1m').replaceAll(/\$\{?__range(?:_s|_ms)?\}?/g, '1h');
}

/**
 * The newest raw sample of what a query asks for, by its data source: the result of an instant query bears the time of asking,
 * however old its samples are. liveproof's own server takes no questions but those of its boards.
 */
function newestSamples({ server, flavour, dashboard, as, context: { signal } }: Asking): NewestOf {
  const reader = dashboard.accessToken === undefined ? as : 'gate';
  const asked = new Map<string, Promise<QueryAnswer | Refused>>();
  return async ({ expression, dataSource }) => {
    const parsed = flavour === 'grafana' && dataSource?.type === 'prometheus' ? parsePromql(plain(expression)) : undefined;
    if (parsed === undefined || dataSource === undefined) return undefined;
    const found = await Promise.all(
      [...new Set(selectorsOf(parsed).map(({ text }) => text))].map(async (selector) => {
        const key = JSON.stringify([dataSource.uid, selector]);
        const asking = asked.get(key) ?? server.ask(dataSource, `max(timestamp(${selector}))`, reader, signal);
        asked.set(key, asking);
        const answer = await asking;
        return 'refused' in answer || answer.newestValue === undefined ? [] : [{ selector, newestMs: answer.newestValue * 1_000 }];
      }),
    );
    return found.flat().toSorted((a, b) => a.newestMs - b.newestMs)[0];
  };
}

/** Whether the gate's own Prometheus would answer: then the board asks somewhere else. Undefined when the gate names none, or it cannot be asked. */
async function isAnsweredElsewhere({ expression }: ShownQuery, { prometheus, signal }: ProofContext): Promise<boolean | undefined> {
  try {
    const series = await prometheus().instant(plain(expression), signal);
    return series.some(({ samples }) => samples.some(([, value]) => typeof value === 'number'));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
