import { describe, expect, it } from 'vitest';
import { wayOf } from '../../../src/stack/alertmanager/way.ts';

const config = `
global: { resolve_timeout: 5m }
route:
  receiver: default
  group_by: [alertname]
  routes:
    - { matchers: ['alertname="A"'], receiver: a, mute_time_intervals: [nights] }
    - { matchers: ['severity="page"'], receiver: pager, continue: true }
    - { matchers: ['team="db"'], receiver: db }
receivers:
  - { name: default }
  - { name: a, webhook_configs: [{ url: 'http://a' }] }
  - { name: pager, webhook_configs: [{ url: 'http://pager' }] }
  - { name: db, webhook_configs: [{ url: 'http://db' }] }
time_intervals: [{ name: nights, time_intervals: [{ times: [{ start_time: '00:00', end_time: '06:00' }] }] }]
inhibit_rules:
  - { source_matchers: ['alertname="A"'], target_matchers: ['alertname="B"'] }
  - { source_matchers: ['team="web"'], target_matchers: ['severity="page"'] }
`;
const changes = (from: string, to: string, labels: Record<string, string>): boolean => {
  const changed = config.replace(from, to);
  expect(changed).not.toBe(config);
  return JSON.stringify(wayOf(config, labels)) !== JSON.stringify(wayOf(changed, labels));
};
const a = { alertname: 'A', severity: 'warning' };
const b = { alertname: 'B', severity: 'page' };
const c = { alertname: 'C', severity: 'warning' };

describe('the way of an alert', () => {
  it.each([
    ['its own branch', 'receiver: a, mute', 'receiver: db, mute', a, true],
    ['the receiver of its branch', 'http://a', 'http://elsewhere', a, true],
    ['the time interval of its branch', '06:00', '07:00', a, true],
    ['the way of others, once it is caught', 'http://pager', 'http://elsewhere', a, false],
    ['the receiver that it would only come to without its branch', 'name: default', 'name: default, webhook_configs: []', a, false],
    ['the branch that it is caught by', 'severity="page"', 'severity="critical"', b, true],
    ['the branch of an alert with another name', 'receiver: a, mute', 'receiver: db, mute', b, false],
    ['a branch that its series may lead it to', 'http://db', 'http://elsewhere', c, true],
    ['where it goes when nothing catches it', 'name: default', 'name: default, webhook_configs: []', c, true],
    ['how it is grouped', '[alertname]', '[alertname, instance]', c, true],
    ['an inhibit rule that holds it back', 'team="web"', 'team="app"', b, true],
    ['an inhibit rule by which it holds back others', 'alertname="B"', 'alertname="C"', a, true],
    ['an inhibit rule between others', 'target_matchers: [\'alertname="B"\']', 'target_matchers: [\'alertname="D"\']', c, false],
    ['what holds for all', 'resolve_timeout: 5m', 'resolve_timeout: 6m', c, true],
  ])('with %s changed: %s → %s', (_, from, to, labels, isOther) => {
    expect(changes(from, to, labels)).toBe(isOther);
  });
});
