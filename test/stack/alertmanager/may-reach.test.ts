import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAlertmanagerConfig, type Route } from '../../../src/stack/alertmanager/config.ts';
import { mayLeaveAt, type KnownLabels } from '../../../src/stack/alertmanager/may-reach.ts';
import { routesOf } from '../../../src/stack/alertmanager/routing.ts';

const { route } = parseAlertmanagerConfig(`
route:
  receiver: quiet
  routes:
    - { matchers: [team="db"], receiver: database, continue: true }
    - matchers: [severity="critical"]
      receiver: pager
      routes:
        - { matchers: [escalate="true"], receiver: director }
    - { matchers: [severity="high"], receiver: urgent }
receivers: []
`);

const reached = (known: KnownLabels): readonly string[] =>
  mayLeaveAt(route, known).map((each) => `${each.route.receiver} ${each.isCertain ? 'surely' : 'perhaps'}`);

it.each([{ severity: 'critical' }, { severity: 'critical', escalate: 'true' }, { severity: 'high', team: 'db' }, { team: 'db' }, {}])(
  'agrees with the routing tree when every label of %o is known',
  (labels) => {
    const surely = routesOf(route, labels).map(({ receiver }) => `${receiver} surely`);
    expect(reached({ labels, without: 'all-others' })).toEqual(surely);
  },
);

it('counts a branch that an unknown label may lead to, and the one that it would lead away from', () => {
  expect(reached({ labels: { severity: 'critical' }, without: ['team'] })).toEqual(['director perhaps', 'pager perhaps']);
});

it('does not let a branch that may be passed by hide the ones after it', () => {
  expect(reached({ labels: { severity: 'critical' }, without: ['escalate'] })).toEqual(['database perhaps', 'pager surely']);
});

it('of an alert of which nothing is known, takes every receiver into account', () => {
  expect(reached({ labels: {}, without: [] })).toEqual([
    'database perhaps',
    'director perhaps',
    'pager perhaps',
    'urgent perhaps',
    'quiet perhaps',
  ]);
});

const labelNames = ['a', 'b', 'c'];
const value = fc.constantFrom('', 'x', 'y');
const matcher = fc.record({ label: fc.constantFrom(...labelNames), operator: fc.constantFrom('=', '!=', '=~'), value });
function treeOf(depth: number): fc.Arbitrary<Route> {
  return fc.record({
    receiver: fc.constantFrom('r', 's', 't'),
    matchers: fc.array(matcher as fc.Arbitrary<Route['matchers'][number]>, { maxLength: 2 }),
    continues: fc.boolean(),
    groupWaitMs: fc.constant(0),
    groupIntervalMs: fc.constant(0),
    repeatIntervalMs: fc.constant(0),
    timeIntervals: fc.constant([]),
    routes: depth === 0 ? fc.constant([]) : fc.array(treeOf(depth - 1), { maxLength: 3 }),
  });
}

it('whatever the unknown labels turn out to be, misses no branch that is taken, and every certain one is taken', () => {
  const labels = fc.record({ a: value, b: value, c: value });
  fc.assert(
    fc.property(treeOf(2), labels, fc.subarray(labelNames), (root, all, knownNames) => {
      const known = Object.fromEntries(Object.entries(all).filter(([label]) => knownNames.includes(label)));
      const leaving = mayLeaveAt(root, { labels: known, without: [] });
      const taken = routesOf(root, all);
      const possible = leaving.map(({ route: each }) => each);
      const certain = leaving.filter(({ isCertain }) => isCertain).map(({ route: each }) => each);
      expect(taken.filter((each) => !possible.includes(each))).toEqual([]);
      expect(certain.filter((each) => !taken.includes(each))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
