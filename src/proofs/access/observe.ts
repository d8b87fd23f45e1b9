import { eventually } from '../../base/eventually.ts';
import { Fault } from '../../base/fault.ts';
import { isRange } from '../../board/grafana.ts';
import { withBoardPage } from '../../browser/open-board.ts';
import type { Person } from '../../gate/gate.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { AskedAs } from '../../stack/board-server.ts';
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
  const { boards, signal, progress } = context;
  const who = person === 'nobody' ? 'nobody' : person.name;
  if (person !== 'nobody' && person.password === undefined) return { who, hasPassword: false };
  const as: AskedAs = person === 'nobody' || person.password === undefined ? 'nobody' : { email: person.email, password: person.password };
  const facts: Attempt = { who, hasPassword: as !== 'nobody' };
  progress(`opens ${requirement.board} as ${who}`);
  try {
    const server = context.boardServer();
    const shown = await server.dashboard(requirement.board, as, signal);
    const [panel] = boards.find(({ board }) => board === requirement.board)?.panels.filter(({ queries }) => queries.length > 0) ?? [];
    const [query] = panel?.queries ?? [];
    const answer = panel === undefined || query === undefined ? undefined : await server.query(query.query, isRange(panel), as, signal);
    const data = answer !== undefined && !('refused' in answer) && answer.error === undefined && answer.values > 0;
    const page = await look(requirement, as, await server.flavour(signal), server.url, context);
    return { ...facts, api: 'refused' in shown ? shown.refused : 200, data, page };
  } catch (error) {
    signal.throwIfAborted();
    const { code, message, hint } =
      error instanceof Fault
        ? error
        : { code: 'probe/cannot-run', message: error instanceof Error ? error.message : String(error), hint: undefined };
    return { ...facts, trouble: { code, says: message, ...(hint === undefined ? {} : { hint }) } };
  }
}

/** Panels, by the markers of either kind of page; shown are those with a value. */
const markers = '[data-panel], [data-testid^="data-testid Panel header "]';
const withValue =
  '[data-panel][data-state="ok"], [data-testid^="data-testid Panel header "]:has([data-testid="data-testid panel content"])';

async function look(
  { board, openedWithin }: AccessRequirement,
  as: AskedAs,
  flavour: 'grafana' | 'liveproof',
  url: string,
  { clock, signal, keep }: ProofContext,
): Promise<NonNullable<Attempt['page']>> {
  const where = { url, board, flavour, person: as === 'nobody' ? undefined : as, signal, nowMs: () => clock.monotonicMs() };
  return withBoardPage(where, async ({ page, status }) => {
    const shownNow = async () => {
      const shown = await page.locator(withValue).count();
      return shown > 0 ? shown : undefined;
    };
    const shown = status === 200 ? await eventually(shownNow, { clock, signal, withinMs: openedWithin, everyMs: 100 }) : undefined;
    const panels = await page.locator(markers).count();
    return { status, panels, shown: shown ?? 0, screenshot: await keep(await page.screenshot()) };
  });
}
