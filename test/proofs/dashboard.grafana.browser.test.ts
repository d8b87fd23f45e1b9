import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import dashboard from '../../src/proofs/dashboard.ts';
import type { Dashboard } from '../sandbox/grafana/model.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { proveBoard, type BoardProof } from './grafana-boards.ts';
import { ada, exported, lamps, mary, startLamps } from './lamps.ts';

let stack: Awaited<ReturnType<typeof startLamps>>;
beforeAll(async () => {
  stack = await startLamps();
});
afterAll(() => stack[Symbol.asyncDispose]());
beforeEach(() => {
  stack.grafana.behave({ kind: 'well' });
  stack.grafana.put(exported(), 'ops');
});

const prove = ({ requirement = {}, ...rest }: Partial<BoardProof> = {}) =>
  proveBoard({
    proof: dashboard,
    requirement: { board: 'lamps', as: 'ada', openedWithin: '4s', ...requirement },
    boards: [lamps],
    people: [ada, mary],
    grafana: stack.grafana,
    prometheus: stack.prometheus.url,
    ...rest,
  });
const makeOne = async (by: number) => {
  stack.state.made += by;
  await stack.prometheus.waitForScrapes(2);
};
const change = (by: (board: ReturnType<typeof exported>) => object) => stack.grafana.put({ ...exported(), ...by(exported()) }, 'ops');
const changePanel = (title: string, by: (panel: ReturnType<typeof exported>['panels'][number]) => object) =>
  change(({ panels }) => ({ panels: panels.map((panel) => (panel.title === title ? { ...panel, ...by(panel) } : panel)) }));

describe('a board on Grafana', () => {
  it('as liveproof exports it is present, answers, and is seen to refresh and to move', async () => {
    const { state, grade, against, reasons } = await prove({
      requirement: { moves: { check: 'make', panel: 'made', atLeast: 400 } },
      check: () => makeOne(500),
    });
    expect(against).toEqual([]);
    expect([state, grade]).toEqual(['proven', 'seen']);
    expect(reasons.map(({ says }) => says)).toEqual([
      '"Lamps" is there with its 5 panels, refreshing every 2s',
      'all 4 queries of its panels give values, none older than 2m',
      expect.stringMatching(/^opened as ada: all 5 panels show values after/),
      expect.stringMatching(/^it refreshed itself after .*, every 2s required$/),
      expect.stringMatching(/^the panel "Made" moved from 1\.23 K to 1\.73 K when make was run$/),
    ]);
  });

  it('asks panel by panel, as its own requests say', async () => {
    await prove();
    const panels = new Set(stack.grafana.asked().map(({ panel }) => panel));
    expect(panels.size).toBe(4);
    expect(stack.grafana.asked()[0]?.query).toMatch(/^\?ds_type=prometheus&requestId=SQR\d+$/);
  });

  it('with variables, mixed data sources, a library panel, folded rows and the default data source is resolved', async () => {
    const library = {
      uid: 'lib-wait',
      name: 'Wait',
      model: {
        type: 'stat',
        title: 'Wait',
        targets: [{ refId: 'A', expr: 'max(wait_ms)', instant: true, range: false, datasource: 'Main' }],
      },
    };
    await using other = await startLamps({ libraryElements: [library] });
    const [making, made, , rooms, byRoom, rate, alerts] = exported().panels;
    const variables = [
      { name: 'DS_PROMETHEUS', type: 'datasource', query: 'prometheus', current: { value: 'Main' } },
      {
        name: 'room',
        type: 'query',
        datasource: { uid: '${DS_PROMETHEUS}' },
        query: { query: 'label_values(lamps, room)' },
        multi: true,
        includeAll: true,
        allValue: '.*',
        current: { value: ['$__all'] },
      },
      { name: 'what', type: 'custom', query: 'made_total,lost_total', current: { value: 'made_total' } },
      { name: 'one', type: 'constant', query: '1' },
      { name: 'every', type: 'interval', query: '1m,10m', current: { value: '1m' } },
    ];
    const target = (panel: typeof made, more: object) => panel?.targets?.map((each) => ({ ...each, datasource: undefined, ...more }));
    other.grafana.put(
      {
        ...exported(),
        templating: { list: variables },
        panels: [
          { ...making!, panels: [] },
          { ...made!, datasource: null, targets: target(made, { expr: 'sum($what)' }) },
          {
            id: 90,
            type: 'row',
            title: 'Folded',
            collapsed: true,
            gridPos: { h: 1, w: 24, x: 0, y: 60 },
            panels: [{ id: 91, type: 'stat', libraryPanel: { uid: 'lib-wait' }, gridPos: { h: 8, w: 6, x: 0, y: 61 } }],
          },
          rooms!,
          {
            ...byRoom!,
            datasource: { uid: '${DS_PROMETHEUS}' },
            targets: target(byRoom, { expr: 'sum by (room) (lamps{room=~"$room"}) * $one' }),
          },
          { ...rate!, datasource: { uid: '-- Mixed --' }, targets: target(rate, { datasource: { uid: 'prom-main', type: 'prometheus' } }) },
          alerts!,
        ],
      } as unknown as Dashboard,
      'ops',
    );
    const asDeclared = {
      ...lamps,
      panels: lamps.panels.map((panel) =>
        panel.panel === 'rooms' ? { ...panel, queries: [{ query: 'sum by (room) (lamps{room=~".*"}) * 1' }] } : panel,
      ),
    };
    const { state, against } = await prove({ grafana: other.grafana, boards: [asDeclared], prometheus: other.prometheus.url });
    expect(against).toEqual([]);
    expect(state).toBe('proven');
  });

  it('whose panel has nothing yet is asked again while it may take its time', async () => {
    stack.grafana.behave({ kind: 'empty', panel: 'Made' });
    const proving = prove({ grade: 'answering', requirement: { openedWithin: '20s' } });
    await stack.prometheus.waitForScrapes(2);
    stack.grafana.behave({ kind: 'well' });
    expect((await proving).against).toEqual([]);
  });

  it('that is public is opened by its link, without credentials', async () => {
    const { accessToken } = { accessToken: stack.grafana.publish('lamps') };
    const open = { ...lamps, access: 'public' as const };
    const { against, facts } = await prove({ requirement: { as: undefined }, boards: [open] });
    expect(against).toEqual([]);
    expect(JSON.stringify(facts)).not.toContain(accessToken.split('/').at(-1));
    stack.grafana.unpublish('lamps');
    expect((await prove({ requirement: { as: undefined }, boards: [open] })).against[0]).toContain(
      'somebody without credentials is refused the board with HTTP 403',
    );
  });
});

describe('a board on Grafana is refuted, with the cause,', () => {
  it.each<[string, () => void, RegExp]>([
    ['when it is not there', () => stack.grafana.remove('lamps'), /^present no: there is no board "lamps" on the server/],
    [
      'when whoever uses it may not view it',
      () => stack.grafana.permit({ uid: 'ops', title: 'Operations', viewers: ['product'] }),
      /^present no: ada is refused the board with HTTP 403/,
    ],
    [
      'when it refreshes at another interval',
      () => change(() => ({ refresh: '10s' })),
      /^present no: it refreshes every 10s instead of every 2s/,
    ],
    [
      'when its page does not offer the interval',
      () => change(() => ({ timepicker: {} })),
      /^seen no: its panel "\w+" did not refresh itself within .* → .*add 2s to timepicker\.refresh_intervals/,
    ],
    [
      'when its page does not refresh itself',
      () => stack.grafana.behave({ kind: 'stuck' }),
      /^seen no: its panel "\w+" did not refresh itself within/,
    ],
    [
      'when a panel is missing',
      () => change(({ panels }) => ({ panels: panels.filter(({ title }) => title !== 'Made') })),
      /^present no: the panel "Made" is missing/,
    ],
    [
      'when a panel asks something else',
      () => changePanel('Made', () => ({ targets: [{ refId: 'A', expr: 'vector(1)', instant: true }] })),
      /^present no: the panel "Made" does not ask sum\(made_total\), but vector\(1\)/,
    ],
    ['when a panel is empty', () => stack.grafana.behave({ kind: 'empty', panel: 'Made' }), /^answering no: the panel "Made" has no data/],
    [
      'when a query fails',
      () => stack.grafana.behave({ kind: 'failing', panel: 'Made', says: 'execution: query timed out' }),
      /^answering no: the panel "Made": sum\(made_total\) fails: execution: query timed out/,
    ],
    [
      'when a panel fails on the page',
      () => stack.grafana.behave({ kind: 'broken', panel: 'Made' }),
      /^seen no: the panel "Made" shows an error/,
    ],
    [
      'when its data source is not there',
      () => stack.grafana.put(exported('prom-gone'), 'ops'),
      /^answering no: the panel "Made" asks the data source "prom-gone", which is not there/,
    ],
    [
      'when a variable names its data source and is not there',
      () => stack.grafana.put(exported('${DS_PROMETHEUS}'), 'ops'),
      /asks the data source "\$\{DS_PROMETHEUS\}", which is not there/,
    ],
    [
      'when it asks another Prometheus',
      () => stack.grafana.put(exported('prom-staging'), 'ops'),
      /^answering no: the panel "Made" has no data: its data source "Staging" has nothing for sum\(made_total\), although the gate's Prometheus has/,
    ],
    [
      'when a library panel is gone',
      () => changePanel('Wait', () => ({ targets: [], libraryPanel: { uid: 'lib-gone' } })),
      /^present no: the panel "Wait" cannot be shown: there is no library panel "lib-gone"/,
    ],
    ['when its data is slow', () => stack.grafana.behave({ kind: 'slow', ms: 6_000 }), /^seen no: the panel "Made" shows nothing yet/],
  ])('%s', async (_, spoil, because) => {
    spoil();
    // What the API shows needs no browser.
    const { state, against } = await prove({ grade: because.source.startsWith('^seen') ? 'seen' : 'answering' });
    stack.grafana.permit({ uid: 'ops', title: 'Operations', viewers: ['engineering'] });
    expect(state).toBe('disproven');
    expect(against.join('\n')).toMatch(new RegExp(because.source, 'm'));
  });

  it('when the page shows the error of a panel', async () => {
    stack.grafana.behave({ kind: 'failing', panel: 'Made', says: 'execution: query timed out' });
    expect((await prove()).against).toContainEqual(
      expect.stringMatching(/^seen no: the panel "Made" shows an error after .*: execution: query timed out/),
    );
  });

  it('when its values are frozen: they are old, and do not move', async () => {
    stack.grafana.behave({ kind: 'frozen', atMs: Date.now() - 3_000 });
    const { state, against } = await prove({
      requirement: { freshWithin: '2s', moves: { check: 'make', panel: 'made', within: '4s' } },
      check: () => makeOne(500),
    });
    expect(state).toBe('disproven');
    expect(against).toEqual([
      expect.stringMatching(
        /^answering no: the panel "Made" gives old values: the newest of sum\(made_total\) is \d+\.\d s old; 2s are allowed/,
      ),
      expect.stringContaining('the panel "Wait" gives old values'),
      expect.stringContaining('the panel "Lamps by room" gives old values'),
      expect.stringContaining('the panel "Rate" gives old values'),
      expect.stringMatching(/^seen no: the panel "Made" stays at .* although make was run/),
    ]);
  });

  it('when a series has ended, although it still answers', async () => {
    stack.state.waitAtMs = Date.now();
    try {
      const said = await waitUntil(
        'the last sample is old',
        async () =>
          (await prove({ grade: 'answering', requirement: { freshWithin: '5s' } })).against.find((each) => each.includes('"Wait"')),
        { withinMs: 20_000 },
      );
      expect(said).toMatch(/^answering no: the panel "Wait" gives old values: the newest sample of wait_ms is .* old; 5s are allowed/);
    } finally {
      stack.state.waitAtMs = undefined;
    }
  });

  it('when the server allows no such refresh', async () => {
    await using strict = await startLamps({ minRefreshInterval: '5s' });
    strict.grafana.put(exported(), 'ops');
    const { against } = await prove({ grafana: strict.grafana });
    expect(against[0]).toContain(
      'present no: its server allows no refresh shorter than 5s (min_refresh_interval), and every 2s is required',
    );
    expect(against[1]).toContain('did not refresh itself');
  });

  it('when it moves less than it should', async () => {
    const requirement = { moves: { check: 'make', panel: 'made', atLeast: 400, within: '4s' } };
    const { against } = await prove({ requirement, check: () => makeOne(50) });
    expect(against).toEqual([expect.stringMatching(/^seen no: the panel "Made" moved only from .* at least 400 are required/)]);
  });
});

describe('a Grafana that cannot be asked', () => {
  it('proves nothing, and says why', async () => {
    stack.grafana.behave({ kind: 'status', status: 500 });
    await expect(prove()).rejects.toThrow('answered /api/dashboards/uid/lamps with HTTP 500: Internal Server Error');
  });

  it('leaves a variable unknown whose values it does not tell', async () => {
    change(({ panels }) => ({
      templating: { list: [{ name: 'job', type: 'adhoc' }] },
      panels: panels.map((panel) =>
        panel.title === 'Made' ? { ...panel, targets: [{ refId: 'A', expr: 'sum(made_total{job="$job"})', instant: true }] } : panel,
      ),
    }));
    const { against } = await prove({ grade: 'answering' });
    expect(against).toContainEqual(
      expect.stringMatching(
        /^answering unknown: the panel "Made": .* the variable job has no value: liveproof does not know variables of the type adhoc/,
      ),
    );
  });
});
