import { withBoardPage } from '../../browser/open-board.ts';
import { Fault } from '../../base/fault.ts';
import { pageTroubleOf } from '../../browser/page-trouble.ts';
import type { Board } from '../../board/board.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { AskedAs, BoardServer, ShownDashboard } from '../../stack/board-server.ts';
import type { DashboardFacts, ShownFacts } from './facts.ts';
import { observeAnswers } from './observe-answers.ts';
import { observePage } from './observe-page.ts';
import type { DashboardRequirement } from './requirement.ts';

export async function observeDashboard(requirement: DashboardRequirement, context: ProofContext): Promise<DashboardFacts> {
  const { boards, signal, grade } = context;
  const board = boards.find((each) => each.board === requirement.board);
  if (board === undefined) throw new Error(`no board "${requirement.board}": the gate's loader should have said so`);
  const as = askedAs(requirement, context);
  const isWanted = (rung: Grade): boolean => rungOf(ladders.dashboard, grade) >= rungOf(ladders.dashboard, rung);
  const server = context.boardServer();
  const flavour = await server.flavour(signal);
  const shown = await server.dashboard(board.board, as, signal);
  const facts: DashboardFacts = { flavour, declared: declaredBy(board), shown: 'refused' in shown ? shown : shownFacts(shown) };
  if ('refused' in shown || !isWanted('answering')) return facts;
  const asking = { server, flavour, dashboard: shown, as, context };
  const [answers, seen] = await Promise.allSettled([
    observeAnswers(asking, requirement.openedWithin),
    isWanted('seen') ? look(board, shown, { server, flavour, as, requirement, context }) : {},
  ]);
  if (answers.status === 'rejected') throw answers.reason;
  if (seen.status === 'rejected') throw seen.reason;
  return { ...facts, answers: answers.value, ...seen.value };
}

interface Looking {
  readonly server: BoardServer;
  readonly flavour: 'grafana' | 'liveproof';
  readonly as: AskedAs;
  readonly requirement: DashboardRequirement;
  readonly context: ProofContext;
}

async function look(
  board: Board,
  { path, heightPx }: ShownDashboard,
  { server, flavour, as, requirement, context }: Looking,
): Promise<Pick<DashboardFacts, 'page' | 'trouble'>> {
  const { signal, clock } = context;
  const person = typeof as === 'string' ? undefined : as;
  try {
    const where = { url: server.url, path, heightPx, flavour, person, signal, clock };
    return { page: await withBoardPage(where, (opened) => observePage(opened, { board, flavour, requirement, context })) };
  } catch (error) {
    signal.throwIfAborted();
    // Whatever the browser says of a page that it cannot open: it is kept from us, and no proof.
    return { trouble: pageTroubleOf(error) };
  }
}

export function askedAs({ as }: DashboardRequirement, { people }: Pick<ProofContext, 'people'>): AskedAs {
  const person = people.find(({ name }) => name === as);
  if (person === undefined) return 'nobody';
  if (person.password !== undefined) return { email: person.email, password: person.password };
  throw new Fault('stack/unauthorized', `the gate has no password of ${person.name}, as whom the board is to be opened`, {
    hint: `set it in the environment, for people.${person.name}.password`,
  });
}

function declaredBy({ title, refresh, panels }: Board): DashboardFacts['declared'] {
  return {
    title,
    refreshMs: refresh,
    panels: panels.map((panel) => ({ id: panel.panel, title: panel.title, queries: panel.queries.map(({ query }) => query) })),
  };
}

function shownFacts({ title, refresh, intervals, minimumRefresh, unresolved, panels }: ShownDashboard): ShownFacts {
  return {
    title,
    refresh,
    ...(intervals === undefined ? {} : { intervals: [...intervals] }),
    ...(minimumRefresh === undefined ? {} : { minimumRefresh }),
    unresolved: unresolved.map(({ variable, says }) => ({ variable, says })),
    panels: panels.map(({ id, title: own, queries, trouble }) => ({
      id,
      title: own,
      queries: queries.map(({ written, expression }) => ({ written, expression })),
      ...(trouble === undefined ? {} : { trouble }),
    })),
  };
}
