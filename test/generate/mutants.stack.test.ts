import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { channels } from '../../src/channels/index.ts';
import { itemKeys } from '../../src/config/schema.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { prometheusRules } from '../../src/generate/prometheus-rules.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { startLive, type Live } from '../proofs/alert/live.ts';
import { textOf } from './source.ts';

const folder = path.join(import.meta.dirname, '../../gates/accubooks');
const secrets = ['IMAP_PASSWORD', 'SLACK_TOKEN', 'PAGERDUTY_TOKEN', 'PAGERDUTY_ROUTING_KEY', 'TWILIO_TOKEN', 'DEAD_MAN_KEY'];
const env = {
  ...Object.fromEntries(secrets.map((name) => [name, 'a-secret'])),
  TWILIO_ACCOUNT: `AC${'0'.repeat(32)}`,
  DEAD_MAN_CHECK: '31365bce-8da9-4729-8ff3-aaa71d56b712',
};

const text = await readFile(path.join(folder, 'items/alerts.yaml'), 'utf8');
const replaced = text.replaceAll('${RATE_WINDOW}', '5m').replaceAll(/\$\{[A-Z_]+\}/g, 'http://127.0.0.1:9');
const { items } = parse(replaced) as { readonly items: readonly (Readonly<Record<string, unknown>> & { readonly rule: string })[] };

let live: Live;
beforeAll(async () => {
  const loaded = await loadGate({ file: path.join(folder, 'gate.yaml'), environment: undefined, env, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const rules = textOf(prometheusRules({ gate: loaded.gate, proofs, placeOf: loaded.placeOf }));
  live = await startLive({
    // Nobody waits half a minute for their first evaluation.
    rules: rules.replaceAll(/interval: (15|30)s/g, 'interval: 1s'),
    metrics: () => 'up_to_now 1\n',
    alertmanagerConfig: 'route: { receiver: a }\nreceivers: [{ name: a }]',
  });
  await live.prometheus.waitForRules();
});
afterAll(async () => live.stop());

it('covers the nine alerts of the guide', () => {
  expect(items.length).toBe(9);
});

it.concurrent.each(items)('$rule, generated for a launch, is told from every mutant of it', async ({ rule, ...item }) => {
  const own = Object.fromEntries(Object.entries(item).filter(([key]) => !(key in itemKeys.shape)));
  const { verdict, facts } = await live.prove({ rule, ...own }, 'would-fire');
  expect(verdict.reasons.filter(({ holds }) => holds !== 'yes')).toEqual([]);
  expect(verdict).toMatchObject({ state: 'proven', grade: 'would-fire' });
  const { mutants } = facts.wouldFire as { readonly mutants: readonly { readonly killed: boolean }[] };
  expect(mutants.length).toBeGreaterThan(0);
  expect(mutants.filter(({ killed }) => !killed)).toEqual([]);
});
