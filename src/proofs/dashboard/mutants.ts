import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { AskedFacts, DashboardFacts, ShownFacts } from './facts.ts';
import { pageMutants } from './page-mutants.ts';
import type { DashboardRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<DashboardFacts>[];

export function dashboardMutants(requirement: DashboardRequirement, facts: DashboardFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.dashboard, grade, rung);
  return [
    ...present(facts),
    ...(asks('answering') ? answering(requirement, facts) : []),
    ...(asks('seen') ? pageMutants(requirement, facts) : []),
  ];
}

function present(facts: DashboardFacts): Mutants {
  const { shown, declared } = facts;
  if ('refused' in shown) return [];
  const other = (change: Partial<ShownFacts>): DashboardFacts => ({ ...facts, shown: { ...shown, ...change } });
  const named = shown.panels.flatMap((panel, index) =>
    declared.panels.some(({ title }) => title === panel.title) ? [{ panel, index }] : [],
  );
  const asksNothing = (title: string): boolean => declared.panels.every((panel) => panel.title !== title || panel.queries.length === 0);
  return [
    worse('board-gone', 'there is no such board', { ...facts, shown: { refused: 404 } }),
    worse('board-refused', 'the board is refused', { ...facts, shown: { refused: 403 } }),
    worse('title-changed', 'it is another board, by its title', other({ title: `${shown.title} (old)` })),
    worse('refresh-changed', 'it never refreshes', other({ refresh: '' })),
    worse('refresh-limited', 'its server allows a refresh once a day', other({ minimumRefresh: '1d' })),
    ...named.flatMap(({ panel, index }) => {
      const without = { ...panel, queries: [{ written: 'vector(0)', expression: 'vector(0)' }] };
      const nothing = 'the gate declares no query of that panel';
      return [
        worse('panel-gone', `the panel "${panel.title}" is not on the board`, other({ panels: shown.panels.toSpliced(index, 1) })),
        worse(
          'panel-unreadable',
          `the panel "${panel.title}" cannot be read`,
          other({ panels: shown.panels.with(index, { ...panel, trouble: 'HTTP 404' }) }),
        ),
        worse(
          'query-changed',
          `the panel "${panel.title}" asks something else`,
          other({ panels: shown.panels.with(index, without) }),
          asksNothing(panel.title) ? nothing : undefined,
        ),
      ];
    }),
  ];
}

function answering({ freshWithin }: DashboardRequirement, facts: DashboardFacts): Mutants {
  const { answers, ...unasked } = facts;
  if (answers === undefined) return [];
  const queries = answers.panels.flatMap(({ panel, queries: own }, at) => own.map((query, index) => ({ panel, at, query, index })));
  return [
    worse('not-asked', 'nobody asked its queries', unasked),
    worse('nothing-asked', 'its panels ask nothing', {
      ...facts,
      answers: { ...answers, panels: answers.panels.map((each) => ({ ...each, queries: [] })) },
    }),
    ...queries.flatMap(({ panel, at, query, index }) => {
      const where = `the panel "${panel}"`;
      const other = (change: AskedFacts): DashboardFacts => {
        const panels = answers.panels.map((each, position) =>
          position === at ? { ...each, queries: each.queries.with(index, change) } : each,
        );
        return { ...facts, answers: { ...answers, panels } };
      };
      const { dataSource: _, ...astray } = query;
      const old = answers.askedMs - freshWithin - (query.stepMs ?? 0) - 1;
      return [
        worse('query-empty', `${where} gets no values`, other({ ...query, values: 0 })),
        worse('query-fails', `${where}: its query fails`, other({ ...query, error: 'parse error' })),
        worse('query-refused', `${where}: its query is refused`, other({ ...query, refused: 403 })),
        worse('query-unresolved', `${where}: a variable of its query has no value`, other({ ...query, unresolved: ['instance'] })),
        worse('data-source-gone', `${where}: its data source is gone`, other(astray)),
        worse('values-aged', `${where} gets old values`, other({ ...query, newestMs: old })),
        worse(
          'series-ended',
          `${where}: a series that it asks for has ended`,
          other({ ...query, oldest: { selector: 'up', newestMs: old } }),
        ),
      ];
    }),
  ];
}
