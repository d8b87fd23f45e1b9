import { describe, expect, it } from 'vitest';
import { endedAlert, harmless, testAlert, testLabels } from '../../../src/stack/alertmanager/test-alert.ts';
import { parseAlertmanagerConfig } from '../../../src/stack/alertmanager/config.ts';
import { inhibitRuleBetween } from '../../../src/stack/alertmanager/routing.ts';
import { nonce, now, rule } from '../../proofs/alert/recorded.ts';

const labels = testLabels(rule(), nonce);

function configWith(inhibitRules: string, routes = '[]') {
  return parseAlertmanagerConfig(`route: { receiver: a, routes: ${routes} }\ninhibit_rules: ${inhibitRules}`);
}

describe('a test alert', () => {
  it("has the rule's labels, and tells in them and in its text what it is", () => {
    expect(labels).toEqual({ alertname: 'HighErrorRate', severity: 'critical', liveproof_nonce: nonce, liveproof_test: 'true' });
    const { annotations, startsAt, endsAt } = testAlert(rule(), labels, nonce, new Date(now), 60_000);
    expect(annotations['summary']).toMatch(new RegExp(`^\\[TEST\\] HighErrorRate.*${nonce}`));
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(60_000);
  });

  it('is over a moment after it began when it is ended', () => {
    const alert = testAlert(rule(), labels, nonce, new Date(now), 60_000);
    expect(endedAlert(alert)).toEqual({ ...alert, endsAt: new Date(now + 1).toISOString() });
  });
});

describe('an inhibit rule that would let it hold back real alerts', () => {
  const real = { alertname: 'HighErrorRate', severity: 'high', instance: 'a' };

  it('is led astray by a value that no real alert has', () => {
    const config = configWith(
      '[{ source_matchers: [severity="critical"], target_matchers: [severity="high"], equal: [alertname, instance] }]',
    );
    const safe = harmless(config, labels, nonce);
    expect(safe).toEqual({ labels: { ...labels, instance: `liveproof-${nonce}` } });
    expect(inhibitRuleBetween(config, { ...labels, instance: 'a' }, real)).toBeDefined();
    expect(inhibitRuleBetween(config, 'labels' in safe ? safe.labels : {}, real)).toBeUndefined();
  });

  it.each([
    ['it compares nothing', '[{ source_matchers: [severity="critical"], target_matchers: [severity="high"] }]', '[]'],
    ['it compares the name', '[{ source_match: { severity: critical }, target_match: { severity: high }, equal: [alertname] }]', '[]'],
    [
      'a route looks at what it compares',
      '[{ source_matchers: [severity="critical"], target_matchers: [severity="high"], equal: [instance] }]',
      '[{ receiver: b, matchers: [instance="a"] }]',
    ],
  ])('keeps us from posting when %s', (_, inhibitRules, routes) => {
    expect(harmless(configWith(inhibitRules, routes), labels, nonce)).toMatchObject({ because: { position: 1 } });
  });

  it('is no hindrance when it is about other alerts, or excepts tests', () => {
    const others = configWith('[{ source_matchers: [severity="high"], target_matchers: [severity="low"] }]');
    const excepts = configWith(
      `[{ source_matchers: [severity="critical", 'liveproof_test!="true"'], target_matchers: [severity="high"] }]`,
    );
    expect(harmless(others, labels, nonce)).toEqual({ labels });
    expect(harmless(excepts, labels, nonce)).toEqual({ labels });
  });
});
