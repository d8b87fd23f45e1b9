import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/base/fault.ts';
import { parseAlertmanagerConfig } from '../../../src/stack/alertmanager/config.ts';

describe("Alertmanager's configuration", () => {
  it('passes receivers and times on to the branches that do not set their own', () => {
    const { route } = parseAlertmanagerConfig(`
route:
  receiver: default
  group_wait: 5s
  routes:
    - matchers: [severity="critical"]
      receiver: p0
      group_interval: 1m
      repeat_interval: 2m
      routes: [{ match: { team: db } }]
`);
    expect(route).toMatchObject({ receiver: 'default', groupWaitMs: 5_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 });
    expect(route.routes[0]).toMatchObject({ receiver: 'p0', groupWaitMs: 5_000, groupIntervalMs: 60_000 });
    expect(route.routes[0]?.routes[0]).toMatchObject({
      receiver: 'p0',
      groupIntervalMs: 60_000,
      repeatIntervalMs: 120_000,
      timeIntervals: [],
    });
  });

  it('knows all three notations of a condition', () => {
    const { route } = parseAlertmanagerConfig(`
route:
  receiver: default
  routes: [{ match: { a: 1 }, match_re: { b: x.* }, matchers: ['c!="2"'], continue: true, mute_time_intervals: [nights] }]
`);
    expect(route.routes[0]).toMatchObject({
      matchers: [
        { label: 'a', operator: '=', value: '1' },
        { label: 'b', operator: '=~', value: 'x.*' },
        { label: 'c', operator: '!=', value: '2' },
      ],
      continues: true,
      timeIntervals: ['nights'],
    });
  });

  it.each([
    ['no route', 'receivers: [{ name: default }]'],
    ['no YAML', 'route: { receiver: ['],
    ['a pattern that only Go reads', 'route: { receiver: a, routes: [{ matchers: [\'a=~"[[:alpha:]]"\'] }] }'],
    ['what is no matcher', "route: { receiver: a, routes: [{ matchers: ['severity'] }] }"],
  ])('is a fault when it has %s', (_, text) => {
    expect(() => parseAlertmanagerConfig(text)).toThrow(Fault);
  });
});
