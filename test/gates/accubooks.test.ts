import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { channels } from '../../src/channels/index.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import type { Gate, Item } from '../../src/gate/gate.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';

const folder = path.join(import.meta.dirname, '../../gates/accubooks');
const secrets = ['IMAP_PASSWORD', 'SLACK_TOKEN', 'PAGERDUTY_TOKEN', 'PAGERDUTY_ROUTING_KEY', 'TWILIO_TOKEN', 'DEAD_MAN_KEY'];
const env = {
  ...Object.fromEntries(secrets.map((name) => [name, 'a-secret'])),
  TWILIO_ACCOUNT: 'AC0123456789abcdef0123456789abcdef',
  DEAD_MAN_CHECK: '31365bce-8da9-4729-8ff3-aaa71d56b712',
};

async function load(environment?: string): Promise<Gate> {
  const loaded = await loadGate({ file: path.join(folder, 'gate.yaml'), environment, env, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  return loaded.gate;
}

/** Whatever a gate says that it covers. */
function refsOf(gate: Gate): ReadonlySet<string> {
  const subjects = gate.items.flatMap((item) => proofs.get(item.proof)?.refs?.(item.requirement) ?? []);
  return new Set([
    ...gate.ref,
    ...gate.items.flatMap(({ ref }) => ref),
    ...gate.checks.flatMap(({ ref }) => ref),
    ...gate.boards.flatMap(({ ref }) => ref),
    ...subjects.flatMap(([, ref]) => ref),
  ]);
}

describe("AccuBooks' gate", () => {
  let gate: Gate;
  let requirements: Readonly<Record<string, { readonly kind: string; readonly says: string }>>;
  beforeAll(async () => {
    gate = await load();
    requirements = parse(await readFile(path.join(folder, 'requirements.yaml'), 'utf8')) as typeof requirements;
  });

  it('covers every requirement, and names none that is not there', () => {
    const refs = refsOf(gate);
    expect(Object.keys(requirements).length).toBe(51);
    expect(Object.keys(requirements).filter((id) => !refs.has(id))).toEqual([]);
    expect([...refs].filter((id) => requirements[id] === undefined)).toEqual([]);
  });

  it('tells each severity to whom the guide tells it, within the guide’s time', () => {
    const alerts = gate.items.filter(({ proof }) => proof === 'alert');
    const told = (item: Item) => {
      const {
        channels: names,
        deliveredWithin,
        acknowledgedWithin,
      } = item.requirement as {
        readonly channels: readonly string[];
        readonly deliveredWithin: number;
        readonly acknowledgedWithin?: number;
      };
      return [item.severity, names.toSorted((a, b) => a.localeCompare(b)).join(' '), (acknowledgedWithin ?? deliveredWithin) / 60_000];
    };
    const p0 = 'oncall-email oncall-pagerduty oncall-phone oncall-slack';
    expect(Object.fromEntries(alerts.map((item) => [item.id, told(item)]))).toEqual({
      'high-error-rate': ['P0', p0, 5],
      'pool-exhaustion': ['P0', p0, 5],
      'system-downtime': ['P0', p0, 5],
      'data-integrity': ['P0', `escalation-email ${p0}`, 1],
      'high-latency': ['P1', 'oncall-email oncall-slack', 15],
      'queue-depth': ['P1', 'oncall-email oncall-slack', 30],
      'cache-hit-rate': ['P1', 'oncall-email oncall-slack', 30],
      'pool-warning': ['P2', 'oncall-slack', 60],
      'cache-memory': ['P2', 'oncall-slack', 60],
    });
  });

  it.each(['demo', 'bench'])('can be run in the environment %s, which changes times alone', async (name) => {
    const { overrides, because, items } = await load(name);
    expect(because).toMatch(/\w/);
    expect(items.map(({ id, proof, grade }) => [id, proof, grade])).toEqual(gate.items.map(({ id, proof, grade }) => [id, proof, grade]));
    const times = /\.(interval|for|lasts|duration|count|jobs|perSecond|lookEvery|settle|\w*Within)$/;
    expect(overrides.filter((each) => !times.test(each.path) && !each.path.startsWith('variables.')).map((each) => each.path)).toEqual([]);
  });
});
