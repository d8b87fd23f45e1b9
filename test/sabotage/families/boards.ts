import type { Board } from '../../../src/board/board.ts';
import type { AccubooksStack, StackSabotage } from '../../sandbox/accubooks-stack.ts';
import { startFaultyProxy } from '../../sandbox/faulty-proxy.ts';
import { ada, grace } from '../../sandbox/pagerduty.ts';
import type { Family } from '../row.ts';

/** Another board in place of a declared one. */
const board = (name: string, change: (board: Board) => Board): StackSabotage => ({
  boards: (gate) => ({ ...gate, boards: gate.boards.map((each) => (each.board === name ? change(each) : each)) }),
});
const dataFrom = (url: string): StackSabotage => ({ boards: (gate) => ({ ...gate, stack: { ...gate.stack, prometheus: { url } } }) });
const rolesOf = (person: string, ...roles: string[]): StackSabotage => ({
  boards: (gate) => ({ ...gate, people: gate.people.map((each) => (each.name === person ? { ...each, roles } : each)) }),
});

interface Answer {
  readonly data: { readonly result: readonly { readonly value?: Sample; readonly values?: readonly Sample[] }[] };
}
type Sample = readonly [timeS: number, value: string];

/** A data source that answers with other samples than Prometheus has. */
const samplesThat =
  (change: (sample: Sample) => Sample) =>
  async (stack: AccubooksStack): Promise<void> => {
    const source = await startFaultyProxy({ target: stack.prometheus.url });
    stack.whenMended(() => source.stop());
    const changed = ({ data, ...answer }: Answer): unknown => ({
      ...answer,
      data: {
        ...data,
        result: data.result.map(({ value, values, ...series }) => ({
          ...series,
          ...(value === undefined ? {} : { value: change(value) }),
          ...(values === undefined ? {} : { values: values.map(change) }),
        })),
      },
    });
    source.behave({ kind: 'json', path: '/api/v1/query', change: changed });
    await stack.sabotage(dataFrom(source.url));
  };
const tenMinutesS = 600;

const all = ['business-board', 'executive-access', 'on-call-access', 'business-access'];

export const boards: Family = {
  name: 'boards',
  items: all,
  rows: [
    {
      says: 'a board is not there',
      sabotage: { boards: (gate) => ({ ...gate, boards: gate.boards.filter((each) => each.board !== 'business') }) },
      red: { 'business-board': 'disproven', 'business-access': 'disproven' },
      because: /there is no board "business"/,
    },
    {
      says: 'a board has another title',
      sabotage: board('business', (each) => ({ ...each, title: 'Sales' })),
      red: { 'business-board': 'disproven' },
      because: /"Sales" instead of "Business Metrics"/,
    },
    {
      says: 'a board refreshes at another interval',
      sabotage: board('business', (each) => ({ ...each, refresh: 30_000 })),
      red: { 'business-board': 'disproven' },
      because: /every 30s instead of every 2s/,
    },
    {
      says: 'a panel is missing',
      sabotage: board('business', (each) => ({ ...each, panels: each.panels.filter(({ panel }) => panel !== 'tickets') })),
      red: { 'business-board': 'disproven' },
      because: /"Support Tickets" is missing/,
    },
    {
      says: 'a panel asks something else',
      sabotage: board('business', (each) => ({
        ...each,
        panels: each.panels.map((panel) => (panel.panel === 'tickets' ? { ...panel, queries: [{ query: 'vector(0)' }] } : panel)),
      })),
      red: { 'business-board': 'disproven' },
      because: /"Support Tickets" does not ask/,
    },
    {
      says: 'a panel is empty',
      sabotage: { app: { hideMetric: 'support_tickets_total' } },
      red: { 'business-board': 'disproven' },
      because: /"Support Tickets" has no data/,
    },
    {
      says: 'the data source of the boards is gone',
      sabotage: dataFrom('http://127.0.0.1:9'),
      red: {
        'business-board': 'disproven',
        'executive-access': 'disproven',
        'on-call-access': 'disproven',
        'business-access': 'disproven',
      },
      because: /fails: Prometheus at http:\/\/127\.0\.0\.1:9 cannot be reached/,
    },
    {
      says: 'the values of the boards are ten minutes old',
      act: samplesThat(([timeS, value]) => [timeS - tenMinutesS, value]),
      red: { 'business-board': 'disproven' },
      because: /old/,
    },
    {
      says: 'the values of the boards stand still',
      act: samplesThat(([timeS]) => [timeS, '3']),
      items: ['executive-board'],
      red: { 'executive-board': 'disproven' },
      because: /stays at .* although forecast was run/,
    },
    {
      says: 'a public board asks for credentials',
      sabotage: board('executive', (each) => ({ ...each, access: { roles: ['engineering'] } })),
      red: { 'executive-access': 'disproven' },
      because: /somebody without credentials is refused: HTTP 401/,
    },
    {
      says: 'a board is public that must not be',
      sabotage: board('operations', (each) => ({ ...each, access: 'public' })),
      red: { 'on-call-access': 'disproven' },
      because: /gets its API.*and must not/,
    },
    {
      says: 'a role lets too many in',
      sabotage: rolesOf('mary', 'product', 'engineering'),
      red: { 'on-call-access': 'disproven' },
      because: /mary gets its API.*and must not/,
    },
    {
      says: 'the engineer on call has lost the role',
      sabotage: rolesOf('ada'),
      red: { 'on-call-access': 'disproven' },
      because: /ada is refused: HTTP 403/,
    },
    {
      says: 'the engineer on call has another password',
      variables: { ADA_PASSWORD: 'forgotten' },
      red: { 'on-call-access': 'disproven' },
      because: /ada is refused: HTTP 401/,
    },
    {
      says: 'nobody is on call',
      act: (stack) => {
        stack.pagerduty.setOnCall([]);
        stack.whenMended(() => Promise.resolve(stack.pagerduty.setOnCall([ada, grace])));
        return Promise.resolve();
      },
      red: { 'on-call-access': 'disproven' },
      because: /nobody is on call now/,
    },
    {
      says: 'somebody is on call whom nobody has told how to get in',
      act: (stack) => {
        stack.pagerduty.setOnCall([{ id: 'PNEW', name: 'Nia New', email: 'nia@accubooks.test' }]);
        stack.whenMended(() => Promise.resolve(stack.pagerduty.setOnCall([ada, grace])));
        return Promise.resolve();
      },
      red: { 'on-call-access': 'disproven' },
      because: /Nia New .* is on call, and is none of the gate's people/,
    },
    {
      says: 'the rotation cannot be asked',
      sabotage: { pagerduty: { kind: 'refuse', of: 'rest' } },
      red: { 'on-call-access': 'inconclusive' },
      because: /refuse|401/,
    },
    {
      says: 'the board server cannot be reached',
      variables: { BOARDS_URL: 'http://127.0.0.1:9' },
      red: Object.fromEntries(all.map((id) => [id, 'inconclusive'])),
      because: /the board server at http:\/\/127\.0\.0\.1:9 cannot be reached/,
    },
  ],
};
