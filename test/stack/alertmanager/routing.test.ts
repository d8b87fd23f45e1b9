import { describe, expect, it } from 'vitest';
import { parseAlertmanagerConfig } from '../../../src/stack/alertmanager/config.ts';
import {
  formatInhibitRule,
  inhibitRuleBetween,
  inhibitRulesFrom,
  labelsRoutedBy,
  routesOf,
} from '../../../src/stack/alertmanager/routing.ts';

const config = parseAlertmanagerConfig(`
route:
  receiver: default
  routes:
    - { receiver: audit, matchers: ['env="live"'], continue: true }
    - receiver: p0
      matchers: [severity="critical"]
      routes: [{ receiver: database, matchers: [team="db"] }]
    - { receiver: p1, matchers: ['severity=~"critical|high"'] }
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: ['severity=~"high|low"'], equal: [cluster] }
`);

describe('the routing tree', () => {
  it.each([
    [{}, ['default']],
    [{ severity: 'critical' }, ['p0']],
    [{ severity: 'critical', team: 'db' }, ['database']],
    [{ severity: 'high' }, ['p1']],
    [{ severity: 'critical', env: 'live' }, ['audit', 'p0']],
    [{ env: 'live' }, ['audit']],
  ])('sends %o to %o', (labels, receivers) => {
    expect(routesOf(config.route, labels).map(({ receiver }) => receiver)).toEqual(receivers);
  });

  it('knows which labels decide', () => {
    expect([...labelsRoutedBy(config.route)].toSorted()).toEqual(['env', 'severity', 'team']);
  });
});

describe('an inhibit rule', () => {
  it('holds back only what is equal in the labels that it compares', () => {
    const source = { severity: 'critical', cluster: 'eu' };
    expect(inhibitRuleBetween(config, source, { severity: 'high', cluster: 'eu' })).toBeDefined();
    expect(inhibitRuleBetween(config, source, { severity: 'high', cluster: 'us' })).toBeUndefined();
    expect(inhibitRuleBetween(config, source, { severity: 'none', cluster: 'eu' })).toBeUndefined();
    expect(inhibitRuleBetween(config, { severity: 'critical' }, { severity: 'low' })).toBeDefined();
  });

  it('is found by its source, and told in words', () => {
    expect(inhibitRulesFrom(config, { severity: 'high' })).toEqual([]);
    expect(inhibitRulesFrom(config, { severity: 'critical' }).map(formatInhibitRule)).toEqual([
      'inhibit rule 1 (severity="critical" holds back severity=~"high|low" with equal cluster)',
    ]);
  });
});
