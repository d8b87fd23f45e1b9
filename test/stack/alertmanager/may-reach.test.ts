import { expect, it } from 'vitest';
import { parseAlertmanagerConfig } from '../../../src/stack/alertmanager/config.ts';
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
