import type { Family } from '../row.ts';
import { alertmanager, prometheus } from '../sabotages.ts';

const inhibition = `
inhibit_rules:
  - source_matchers: [alertname="Maintenance"]
    target_matchers: [severity="high"]
    equal: []
`;

/** The receiver of one name, up to the next. */
const receiver = (name: string): string => `(- name: ${name}\\n(?:(?! {2}- name:)[\\s\\S])*?)`;

export const routing: Family = {
  name: 'routing',
  items: ['high-latency', 'cache-memory'],
  rows: [
    {
      says: 'a route leads to the wrong receiver',
      sabotage: alertmanager(/(severity="high"\]\s+receiver:) p1-urgent/, '$1 p2-monitor'),
      red: { 'high-latency': 'disproven' },
      because: /p2-monitor/,
    },
    {
      says: 'P0 has no route',
      sabotage: alertmanager(/ {4}- matchers: \[severity="critical"\]\n {6}receiver: p0-oncall\n/, ''),
      items: ['pool-exhaustion'],
      red: { 'pool-exhaustion': 'disproven' },
      because: /p2-monitor/,
    },
    {
      says: 'data integrity is not escalated',
      sabotage: alertmanager(/ {4}- matchers: \[severity="critical", escalate="true"\]\n {6}receiver: p0-escalation\n/, ''),
      items: ['data-integrity'],
      red: { 'data-integrity': 'disproven' },
      because: /p0-escalation/,
    },
    {
      says: 'a receiver has a mail server that is not there',
      sabotage: alertmanager(
        new RegExp(`${receiver('p1-urgent')} {4}email_configs: \\*email\\n`),
        '$1    email_configs: [{ to: oncall@accubooks.test, smarthost: "127.0.0.1:9" }]\n',
      ),
      red: { 'high-latency': 'disproven' },
      because: /oncall-email/,
    },
    {
      says: 'a receiver lacks e-mail',
      sabotage: alertmanager(new RegExp(`${receiver('p1-urgent')} {4}email_configs: \\*email\\n`), '$1'),
      red: { 'high-latency': 'disproven' },
      because: /oncall-email/,
    },
    {
      says: 'P2 is not told in Slack',
      sabotage: alertmanager(new RegExp(`${receiver('p2-monitor')} {4}slack_configs: \\*slack\\n`), '$1'),
      red: { 'cache-memory': 'disproven' },
      because: /oncall-slack/,
    },
    {
      says: 'PagerDuty is given another routing key',
      sabotage: alertmanager(/routing_key: \S+/, 'routing_key: R0ANOTHER'),
      items: ['pool-exhaustion'],
      red: { 'pool-exhaustion': 'disproven' },
      because: /oncall-pagerduty/,
    },
    {
      says: 'the phone bridge has another address',
      sabotage: alertmanager(/(webhook_configs: &p0-webhooks\n {6}- url:) \S+/, '$1 http://127.0.0.1:9/alerts'),
      items: ['pool-exhaustion'],
      red: { 'pool-exhaustion': 'disproven' },
      because: /oncall-phone/,
    },
    {
      says: 'people are not told that an alert is over',
      sabotage: alertmanager(/(channel: '#accubooks-oncall'\n {8}send_resolved:) true/, '$1 false'),
      items: ['cache-memory'],
      red: { 'cache-memory': 'disproven' },
      because: /did not tell within .* that the test alert is over/,
    },
    {
      says: 'Prometheus sends its alerts to another Alertmanager',
      sabotage: prometheus(/(alertmanagers:\s+- static_configs:\s+- targets: )\[.*\]/, "$1['127.0.0.1:9']"),
      red: { 'high-latency': 'disproven', 'cache-memory': 'disproven' },
      because: /127\.0\.0\.1:9/,
    },
    {
      says: 'an alert is silenced',
      act: async (stack) => {
        const id = await stack.alertmanager.silence({ labels: { alertname: 'HighLatency' } });
        stack.whenMended(() => stack.alertmanager.expireSilence(id));
      },
      red: { 'high-latency': 'inconclusive' },
      because: /silence/,
    },
    {
      says: 'an alert is inhibited by another one',
      sabotage: { alertmanagerConfig: (text) => text + inhibition },
      act: (stack) => stack.alertmanager.postAlert({ labels: { alertname: 'Maintenance' }, lastsMs: 60_000 }),
      red: { 'high-latency': 'inconclusive' },
      because: /inhibit/,
    },
    {
      says: 'Prometheus does not tell its rules',
      act: (stack) => Promise.resolve(stack.prometheusProxy.behave({ kind: 'status', status: 500, path: '/api/v1/rules' })),
      red: { 'high-latency': 'inconclusive', 'cache-memory': 'inconclusive' },
      because: /HTTP 500/,
    },
    {
      says: 'Alertmanager answers with noise',
      act: (stack) => Promise.resolve(stack.alertmanagerProxy.behave({ kind: 'garble', path: '/api/v2/alerts', method: 'GET' })),
      red: { 'high-latency': 'inconclusive', 'cache-memory': 'inconclusive' },
      because: /not JSON|JSON/,
    },
    {
      says: 'nobody on call is awake',
      sabotage: { asleep: true },
      items: ['pagerduty'],
      red: { pagerduty: 'disproven' },
      because: /nobody acknowledged/,
    },
  ],
};
