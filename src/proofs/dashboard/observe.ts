import { eventually } from '../../base/eventually.ts';
import { withBoardPage, type OpenedPage } from '../../browser/open-board.ts';
import { Fault } from '../../base/fault.ts';
import type { Board } from '../../board/board.ts';
import { isRange } from '../../board/grafana.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { AskedAs, BoardServer } from '../../stack/board-server.ts';
import type { DashboardFacts, PageFacts } from './facts.ts';
import { looks } from './look.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Longer intervals are not waited for: what is configured is seen, and that the page does it is not. */
const longestRefreshMs = 60_000;
const slackMs = 3_000;

export async function observeDashboard(requirement: DashboardRequirement, context: ProofContext): Promise<DashboardFacts> {
  const { boards, people, signal, grade } = context;
  const board = boards.find((each) => each.board === requirement.board);
  if (board === undefined) throw new Error(`no board "${requirement.board}": the gate's loader should have said so`);
  const person = people.find(({ name }) => name === requirement.as);
  if (person !== undefined && person.password === undefined) {
    throw new Fault('stack/unauthorized', `the gate has no password of ${person.name}, as whom the board is to be opened`, {
      hint: `set it in the environment, for people.${person.name}.password`,
    });
  }
  const as: AskedAs = person?.password === undefined ? 'nobody' : { email: person.email, password: person.password };
  const isWanted = (rung: Grade): boolean => rungOf(ladders.dashboard, grade) >= rungOf(ladders.dashboard, rung);
  const server = context.boardServer();
  const flavour = await server.flavour(signal);
  const shown = await server.dashboard(board.board, as, signal);
  const facts: DashboardFacts = {
    flavour,
    declared: {
      title: board.title,
      refreshMs: board.refresh,
      panels: board.panels.map(({ panel, title, queries }) => ({ id: panel, title, queries: queries.map(({ query }) => query) })),
    },
    shown: 'refused' in shown ? shown : { ...shown, panels: shown.panels.map(({ title, queries }) => ({ title, queries: [...queries] })) },
  };
  if ('refused' in shown || !isWanted('answering')) return facts;
  const answers = await answersOf(board, server, as, signal);
  if (!isWanted('seen')) return { ...facts, answers };
  try {
    const where = {
      url: server.url,
      board: board.board,
      flavour,
      person: as === 'nobody' ? undefined : as,
      signal,
      nowMs: () => context.clock.monotonicMs(),
    };
    return { ...facts, answers, page: await withBoardPage(where, (opened) => lookAt(opened, board, flavour, requirement, context)) };
  } catch (error) {
    signal.throwIfAborted();
    // Whatever the browser says of a page that it cannot open: it is kept from us, and no proof.
    const { code, message, hint } =
      error instanceof Fault ? error : { code: 'probe/cannot-run', message: firstLine(error), hint: undefined };
    return { ...facts, answers, trouble: { code, says: message, ...(hint === undefined ? {} : { hint }) } };
  }
}

async function answersOf(
  board: Board,
  server: BoardServer,
  as: AskedAs,
  signal: AbortSignal,
): Promise<NonNullable<DashboardFacts['answers']>> {
  const asked = board.panels.filter(({ queries }) => queries.length > 0);
  return Promise.all(
    asked.map(async (panel) => ({
      panel: panel.panel,
      queries: await Promise.all(
        panel.queries.map(async ({ query }) => ({ expression: query, ...(await server.query(query, isRange(panel), as, signal)) })),
      ),
    })),
  );
}

async function lookAt(
  { page, status, answeredMs, complaints }: OpenedPage,
  board: Board,
  flavour: 'grafana' | 'liveproof',
  requirement: DashboardRequirement,
  context: ProofContext,
): Promise<PageFacts> {
  const { clock, signal, progress } = context;
  const openedMs = clock.monotonicMs();
  const since = (): number => Math.round(clock.monotonicMs() - openedMs);
  const wanted = board.panels.map(({ panel, title }) => ({ id: panel, title }));
  const read = () => looks[flavour].read(page, wanted);
  progress(`waits until ${board.title} shows its panels`);
  const settled = async () => {
    const panels = await read();
    return panels.every(({ state }) => state === 'ok') ? panels : undefined;
  };
  const ok = status === 200 ? await eventually(settled, { clock, signal, withinMs: requirement.openedWithin, everyMs: 100 }) : undefined;
  const openedAfterMs = since();
  if (ok !== undefined && board.refresh <= longestRefreshMs) {
    progress(`waits until ${board.title} refreshes itself`);
    const again = async () => (answeredMs.length > 1 ? true : undefined);
    await eventually(again, { clock, signal, withinMs: board.refresh + slackMs, everyMs: 50 });
  }
  const moved = ok === undefined || requirement.moves === undefined ? undefined : await move(requirement.moves, read, context);
  const watchedMs = since();
  const panels = await read();
  const screenshot = await context.keep(await page.screenshot({ fullPage: true }));
  return {
    status,
    openedAfterMs,
    panels,
    answeredAfterMs: answeredMs.map((at) => Math.round(at - openedMs)),
    watchedMs,
    complaints: [...complaints],
    ...(moved === undefined ? {} : { moved }),
    screenshot,
  };
}

async function move(
  { check, panel, within }: NonNullable<DashboardRequirement['moves']>,
  read: () => Promise<PageFacts['panels']>,
  { clock, signal, runCheck, progress }: ProofContext,
): Promise<NonNullable<PageFacts['moved']>> {
  const value = async (): Promise<number | undefined> => {
    const shown = (await read()).find(({ id }) => id === panel)?.shown.map(Number) ?? [];
    return shown.length === 0 ? undefined : shown.reduce((sum, each) => sum + each, 0);
  };
  const before = await value();
  progress(`runs ${check} and waits until "${panel}" moves`);
  const { outcome } = await runCheck(check);
  const startedMs = clock.monotonicMs();
  const risen = async () => {
    const now = await value();
    return now !== undefined && before !== undefined && now > before ? now : undefined;
  };
  const after = (await eventually(risen, { clock, signal, withinMs: within, everyMs: 200 })) ?? (await value());
  return {
    panel,
    outcome: outcome.status,
    waitedMs: Math.round(clock.monotonicMs() - startedMs),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? 'the browser failed';
}
