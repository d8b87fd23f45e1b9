import { eventually } from '../../base/eventually.ts';
import { pageTroubleOf } from '../../browser/page-trouble.ts';
import { withBoardPage, type BoardPlace } from '../../browser/open-board.ts';
import { takePicture } from '../../browser/take-picture.ts';
import type { Person } from '../../gate/gate.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { AskedAs, BoardServer, ShownDashboard } from '../../stack/board-server.ts';
import type { AccessFacts, Attempt } from './facts.ts';
import type { AccessRequirement } from './requirement.ts';

export async function observeAccess(requirement: AccessRequirement, context: ProofContext): Promise<AccessFacts> {
  const { people } = context;
  const named = (name: string): Person | 'nobody' => people.find((person) => person.name === name) ?? 'nobody';
  const onCall = requirement.onCall ? await firstOnCall(context) : undefined;
  const known = (onCall ?? []).flatMap((each) => each.known ?? []);
  const wanted = [...new Set([...known, ...requirement.as, ...(requirement.public ? ['nobody'] : [])])];
  const opened: Attempt[] = [];
  // One browser at a time: several at once are slower than one after another.
  for (const name of wanted) opened.push(await attempt(named(name), requirement, context));
  const refused: Attempt[] = [];
  for (const name of requirement.refused) refused.push(await attempt(named(name), requirement, context));
  return { ...(onCall === undefined ? {} : { onCall }), opened, refused };
}

async function firstOnCall({ onCall, people }: ProofContext): Promise<NonNullable<AccessFacts['onCall']>> {
  const all = await onCall();
  return all
    .filter(({ level }) => level === all[0]?.level)
    .map(({ name, email, until }) => {
      const known = people.find((person) => person.email.toLowerCase() === email.toLowerCase())?.name;
      return { name, email, ...(until === undefined ? {} : { until }), ...(known === undefined ? {} : { known }) };
    });
}

async function attempt(person: Person | 'nobody', requirement: AccessRequirement, context: ProofContext): Promise<Attempt> {
  const { signal, progress } = context;
  const who = person === 'nobody' ? 'nobody' : person.name;
  if (person !== 'nobody' && person.password === undefined) return { who, hasPassword: false };
  const as: AskedAs = person === 'nobody' || person.password === undefined ? 'nobody' : { email: person.email, password: person.password };
  const facts: Attempt = { who, hasPassword: as !== 'nobody' };
  progress(`opens ${requirement.board} as ${who}`);
  try {
    const server = context.boardServer();
    const shown = await server.dashboard(requirement.board, as, signal);
    const isOpen = !('refused' in shown);
    const data = isOpen ? await hasData(shown, as, server, context) : await asksPastIt(requirement, as, server, context);
    const flavour = await server.flavour(signal);
    // With a wrong password there is no session in which a page could be opened.
    const isStranger = !isOpen && shown.refused === 401 && as !== 'nobody' && flavour === 'grafana';
    if (isStranger) return { ...facts, api: 401, data, page: { status: 401, panels: 0, shown: 0 } };
    const path = isOpen ? shown.path : `/d/${encodeURIComponent(requirement.board)}`;
    const page = await look({ path, heightPx: isOpen ? shown.heightPx : undefined, flavour, url: server.url }, requirement, as, context);
    return {
      ...facts,
      api: isOpen ? 200 : shown.refused,
      ...(isOpen && shown.isPublic !== undefined ? { isPublic: shown.isPublic } : {}),
      data,
      page,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { ...facts, trouble: pageTroubleOf(error) };
  }
}

/** Whether the first query of the dashboard is answered with values. */
async function hasData(shown: ShownDashboard, as: AskedAs, server: BoardServer, { signal }: ProofContext): Promise<boolean> {
  for (const panel of shown.panels) {
    const query = panel.queries.find(({ dataSource }) => dataSource !== undefined);
    if (query === undefined) continue;
    const answer = await server.query(shown, panel, query, as, signal);
    return !('refused' in answer) && answer.error === undefined && answer.values > 0;
  }
  return false;
}

/** Whether somebody who is refused the board gets its data all the same, by liveproof's own server; a Grafana's data sources are not guarded by board. */
async function asksPastIt(
  { board }: AccessRequirement,
  as: AskedAs,
  server: BoardServer,
  { boards, signal }: ProofContext,
): Promise<boolean> {
  const panel = boards.find((each) => each.board === board)?.panels.find(({ queries }) => queries.length > 0);
  const [query] = panel?.queries ?? [];
  if (panel === undefined || query === undefined || (await server.flavour(signal)) === 'grafana') return false;
  const answer = await server.ask({ uid: 'prometheus', name: 'prometheus', type: 'prometheus' }, query.query, as, signal);
  return !('refused' in answer) && answer.error === undefined && answer.values > 0;
}

/** Panels, by the markers of either kind of page; shown are those with a value. */
const markers = '[data-panel], [data-testid^="data-testid Panel header "]';
const content = '[data-testid="data-testid panel content"]:not(:empty):not(:has([data-testid="data-testid Panel data error message"]))';
const withValue = `[data-panel][data-state="ok"], [data-testid^="data-testid Panel header "]:has(${content}):not(:has([data-testid="data-testid Panel status error"]))`;

async function look(
  place: Pick<BoardPlace, 'url' | 'path' | 'flavour' | 'heightPx'>,
  { openedWithin }: AccessRequirement,
  as: AskedAs,
  { clock, signal, keep }: ProofContext,
): Promise<NonNullable<Attempt['page']>> {
  const person = typeof as === 'string' ? undefined : as;
  return withBoardPage({ ...place, person, signal, clock }, async ({ page, status }) => {
    const settled = async () => {
      const shown = await page.locator(withValue).count();
      return shown > 0 || status() !== 200 ? shown : undefined;
    };
    const shown = (await eventually(settled, { clock, signal, withinMs: openedWithin, everyMs: 100 })) ?? 0;
    const panels = await page.locator(markers).count();
    return { status: status(), panels, shown, screenshot: await keep(await takePicture(page)) };
  });
}
