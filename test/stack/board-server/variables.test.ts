import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variable } from '../../../src/stack/board-server/answers.ts';
import { findDataSource } from '../../../src/stack/board-server/data-sources.ts';
import { interpolate, variablesIn } from '../../../src/stack/board-server/interpolate.ts';
import { resolveVariables } from '../../../src/stack/board-server/variables.ts';

const main = { uid: 'p1', name: 'Main', type: 'prometheus' };
const loki = { uid: 'l1', name: 'Logs', type: 'loki' };
const sources = { all: [loki, main], defaultName: 'Main' };
const values: Readonly<Record<string, readonly string[]>> = { 'room of lamps': ['attic', 'hall', 'a.b'], 'job of any': ['app'] };
const resolve = (...list: readonly object[]) =>
  resolveVariables(
    list.map((each) => variable.parse(each)),
    sources,
    (source, label, match) => Promise.resolve(source.uid === 'p1' ? (values[`${label} of ${match ?? 'any'}`] ?? []) : undefined),
  );
const put = async (text: string, ...list: readonly object[]) => interpolate(text, (await resolve(...list)).variables);

describe("a dashboard's variables", () => {
  it.each([
    ['custom', { query: 'a, b', current: { value: 'b' } }, 'b'],
    ['custom', { query: 'a, b' }, 'a'],
    ['custom', { query: 'A label : a, b' }, 'a'],
    ['constant', { query: 'k', current: { value: 'other' } }, 'k'],
    ['interval', { query: '1m,10m', current: { value: '10m' } }, '10m'],
    ['textbox', { query: 'x', current: { value: '' } }, 'x'],
    ['datasource', { query: 'prometheus', current: { value: 'Main' } }, 'p1'],
    ['datasource', { query: 'loki', current: { value: 'gone' } }, 'l1'],
    ['datasource', { query: 'prometheus', current: { value: 'default' } }, 'p1'],
    ['query', { query: 'label_values(lamps, room)', current: { value: 'hall' } }, 'hall'],
    ['query', { query: { query: 'label_values(job)' } }, 'app'],
    ['query', { query: 'label_values(lamps, room)', current: { value: 'gone' } }, 'attic'],
    ['query', { query: 'label_values(lamps, room)', regex: '/^(h)all/' }, 'h'],
  ])('%s %o is %s', async (type, more, expected) => {
    expect(await put('<$v>', { name: 'v', type, ...more })).toBe(`<${expected}>`);
  });

  it('of several values are an alternative, escaped; all of them what the dashboard says', async () => {
    const room = { name: 'room', type: 'query', query: 'label_values(lamps, room)', multi: true, includeAll: true };
    expect(await put('{room=~"$room"}', { ...room, current: { value: ['attic', 'a.b'] } })).toBe(String.raw`{room=~"(attic|a\\.b)"}`);
    expect(await put('{room=~"${room:regex}"}', { ...room, current: { value: ['$__all'] } })).toBe('{room=~".*"}');
    expect(await put('[[room]]', { ...room, current: { value: ['$__all'] }, allValue: '.+' })).toBe('.+');
  });

  it('may stand in each other', async () => {
    const list = [
      { name: 'DS_PROMETHEUS', type: 'datasource', query: 'prometheus' },
      { name: 'metric', type: 'constant', query: 'lamps' },
      { name: 'room', type: 'query', datasource: { uid: '${DS_PROMETHEUS}' }, query: 'label_values($metric, room)' },
    ];
    expect(await put('$room', ...list)).toBe('attic');
    const { variables } = await resolve(...list);
    expect(findDataSource('${DS_PROMETHEUS}', sources, variables)).toBe(main);
  });

  it('without a value say why', async () => {
    const why = async (more: object) => (await resolve({ name: 'v', ...more })).unresolved.map(({ says }) => says);
    expect(await why({ type: 'adhoc' })).toEqual(['liveproof does not know variables of the type adhoc']);
    expect(await why({ type: 'query', query: 'metrics(a)' })).toEqual(['liveproof does not know how to ask metrics(a)']);
    expect(await why({ type: 'query', query: 'label_values(none)' })).toEqual(['label_values(none) gives no values']);
    expect(await why({ type: 'query', query: 'label_values(a)', datasource: 'Logs' })).toEqual([
      'its data source "Logs" does not answer label_values(a)',
    ]);
    expect(await why({ type: 'query', query: 'label_values(a)', datasource: 'gone' })).toEqual(['its data source "gone" is not there']);
    expect(await why({ type: 'datasource', query: 'tempo' })).toEqual(['there is no data source of the type tempo']);
    expect(await why({ type: 'query', query: 'label_values(job)', regex: '/(/' })).toEqual(['its regular expression /(/ is none']);
  });

  it("leave what is Grafana's own, and what they know nothing of, as it is written", async () => {
    const { variables } = await resolve({ name: 'v', type: 'constant', query: 'k' });
    expect(interpolate('rate(x[$__rate_interval]) ${__range} $other', variables)).toBe('rate(x[$__rate_interval]) ${__range} $other');
    expect(variablesIn('$a ${b:csv} [[c]] $__interval $a "^\\d+$1"')).toEqual(['a', 'b', 'c']);
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/\$v|\$\{v|\[\[v/.test(text)),
        (text) => interpolate(text, variables) === text,
      ),
    );
  });
});

describe('a data source', () => {
  const none = { values: new Map(), declared: new Map() };
  it.each([
    ['p1', main],
    ['Main', main],
    ['', main],
    ['default', main],
    ['l1', loki],
    ['${DS_PROMETHEUS}', undefined],
    ['gone', undefined],
  ])('%j is found by its uid, by its name, or by being the default', (ref, found) => {
    expect(findDataSource(ref, sources, none)).toBe(found);
  });

  it('is taken as it is named where the server tells nothing of them', () => {
    expect(findDataSource('prometheus', undefined, none)).toMatchObject({ uid: 'prometheus' });
  });
});
