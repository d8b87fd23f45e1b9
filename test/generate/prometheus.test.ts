import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { prometheusConfig } from '../../src/generate/prometheus-config.ts';
import { prometheusRules } from '../../src/generate/prometheus-rules.ts';
import { alert, saidBy, sourceOf, textOf } from './source.ts';

const rulesOf = async (...items: readonly string[]) => textOf(prometheusRules(await sourceOf(items)));
const refusalOf = async (...items: readonly string[]) => saidBy(prometheusRules(await sourceOf(items)));
const stack = "stack: { alertmanager: { url: 'https://am.test/prefix', token: am-token, replicas: [{ url: 'http://b.test:9093' }] } }";

describe('generated rules', () => {
  it('say everything that the gate says of a rule, in its words where it has any', async () => {
    const item = alert(
      'Down',
      `expression: 'up{job="app"} == 0', for: 5m, labels: { severity: critical, page: 'on' }, annotations: [summary, description], texts: { summary: It is down, runbook_url: 'https://r.test' }`,
    );
    expect(await rulesOf(item)).toBe(`# Alerting rules of the gate small.
# Written by "liveproof generate": change the gate and generate it again.
groups:
  - name: small-alerts-30s
    interval: 30s
    rules:
      - alert: Down
        expr: up{job="app"} == 0
        for: 5m
        labels:
          severity: critical
          page: "on"
        annotations:
          summary: It is down
          description: Down is told
          runbook_url: https://r.test
`);
  });

  it.each([
    ['twice within its time', 'for: 10s', '5s'],
    ['with every scrape when it must fire at once', 'for: 0s', '15s'],
    ['every half a minute otherwise', 'for: 1h', '30s'],
    ['every half a minute when nothing is said', '', '30s'],
  ])('are evaluated %s', async (_, wait, interval) => {
    expect(parse(await rulesOf(alert('Down', `expression: up == 0, ${wait}`)))).toMatchObject({ groups: [{ interval }] });
  });

  it('have one rule for items that want the same', async () => {
    const same = alert('Down', 'expression: up == 0');
    expect(parse(await rulesOf(same, same.replace('id: down', 'id: again')))).toMatchObject({ groups: [{ rules: [{ alert: 'Down' }] }] });
  });

  it('always fire where a watchdog is asked for', async () => {
    expect(await rulesOf('{ id: dog, proof: watchdog, rule: Dog, receiver: dead-man, noticedWithin: 5m }')).toContain(
      '- alert: Dog\n        expr: vector(1)\n        labels:\n          severity: none\n',
    );
  });

  it('are refused for every item that does not say enough, at its place', async () => {
    const source = await sourceOf([alert('Down'), alert('Slow', 'expression: up ==')]);
    const made = prometheusRules(source);
    expect(saidBy(made)).toEqual([
      'the gate does not say what the rule Down asks Prometheus → add "expression:" to the item, as in expression: up{job="app"} == 0',
      'the expression of the rule Slow is not PromQL: up == → try it in the query page of Prometheus',
    ]);
    expect('faults' in made ? made.faults.map(({ place }) => [place?.file, place?.line]) : []).toEqual([
      ['gate.yaml', 4],
      ['gate.yaml', 5],
    ]);
  });

  it('are refused when two items contradict each other', async () => {
    const one = alert('Down', 'expression: up == 0, for: 5m');
    expect(await refusalOf(one, one.replace('id: down', 'id: again').replace('5m', '6m'))).toEqual([
      'the items down and again want the rule Down differently → let them agree on "expression" and "for", or give each its own labels',
    ]);
  });

  it('are refused when the gate asks for none', async () => {
    expect(await refusalOf('{ id: kept, proof: retention, atLeast: 30d }')).toEqual([
      'the gate small asks for no alerting rule → add items with "proof: alert", each with the "expression" of its rule',
    ]);
  });
});

describe('the generated configuration of Prometheus', () => {
  it('names whom it tells, what it scrapes how often, and how long it has to keep it', async () => {
    const items = [
      '{ id: kept, proof: retention, atLeast: 30d }',
      "{ id: app, proof: scrape, job: app, interval: 10s, targets: ['app-1:80', 'app-*:80'] }",
      '{ id: db, proof: scrape, job: db, interval: 20s }',
    ];
    const text = textOf(prometheusConfig(await sourceOf(items, stack)));
    expect(text).toContain('# Start Prometheus with --storage.tsdb.retention.time=30d\n');
    expect(text).toContain('# The gate does not say where db is: add its addresses under targets');
    expect(text).not.toContain('am-token');
    expect(parse(text)).toEqual({
      global: { scrape_interval: '10s', evaluation_interval: '10s' },
      rule_files: ['small.rules.yml'],
      alerting: {
        alertmanagers: [
          {
            scheme: 'https',
            path_prefix: '/prefix',
            authorization: { credentials_file: '/etc/prometheus/secrets/alertmanager.token' },
            static_configs: [{ targets: ['am.test'] }],
          },
          { scheme: 'http', static_configs: [{ targets: ['b.test:9093'] }] },
        ],
      },
      scrape_configs: [
        { job_name: 'app', scrape_interval: '10s', static_configs: [{ targets: ['app-1:80'] }] },
        { job_name: 'db', scrape_interval: '20s', static_configs: [{ targets: [] }] },
      ],
    });
  });

  it('is refused when the gate says nothing of it', async () => {
    expect(saidBy(prometheusConfig(await sourceOf(['{ id: kept, proof: retention, atLeast: 30d }'])))).toEqual([
      'the gate small says neither what Prometheus scrapes nor whom it tells → add items with "proof: scrape", and stack: { alertmanager }',
    ]);
  });
});
