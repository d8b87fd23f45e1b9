import type { StackSabotage } from '../../sandbox/accubooks-stack.ts';
import type { HealthchecksBehaviour } from '../../sandbox/healthchecks.ts';
import type { Family } from '../row.ts';

const rules = (from: string, to: string): StackSabotage => ({ rules: (text) => text.replace(from, to) });
const alertmanager = (from: string | RegExp, to: string): StackSabotage => ({ alertmanagerConfig: (text) => text.replace(from, to) });
const deadMan = (behaviour: HealthchecksBehaviour): StackSabotage => ({ deadMan: behaviour });
const disproven = { watchdog: 'disproven' } as const;
const inconclusive = { watchdog: 'inconclusive' } as const;

export const watchdog: Family = {
  name: 'watchdog',
  items: ['watchdog'],
  rows: [
    {
      says: 'there is no watchdog rule',
      sabotage: rules('alert: Watchdog', 'alert: Watchdoggy'),
      red: disproven,
      because: /no alerting rule Watchdog .*did you mean Watchdoggy/,
    },
    {
      says: 'the watchdog never fires',
      sabotage: rules('expr: vector(1)', 'expr: vector(1) > 1'),
      red: disproven,
      because: /does not fire, it is inactive: `vector\(1\) > 1`/,
    },
    {
      says: 'the watchdog is routed to people instead of the switch',
      sabotage: alertmanager('alertname="Watchdog"', 'alertname="DeadMan"'),
      red: disproven,
      because: /routes it to p2-monitor, not to dead-man/,
    },
    {
      says: 'the watchdog is repeated every four hours only',
      sabotage: alertmanager('repeat_interval: 1s', 'repeat_interval: 4h'),
      red: disproven,
      because: /repeat_interval 4h.*waits only 6s/,
    },
    {
      says: 'the watchdog pings an address that is no switch',
      sabotage: alertmanager(/\/ping\/[0-9a-f-]+/, '/ping/00000000-0000-4000-8000-000000000000'),
      red: disproven,
      because: /no ping came/,
    },
    {
      says: 'the watchdog reports failures to the switch',
      sabotage: alertmanager(/\/ping\/[0-9a-f-]+/, '$&/fail'),
      red: disproven,
      because: /a ping arrives as "fail"/,
    },
    {
      says: "somebody's silence holds the watchdog",
      act: async ({ alertmanager: running, whenMended }) => {
        const id = await running.silence({ labels: { alertname: 'Watchdog' }, comment: 'too noisy' });
        whenMended(() => running.expireSilence(id));
      },
      red: inconclusive,
      because: /silenced by silence .*too noisy/,
    },
    { says: "the dead-man's switch is paused", sabotage: deadMan({ kind: 'paused' }), red: disproven, because: /is paused/ },
    {
      says: "the dead-man's switch has nobody to tell",
      sabotage: deadMan({ kind: 'no-channels' }),
      red: disproven,
      because: /tells nobody/,
    },
    { says: "the dead-man's switch loses pings", sabotage: deadMan({ kind: 'drop' }), red: disproven, because: /no ping came/ },
    {
      says: "the dead-man's switch does not raise the alarm",
      sabotage: deadMan({ kind: 'never-notices' }),
      red: disproven,
      because: /did not notice.*wrote down no change/,
    },
    {
      says: "the dead-man's switch raises the alarm late",
      sabotage: deadMan({ kind: 'notices-late', ms: 10_000 }),
      red: disproven,
      because: /noticed too late/,
    },
    {
      says: "the dead-man's alarm is lost",
      sabotage: deadMan({ kind: 'tells-nobody' }),
      red: disproven,
      because: /its alarm did not come to oncall-slack/,
    },
    {
      says: "the dead-man's switch stays in alarm",
      sabotage: deadMan({ kind: 'stays-down' }),
      red: disproven,
      because: /did not come back/,
    },
    {
      says: "another job keeps the dead-man's switch quiet",
      act: (stack) => {
        const timer = setInterval(() => void fetch(stack.healthchecks.pingUrl).catch(() => undefined), 500);
        stack.whenMended(() => Promise.resolve(clearInterval(timer)));
        return Promise.resolve();
      },
      red: disproven,
      because: /a ping comes from elsewhere/,
    },
    { says: "the key of the dead-man's switch was revoked", sabotage: deadMan({ kind: 'refuse' }), red: inconclusive, because: /HTTP 401/ },
    {
      says: "the dead-man's switch answers with errors",
      sabotage: deadMan({ kind: 'status', status: 500, of: 'management' }),
      red: inconclusive,
      because: /HTTP 500/,
    },
  ],
};
