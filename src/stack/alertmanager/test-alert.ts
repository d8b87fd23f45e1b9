import type { PostableAlert } from '../alertmanager.ts';
import type { AlertmanagerConfig, InhibitRule } from './config.ts';
import { inhibitRulesFrom, labelsRoutedBy } from './routing.ts';
import type { Labels } from '../prometheus.ts';

/** The label by which our alert is recognised at every hop. */
export const nonceLabel = 'liveproof_nonce';

/** What a test alert stands for: a rule's name and the labels that it puts on its alerts. */
interface Rule {
  readonly name: string;
  readonly labels: Labels;
}

/** What the rule itself puts on its alerts; series add theirs when it fires. */
export function ownLabels({ name, labels }: Rule): Labels {
  return { ...labels, alertname: name };
}

export function testLabels(rule: Rule, nonce: string): Labels {
  return { ...ownLabels(rule), [nonceLabel]: nonce, liveproof_test: 'true' };
}

/**
 * Labels under which the test alert holds back no real one: a label that an inhibit rule compares gets a value that no real
 * alert has, provided that no route looks at it. Where that is not possible, the inhibit rule for whose sake nothing is posted.
 */
export function harmless(
  config: AlertmanagerConfig,
  labels: Labels,
  nonce: string,
): { readonly labels: Labels } | { readonly because: InhibitRule } {
  const needed = new Set(['alertname', ...labelsRoutedBy(config.route)]);
  let changed = labels;
  for (const rule of inhibitRulesFrom(config, labels)) {
    const free = rule.equal.filter((label) => !needed.has(label)).toSorted((a, b) => Number(a in labels) - Number(b in labels));
    const [label] = free;
    if (label === undefined) return { because: rule };
    changed = { ...changed, [label]: `liveproof-${nonce}` };
  }
  return { labels: changed };
}

/** The nonce stands in the text as well: not every template shows labels. */
export function testAlert(rule: Rule, labels: Labels, nonce: string, startsAt: Date, lastsMs: number): PostableAlert {
  return {
    labels,
    annotations: {
      summary: `[TEST] ${rule.name}: a test of this alert's way, nothing is wrong (${nonce})`,
      description: `liveproof posted this alert to see whether it arrives. No action is needed. ${nonce}`,
    },
    startsAt: startsAt.toISOString(),
    endsAt: new Date(startsAt.getTime() + lastsMs).toISOString(),
  };
}

/** The same alert, over: Alertmanager tells the receivers that it is resolved if it told them that it fired. */
export function endedAlert(alert: PostableAlert): PostableAlert {
  return { ...alert, endsAt: new Date(Date.parse(alert.startsAt) + 1).toISOString() };
}
