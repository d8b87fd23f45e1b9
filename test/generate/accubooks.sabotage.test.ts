import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanagerConfig } from '../../src/generate/alertmanager.ts';
import { prometheusConfig } from '../../src/generate/prometheus-config.ts';
import { prometheusRules } from '../../src/generate/prometheus-rules.ts';
import { channels } from '../../src/channels/index.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import type { Report } from '../../src/report/report.ts';
import { prove } from '../sabotage/prove.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { textOf } from './source.ts';

const file = path.join(import.meta.dirname, '../../gates/accubooks/gate.yaml');

async function generate(env: Readonly<Record<string, string>>, environment: string | undefined, secretsFolder: string) {
  const loaded = await loadGate({ file, environment, env, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const source = { gate: loaded.gate, proofs, placeOf: loaded.placeOf };
  return {
    rules: textOf(prometheusRules(source)),
    config: textOf(prometheusConfig(source)),
    alertmanager: textOf(alertmanagerConfig({ ...source, channels, secrets: loaded.secrets, secretsFolder })),
  };
}

const alerts = [
  'high-error-rate',
  'pool-exhaustion',
  'system-downtime',
  'data-integrity',
  'high-latency',
  'queue-depth',
  'cache-hit-rate',
  'pool-warning',
  'cache-memory',
];

describe("what is generated from AccuBooks' gate", () => {
  let stack: AccubooksStack;
  let folder: Awaited<ReturnType<typeof createTempFolder>>;
  let report: Report;
  beforeAll(async () => {
    folder = await createTempFolder('generated');
    stack = await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations });
  });
  afterAll(async () => {
    await stack.stop();
    await folder[Symbol.asyncDispose]();
  });

  it('is taken by promtool and amtool, as for a launch, and is the same every time', async () => {
    const made = await generate(stack.variables, undefined, '/etc/alertmanager/secrets');
    expect(await generate(stack.variables, undefined, '/etc/alertmanager/secrets')).toEqual(made);
    const write = async (name: string, text: string): Promise<string> => {
      await writeFile(path.join(folder.path, name), text);
      return path.join(folder.path, name);
    };
    const rules = await execa('promtool', ['check', 'rules', await write('accubooks.rules.yml', made.rules)]);
    expect(rules.stdout).toContain('SUCCESS: 10 rules found');
    const config = await execa('promtool', ['check', 'config', await write('prometheus.yml', made.config)]);
    expect(config.stdout).toContain('is valid prometheus config file syntax');
    const routes = await execa('amtool', ['check-config', await write('alertmanager.yml', made.alertmanager)]);
    expect(routes.stdout).toMatch(/SUCCESS[^]*0 inhibit rules[^]*5 receivers/);
  });

  it('lets the gate proceed on every alert, from the rule to the people', { timeout: 300_000 }, async () => {
    const secrets = path.join(folder.path, 'secrets');
    await mkdir(secrets);
    await writeFile(path.join(secrets, 'oncall-slack.token'), stack.slack.token);
    await writeFile(path.join(secrets, 'oncall-pagerduty.routing-key'), stack.pagerduty.routingKey);
    const made = await generate(stack.variables, 'demo', secrets);
    await stack.sabotage({
      rules: () => made.rules,
      alertmanagerConfig: () => made.alertmanager.replaceAll('REPLACE-ME', stack.variables['DEAD_MAN_CHECK'] ?? ''),
    });
    report = await prove(stack, { only: [...alerts, 'watchdog'] });
    const tried = report.items.filter(({ id }) => [...alerts, 'watchdog'].includes(id));
    expect(tried.length).toBe(10);
    const unproven = tried.filter(({ state }) => state !== 'proven');
    expect(unproven.map(({ id, state, reasons }) => ({ id, state, reasons: reasons.filter(({ holds }) => holds !== 'yes') }))).toEqual([]);
  });

  it('has rules of which no mutant goes unnoticed', () => {
    const tried = report.items.filter(({ id }) => alerts.includes(id));
    const words = tried.flatMap(({ reasons }) => reasons.map(({ says }) => says).filter((says) => says.includes('unnoticed')));
    expect(words).toEqual(
      alerts.map(() => expect.stringMatching(/changed versions of the rule that were tried: [1-9]\d*, unnoticed: 0$/) as string),
    );
  });

  it('says nothing of what it must not tell', async () => {
    const made = await generate(stack.variables, undefined, '/etc/alertmanager/secrets');
    for (const secret of [
      'IMAP_PASSWORD',
      'SLACK_TOKEN',
      'PAGERDUTY_TOKEN',
      'PAGERDUTY_ROUTING_KEY',
      'TWILIO_TOKEN',
      'DEAD_MAN_KEY',
      'DEAD_MAN_CHECK',
    ]) {
      const value = stack.variables[secret] ?? '';
      expect(value.length).toBeGreaterThan(3);
      expect([secret, Object.values(made).some((text) => text.includes(value))]).toEqual([secret, false]);
    }
  });

  it('has the rules that were also found by hand', async () => {
    const made = await generate(stack.variables, undefined, '/etc/alertmanager/secrets');
    const rulesIn = (text: string) =>
      (parse(text) as { groups: { rules: { alert: string; expr: string; for?: string; labels: object; annotations: object }[] }[] }).groups
        .flatMap(({ rules }) => rules)
        .map((rule) => ({ ...rule, expr: rule.expr.replaceAll(/\s+/g, ' ').trim(), annotations: Object.keys(rule.annotations) }))
        .toSorted((left, right) => left.alert.localeCompare(right.alert));
    const repaired = path.join(import.meta.dirname, '../systems/accubooks/monitoring/repaired/alerts.yml');
    expect(rulesIn(made.rules)).toEqual(rulesIn(await readFile(repaired, 'utf8')));
  });
});
