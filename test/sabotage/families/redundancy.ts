import type { AccubooksStack } from '../../sandbox/accubooks-stack.ts';
import type { Family, Row } from '../row.ts';

function secondOf({ second }: AccubooksStack): NonNullable<AccubooksStack['second']> {
  if (second === undefined) throw new Error('these rows want a second Prometheus and a second Alertmanager');
  return second;
}

/** Ends a part and starts it again in another way; mending starts it as it was. */
function ended(part: 'prometheus' | 'alertmanager', again: (stack: AccubooksStack) => Promise<unknown> = () => Promise.resolve()) {
  return async (stack: AccubooksStack): Promise<void> => {
    const ending = secondOf(stack)[part];
    await ending.crash();
    stack.whenMended(async () => {
      await ending.crash();
      await ending.resume();
    });
    await again(stack);
  };
}

const disproven: Row['red'] = { redundancy: 'disproven' };
const inconclusive: Row['red'] = { redundancy: 'inconclusive' };

export const redundancy: Family = {
  name: 'redundancy',
  items: ['redundancy'],
  redundant: true,
  rows: [
    {
      says: 'the second Alertmanager is in no cluster',
      act: ended('alertmanager', (stack) => secondOf(stack).alertmanager.resume(null)),
      red: disproven,
      because: /in no cluster/,
    },
    {
      says: 'the second Alertmanager is down',
      act: ended('alertmanager'),
      red: disproven,
      because: /Alertmanager 2 .* cannot be reached/,
    },
    {
      says: 'the second Prometheus is down',
      act: ended('prometheus'),
      red: inconclusive,
      because: /Prometheus 2 .* cannot be reached/,
    },
    {
      says: 'the second Prometheus tells one Alertmanager alone',
      sabotage: { second: { prometheusConfig: (text) => text.replace(/targets: \['[^']+', ('[^']+')\]/, 'targets: [$1]') } },
      red: disproven,
      because: /sends alerts only to/,
    },
    {
      says: 'the second Prometheus has no rules',
      sabotage: { second: { prometheusConfig: (text) => text.replace('rule_files:\n  - alerts.yml', 'rule_files: []') } },
      red: disproven,
      because: /has other rules than .*HighErrorRate is missing/,
    },
    {
      says: 'a rule of the second Prometheus has another threshold',
      sabotage: { second: { rules: (text) => text.replace('> 0.01', '> 0.5') } },
      red: disproven,
      because: /HighErrorRate is another rule there/,
    },
    {
      says: 'the alerts of the two Prometheus keep the label that tells them apart',
      sabotage: { prometheusConfig: (text) => text.replace('- regex: replica', '- regex: nothing_of_the_kind') },
      red: disproven,
      because: /holds 2 alerts Watchdog, which differ in replica/,
    },
    {
      says: 'the second Prometheus drops its alerts on the way',
      sabotage: {
        second: {
          prometheusConfig: (text) => text.replace('- regex: replica\n      action: labeldrop', '- action: drop'),
        },
      },
      red: disproven,
      because: /the first .* are down: Watchdog was not renewed any more/,
    },
    {
      says: 'nobody loads the rule that always fires',
      sabotage: { rules: (text) => text.replace('alert: Watchdog', 'alert: SomethingElse') },
      red: disproven,
      because: /holds no alert Watchdog/,
    },
    {
      says: 'the Alertmanagers have different routes',
      sabotage: { second: { alertmanagerConfig: (text) => text.replace('receiver: p1-urgent', 'receiver: p2-monitor') } },
      red: disproven,
      because: /has another configuration/,
    },
    {
      // The address is a secret, so the configurations look the same from outside.
      says: 'the second Alertmanager has a wrong address of Slack',
      sabotage: { second: { alertmanagerConfig: (text) => text.replace(/(slack_api_url: \S+\/services)\S+/, '$1/T0/B0/gone') } },
      red: disproven,
      because: /the first .* are down: the test alert did not arrive on oncall-slack/,
    },
    {
      says: 'what should be taken away goes on answering',
      sabotage: { supervisor: 'says yes and does nothing' },
      red: inconclusive,
      because: /still answered after/,
    },
    {
      says: 'nothing may be taken away',
      sabotage: { supervisor: 'refuses' },
      red: inconclusive,
      because: /HTTP 403: .*not allowed/,
    },
    {
      says: 'what was taken away does not come back',
      sabotage: { supervisor: 'does not give back' },
      red: disproven,
      because: /after it was given back not everything was whole again: .*cannot be reached|HTTP 503/,
    },
  ],
};
