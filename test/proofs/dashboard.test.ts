import { describe, expect, it } from 'vitest';
import { judgeDashboard } from '../../src/proofs/dashboard/judge.ts';
import type { DashboardFacts, PageFacts } from '../../src/proofs/dashboard/facts.ts';
import { dashboardRequirement } from '../../src/proofs/dashboard/requirement.ts';

const requirement = dashboardRequirement.parse({ board: 'ops', as: 'ada', moves: { check: 'forecast', panel: 'made' } });
const panels = [
  { id: 'made', title: 'Made', queries: ['sum(made_total)'] },
  { id: 'lost', title: 'Lost', queries: ['sum(lost_total)'] },
];
const page: PageFacts = {
  status: 200,
  openedAfterMs: 800,
  panels: panels.map(({ id, title }) => ({ id, title, state: 'ok', shown: ['1'] })),
  answeredAfterMs: [100, 10_150],
  watchedMs: 11_000,
  complaints: [],
  moved: { panel: 'made', outcome: 'pass', before: 1, after: 2, waitedMs: 1_000 },
};
const good: DashboardFacts = {
  flavour: 'grafana',
  declared: { title: 'Ops', refreshMs: 10_000, panels },
  shown: { title: 'Ops', refresh: '10s', panels: panels.map(({ title, queries }) => ({ title, queries })) },
  answers: panels.map(({ id, queries }) => ({ panel: id, queries: queries.map((expression) => ({ expression, values: 1 })) })),
  page,
};

const against = (facts: Partial<DashboardFacts>, required = requirement) =>
  judgeDashboard(required, { ...good, ...facts })
    .filter(({ holds }) => holds !== 'yes')
    .map(({ grade, holds, says }) => `${grade} ${holds}: ${says}`);
const onPage = (change: Partial<PageFacts>) => against({ page: { ...page, ...change } });
const panelIs = (change: Partial<PageFacts['panels'][number]>) => onPage({ panels: [{ ...page.panels[0]!, ...change }, page.panels[1]!] });

describe('a board', () => {
  it('that is there, answers and is seen to live is proven on every rung', () => {
    expect(against({})).toEqual([]);
    expect(new Set(judgeDashboard(requirement, good).map(({ grade }) => grade))).toEqual(new Set(['present', 'answering', 'seen']));
  });

  it('that is not there or refuses its user is refuted', () => {
    expect(against({ shown: { refused: 404 } })).toContain('present no: there is no board "ops" on the server');
    expect(against({ shown: { refused: 403 } })).toContain('present no: ada is refused the board with HTTP 403');
  });

  it('that is another one than declared is refuted, with what differs', () => {
    const shown = good.shown as Exclude<DashboardFacts['shown'], { refused: number }>;
    expect(against({ shown: { ...shown, title: 'Old' } })[0]).toContain('"Old" instead of "Ops"');
    expect(against({ shown: { ...shown, refresh: '5m' } })[0]).toContain('every 5m instead of every 10s');
    expect(against({ shown: { ...shown, refresh: '' } })[0]).toContain('(never)');
    expect(against({ shown: { ...shown, panels: shown.panels.slice(1) } })[0]).toContain('"Made" is missing');
    const changed = [{ title: 'Made', queries: ['sum(other_total)'] }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: changed } })[0]).toContain('does not ask sum(made_total), but sum(other_total)');
    const spaced = [{ title: 'Made', queries: [' sum(made_total) '] }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: spaced } })).toEqual([]);
  });

  it('whose query gives nothing, fails or is refused is refuted, with the panel and the query', () => {
    const answer = (change: object) => against({ answers: [{ panel: 'made', queries: [{ expression: 'sum(made_total)', ...change }] }] });
    expect(answer({ values: 0 })).toEqual(['answering no: the panel "Made" has no data: sum(made_total) gives nothing']);
    expect(answer({ values: 0, error: 'bad gateway' })[0]).toContain('fails: bad gateway');
    expect(answer({ refused: 403 })[0]).toContain('HTTP 403');
    expect(against({ answers: [] })[0]).toContain('answering unknown');
  });

  it('with a panel that is empty, broken, missing or still loading is refuted', () => {
    expect(panelIs({ state: 'empty' })).toEqual(['seen no: the panel "Made" shows no data after 11.0 s']);
    expect(panelIs({ state: 'error', error: 'HTTP 500' })[0]).toContain('shows an error after 11.0 s: HTTP 500');
    expect(panelIs({ state: 'missing' })[0]).toContain('is not on the page');
    expect(panelIs({ state: 'loading' })[0]).toContain('shows nothing yet');
    expect(onPage({ status: 502 })).toEqual(['seen no: its page answers HTTP 502']);
    expect(onPage({ complaints: ['x is not defined'] })).toEqual(['seen no: the page fails: x is not defined']);
    expect(onPage({ openedAfterMs: 16_000 })[0]).toContain('15s are allowed');
  });

  it('that does not refresh itself, or at another interval, is refuted', () => {
    expect(onPage({ answeredAfterMs: [100] })[0]).toContain('did not refresh itself');
    expect(onPage({ answeredAfterMs: [100, 30_100] })[0]).toContain('after 30.0 s; every 10s');
    expect(onPage({ answeredAfterMs: [100, 5_100] })[0]).toContain('after 5.0 s; every 10s');
  });

  it('whose value stands still is refuted, and unknown when nothing happened', () => {
    const moved = { ...page.moved!, after: 1 };
    expect(onPage({ moved })).toEqual(['seen no: the panel "Made" stays at 1 although forecast was run 1.0 s ago']);
    expect(onPage({ moved: { ...moved, outcome: 'fail' } })[0]).toContain('seen unknown');
    const { moved: _moved, ...unmoved } = page;
    expect(against({ page: unmoved })[0]).toContain('was not looked at');
  });

  it('that could not be looked at is unknown', () => {
    const { page: _page, ...rest } = good;
    expect(judgeDashboard(requirement, { ...rest, trouble: { code: 'probe/cannot-run', says: 'no Chromium' } }).at(-1)).toMatchObject({
      grade: 'seen',
      holds: 'unknown',
    });
  });
});
