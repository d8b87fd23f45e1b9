import { describe, expect, it } from 'vitest';
import { judgeDashboard } from '../../src/proofs/dashboard/judge.ts';
import type { DashboardFacts, PageFacts } from '../../src/proofs/dashboard/facts.ts';
import { dashboardRequirement } from '../../src/proofs/dashboard/requirement.ts';

const requirement = dashboardRequirement.parse({ board: 'ops', as: 'ada', moves: { check: 'forecast', panel: 'made' } });
const panels = [
  { id: 'made', title: 'Made', queries: ['sum(made_total)'] },
  { id: 'lost', title: 'Lost', queries: ['sum(lost_total)'] },
];
function given(...answersOf: readonly (string | readonly number[])[]): PageFacts['data'] {
  const pairs = answersOf.flatMap((each, index) =>
    typeof each === 'string' ? [[each, answersOf[index + 1] as readonly number[]] as const] : [],
  );
  return pairs.flatMap(([panel, times]) => times.map((afterMs) => ({ panel, afterMs, status: 200 })));
}
const page: PageFacts = {
  status: 200,
  openedAfterMs: 800,
  panels: panels.map(({ id, title }) => ({ id, title, state: 'ok', shown: ['1'] })),
  data: given('7 prom', [100, 10_150], '8 prom', [120, 10_160]),
  watchedMs: 11_000,
  complaints: [],
  moved: { panel: 'made', outcome: 'pass', before: ['1'], after: ['2'], waitedMs: 1_000 },
};
const nowMs = Date.UTC(2026, 0, 1);
const asked = (expression: string) => ({ written: expression, expression });
const answered = {
  expression: 'sum(made_total)',
  dataSource: 'Prometheus',
  dataSourceRef: 'prom',
  unresolved: [],
  values: 1,
  newestMs: nowMs,
};
const good: DashboardFacts = {
  flavour: 'grafana',
  declared: { title: 'Ops', refreshMs: 10_000, panels },
  shown: {
    title: 'Ops',
    refresh: '10s',
    minimumRefresh: '5s',
    unresolved: [],
    panels: panels.map(({ title, queries }, index) => ({ id: String(index + 7), title, queries: queries.map(asked) })),
  },
  answers: {
    askedMs: nowMs,
    panels: panels.map(({ title, queries }) => ({ panel: title, queries: queries.map((expression) => ({ ...answered, expression })) })),
  },
  page,
};

const against = (facts: Partial<DashboardFacts>, required = requirement) =>
  judgeDashboard(required, { ...good, ...facts })
    .filter(({ holds }) => holds !== 'yes')
    .map(({ grade, holds, says }) => `${grade} ${holds}: ${says}`);
const answer = (change: object) =>
  against({ answers: { askedMs: nowMs, panels: [{ panel: 'Made', queries: [{ ...answered, ...change }] }] } });
const onPage = (change: Partial<PageFacts>) => against({ page: { ...page, ...change } });
const panelIs = (change: Partial<PageFacts['panels'][number]>) => onPage({ panels: [{ ...page.panels[0]!, ...change }, page.panels[1]!] });

describe('a board', () => {
  it('with a panel that shows something and is given nothing is refuted, where the page says whose data it asks for', () => {
    expect(onPage({ data: given('7 prom', [100, 10_150]) })).toEqual([
      'seen no: its panel "Lost" was given no data within 11.0 s: what it shows comes from elsewhere',
    ]);
    expect(onPage({ data: given('7', [100, 10_150]) })[0]).toContain('"Lost" was given no data');
    expect(onPage({ data: given('', [100, 10_150]) })).toEqual([]);
  });

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
    const changed = [{ id: '7', title: 'Made', queries: [asked('sum(other_total)')] }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: changed } })[0]).toContain('does not ask sum(made_total), but sum(other_total)');
    const spaced = [{ id: '7', title: 'Made', queries: [asked(' sum(made_total) ')] }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: spaced } })).toEqual([]);
    const byVariable = [{ id: '7', title: 'Made', queries: [{ written: 'sum($what)', expression: 'sum(made_total)' }] }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: byVariable } })).toEqual([]);
    const gone = [{ ...shown.panels[0]!, trouble: 'there is no library panel "lib"' }, shown.panels[1]!];
    expect(against({ shown: { ...shown, panels: gone } })[0]).toContain('"Made" cannot be shown: there is no library panel "lib"');
    expect(against({ shown: { ...shown, minimumRefresh: '30s' } })[0]).toBe(
      'present no: its server allows no refresh shorter than 30s (min_refresh_interval), and every 10s is required',
    );
  });

  it('whose query gives nothing, fails or is refused is refuted, with the panel and the query', () => {
    expect(answer({ values: 0 })).toEqual(['answering no: the panel "Made" has no data: sum(made_total) gives nothing']);
    expect(answer({ values: 0, error: 'bad gateway' })[0]).toContain('fails: bad gateway');
    expect(answer({ refused: 403 })[0]).toContain('HTTP 403');
    expect(against({ answers: { askedMs: nowMs, panels: [] } })[0]).toContain('answering unknown');
  });

  it('that asks a wrong data source, or none, is refuted by its name', () => {
    expect(answer({ values: 0, dataSource: 'Staging', elsewhere: true })[0]).toBe(
      'answering no: the panel "Made" has no data: its data source "Staging" has nothing for sum(made_total), although the gate\'s Prometheus has',
    );
    const { dataSource: _named, ...unnamed } = answered;
    const without = (dataSourceRef: string) =>
      against({ answers: { askedMs: nowMs, panels: [{ panel: 'Made', queries: [{ ...unnamed, dataSourceRef }] }] } });
    expect(without('${DS_PROMETHEUS}')[0]).toContain('asks the data source "${DS_PROMETHEUS}", which is not there');
    expect(without('')[0]).toContain('asks the default data source, and there is none');
  });

  it('whose values are old is refuted, with how old they are', () => {
    expect(answer({ newestMs: nowMs - 180_000 })[0]).toContain('gives old values: the newest of sum(made_total) is 3m old; 2m are allowed');
    expect(answer({ newestMs: nowMs - 140_000, stepMs: 30_000 })).toEqual([]);
    expect(answer({ oldest: { selector: 'made_total', newestMs: nowMs - 180_000 } })[0]).toContain(
      'the newest sample of made_total is 3m old',
    );
    expect(answer({ oldest: { selector: 'made_total', newestMs: nowMs - 60_000 } })).toEqual([]);
  });

  it('with a variable that has no value is unknown, with why', () => {
    const shown = good.shown as Exclude<DashboardFacts['shown'], { refused: number }>;
    const queries = [{ ...answered, expression: 'sum(x{job="$job"})', unresolved: ['job'] }];
    const unresolved = [{ variable: 'job', says: 'label_values(job) gives no values' }];
    expect(against({ shown: { ...shown, unresolved }, answers: { askedMs: nowMs, panels: [{ panel: 'Made', queries }] } })[0]).toBe(
      'answering unknown: the panel "Made": sum(x{job="$job"}) cannot be asked, for the variable job has no value: label_values(job) gives no values',
    );
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
    expect(onPage({ data: given('', [100]) })[0]).toContain('seen no: it did not refresh itself');
    expect(onPage({ data: given('', [100, 30_100]) })[0]).toContain('after 30.0 s; every 10s');
    expect(onPage({ data: given('', [100, 5_100]) })[0]).toContain('after 5.0 s; every 10s');
    expect(onPage({ data: [] })[0]).toContain('was given no data');
  });

  it('refreshes panel by panel: several that asked once each have not', () => {
    expect(onPage({ data: given('7 prom', [100], '8 prom', [10_100]) })[0]).toContain('its panel "Made" did not refresh itself');
    expect(onPage({ data: given('7 prom', [100, 10_100], '8 prom', [120]) })[0]).toContain('its panel "Lost" did not refresh itself');
    expect(onPage({ data: given('7 prom', [100, 10_100], '8 prom', [120, 4_120]) })[0]).toContain(
      'its panel "Lost" refreshed itself after 4.0 s',
    );
    // A panel that finds its width asks again at once.
    expect(onPage({ data: given('7 prom', [100, 300, 10_300], '8 prom', [120, 10_120]) })).toEqual([]);
    const failed = given('7 prom', [100, 10_100]).map((each, index) => (index === 1 ? { ...each, status: 500 } : each));
    expect(onPage({ data: failed })[0]).toContain('did not refresh itself');
  });

  it('with an interval that its page does not offer is told so', () => {
    const shown = { ...(good.shown as Exclude<DashboardFacts['shown'], { refused: number }>), intervals: ['30s', '1m'] };
    const facts = { ...good, shown, page: { ...page, data: given('7 prom', [100]) } };
    expect(judgeDashboard(requirement, facts).find(({ holds }) => holds === 'no')?.hint).toContain(
      'add 10s to timepicker.refresh_intervals',
    );
  });

  it('whose value stands still is refuted, and unknown when nothing happened', () => {
    const moved = { ...page.moved!, after: ['1'] };
    expect(onPage({ moved })).toEqual(['seen no: the panel "Made" stays at 1 although forecast was run 1.0 s ago']);
    expect(onPage({ moved: { ...moved, outcome: 'fail' } })[0]).toContain('seen unknown');
    expect(onPage({ moved: { ...moved, after: ['No data'] } })[0]).toContain('shows no value that could move: No data');
    expect(onPage({ moved: { ...moved, before: ['12%'], after: ['13 ms'] } })[0]).toContain('12% and 13 ms count different things');
    const { moved: _moved, ...unmoved } = page;
    expect(against({ page: unmoved })[0]).toContain('was not looked at');
  });

  it('whose value moves less than it should is refuted', () => {
    const atLeast = dashboardRequirement.parse({ board: 'ops', as: 'ada', moves: { check: 'forecast', panel: 'made', atLeast: 100 } });
    const moving = (before: string, after: string) =>
      against({ page: { ...page, moved: { ...page.moved!, before: [before], after: [after] } } }, atLeast);
    expect(moving('1.2 K', '1.25 K')[0]).toContain(
      'moved only from 1.2 K to 1.25 K, although forecast was run 1.0 s ago; at least 100 are required',
    );
    expect(moving('1.2 K', '1.3 K')).toEqual([]);
  });

  it('whose panel fails says why, by the answer that the panel was given', () => {
    const data = [...page.data, { panel: '7 prom', afterMs: 10_900, status: 400, error: 'bad_data: parse error' }];
    expect(onPage({ data, panels: [{ ...page.panels[0]!, state: 'error' }, page.panels[1]!] })[0]).toContain(': bad_data: parse error');
  });

  it('that could not be looked at is unknown', () => {
    const { page: _page, ...rest } = good;
    expect(judgeDashboard(requirement, { ...rest, trouble: { code: 'probe/cannot-run', says: 'no Chromium' } }).at(-1)).toMatchObject({
      grade: 'seen',
      holds: 'unknown',
    });
  });
});
