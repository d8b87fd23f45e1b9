import { eventually } from '../../base/eventually.ts';
import type { Board } from '../../board/board.ts';
import type { OpenedPage } from '../../browser/open-board.ts';
import { takePicture } from '../../browser/take-picture.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { PageFacts } from './facts.ts';
import { looks } from './look.ts';
import { sumShown } from './number.ts';
import { longestRefreshMs } from './refresh.ts';
import type { DashboardRequirement } from './requirement.ts';

const slackMs = 3_000;
/** Two answers closer than this part of the interval are not two refreshes. */
const together = 0.5;

interface Looking {
  readonly board: Board;
  readonly flavour: 'grafana' | 'liveproof';
  readonly requirement: DashboardRequirement;
  readonly context: ProofContext;
}

/** Watches a page until its panels show something, until each was given new data, and until a value has moved. */
export async function observePage({ page, status, data, complaints }: OpenedPage, looking: Looking): Promise<PageFacts> {
  const { board, flavour, requirement, context } = looking;
  const { clock, signal, progress } = context;
  const openedMs = clock.monotonicMs();
  const since = (atMs = clock.monotonicMs()): number => Math.round(atMs - openedMs);
  const wanted = board.panels.map(({ panel, title }) => ({ id: panel, title }));
  const read = () => looks[flavour].read(page, wanted);
  progress(`waits until ${board.title} shows its panels`);
  const settled = async () => {
    if (status() !== 200) return 'refused' as const;
    await looks[flavour].unfold(page);
    return (await read()).every(({ state }) => state === 'ok') ? ('ok' as const) : undefined;
  };
  const isOk = (await eventually(settled, { clock, signal, withinMs: requirement.openedWithin, everyMs: 100 })) === 'ok';
  const openedAfterMs = since();
  if (isOk && board.refresh <= longestRefreshMs) {
    progress(`waits until ${board.title} refreshes itself`);
    await eventually(() => Promise.resolve(hasRefreshed(data, board.refresh) || undefined), {
      clock,
      signal,
      withinMs: board.refresh + slackMs,
      everyMs: 50,
    });
  }
  const moved = !isOk || requirement.moves === undefined ? undefined : await move(requirement.moves, read, context);
  const watchedMs = since();
  const panels = await read();
  const screenshot = await context.keep(await takePicture(page, { fullPage: true }));
  return {
    status: status(),
    openedAfterMs,
    panels,
    data: data
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ panel, atMs, status: own, error }) => ({
        panel,
        afterMs: since(atMs),
        status: own,
        ...(error === undefined ? {} : { error }),
      })),
    watchedMs,
    complaints: [...complaints],
    ...(moved === undefined ? {} : { moved }),
    screenshot,
  };
}

function hasRefreshed(data: OpenedPage['data'], refreshMs: number): boolean {
  const times = [...Map.groupBy(data, ({ panel }) => panel).values()].map((own) => own.map(({ atMs }) => atMs));
  return times.length > 0 && times.every((own) => (own.at(-1) ?? 0) - (own[0] ?? 0) >= refreshMs * together);
}

async function move(
  { check, panel, atLeast = 0, within }: NonNullable<DashboardRequirement['moves']>,
  read: () => Promise<PageFacts['panels']>,
  { clock, signal, runCheck, progress }: ProofContext,
): Promise<NonNullable<PageFacts['moved']>> {
  const shown = async () => (await read()).find(({ id }) => id === panel)?.shown ?? [];
  const before = await shown();
  progress(`runs ${check} and waits until "${panel}" moves`);
  const { outcome } = await runCheck(check);
  const startedMs = clock.monotonicMs();
  const risen = async () => {
    const now = await shown();
    const [from, to] = [sumShown(before), sumShown(now)];
    const isRisen = from !== undefined && to?.kind === from.kind && to.value > from.value && to.value - from.value >= atLeast;
    return isRisen ? now : undefined;
  };
  const after = (await eventually(risen, { clock, signal, withinMs: within, everyMs: 200 })) ?? (await shown());
  return { panel, outcome: outcome.status, waitedMs: Math.round(clock.monotonicMs() - startedMs), before, after };
}
