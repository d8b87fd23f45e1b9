import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { DashboardFacts, PageFacts } from './facts.ts';
import { longestRefreshMs } from './refresh.ts';
import type { DashboardRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<DashboardFacts>[];

const trouble = { code: 'stack/unreachable', says: 'the browser did not start' };

/** What whoever opens the board could see instead. */
export function pageMutants(requirement: DashboardRequirement, facts: DashboardFacts): Mutants {
  const { page, ...unseen } = facts;
  if (page === undefined) return [];
  const other = (change: PageFacts): DashboardFacts => ({ ...facts, page: change });
  return [
    worse('page-not-opened', 'nobody opened it', unseen),
    worse('page-untold', 'it could not be opened here', { ...unseen, trouble }),
    worse('page-refused', 'its page is refused', other({ ...page, status: 403 })),
    worse('page-slow', 'its panels take too long', other({ ...page, openedAfterMs: requirement.openedWithin + 1 })),
    worse('page-complains', 'a script of its page fails', other({ ...page, complaints: ['TypeError: undefined is not a function'] })),
    ...page.panels.flatMap((panel, index) =>
      (['empty', 'error', 'loading', 'missing'] as const).map((state) =>
        worse(
          `panel-${state}`,
          `the panel "${panel.title}" is ${state}`,
          other({ ...page, panels: page.panels.with(index, { ...panel, state }) }),
        ),
      ),
    ),
    ...refreshMutants(facts.declared.refreshMs, page, other),
    ...moveMutants(requirement, page, other),
  ];
}

type Other = (change: PageFacts) => DashboardFacts;

function refreshMutants(refreshMs: number, page: PageFacts, other: Other): Mutants {
  const { data } = page;
  const once = data.filter(({ panel }, index) => data.findIndex((each) => each.panel === panel) === index);
  const harmless =
    refreshMs > longestRefreshMs ? 'nobody waits for a refresh that seldom: its configuration is looked at instead' : undefined;
  return [
    worse('no-data', 'its page is given no data', other({ ...page, data: [] }), harmless),
    worse('refresh-never', 'it never refreshes itself', other({ ...page, data: once }), harmless),
    worse(
      'refresh-fails',
      'every request for data fails',
      other({ ...page, data: data.map((each) => ({ ...each, status: 502 })) }),
      harmless,
    ),
    // The first stay where they are, as far apart as they are; each later one comes much later.
    worse(
      'refresh-slow',
      'it refreshes itself far too seldom',
      other({ ...page, data: data.map((each) => ({ ...each, afterMs: each.afterMs * 10 })) }),
      harmless,
    ),
    worse(
      'refresh-hectic',
      'it refreshes itself far too often',
      other({ ...page, data: data.map((each) => ({ ...each, afterMs: each.afterMs / 10 })) }),
      harmless,
    ),
  ];
}

function moveMutants({ moves }: DashboardRequirement, page: PageFacts, other: Other): Mutants {
  const { moved, ...unmoved } = page;
  if (moves === undefined || moved === undefined) return [];
  const where = `the panel "${moves.panel}"`;
  return [
    worse('move-not-tried', `${where}: nobody tried whether it moves`, other(unmoved)),
    worse('move-check-failed', `${where}: the check that should move it failed`, other({ ...page, moved: { ...moved, outcome: 'fail' } })),
    worse('stands-still', `${where} stands still`, other({ ...page, moved: { ...moved, after: moved.before } })),
    worse('shows-no-value', `${where} shows no value`, other({ ...page, moved: { ...moved, after: [] } })),
  ];
}
