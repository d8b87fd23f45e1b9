import type { z } from 'zod';
import { onDemand, type Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import { checkKeys } from './check-schema.ts';
import type { ConfigNode } from './node.ts';
import { readKind } from './read-kind.ts';
import { readNode, type Reading } from './read-node.ts';

/** Reads what a check file says, once its variables are replaced. */
export function readCheck(root: ConfigNode, probes: ReadonlyMap<string, Probe>): Reading<Check> {
  if (root.type !== 'map') return { ...readNode(checkKeys, root), value: undefined };
  const { value, explanations, marked } = readKind({
    node: root,
    common: checkKeys,
    key: 'probe',
    noun: 'probe',
    kinds: probes,
    schemaOf: (probe) => probe.options,
  });
  return { value: value && checkOf(value.common, value.own), explanations, marked };
}

function checkOf(keys: z.output<typeof checkKeys>, options: unknown): Check {
  const { check: name, ref, statement, probe, timeout, retries, severity, runbook } = keys;
  return {
    name,
    ref,
    statement: statement ?? name,
    probe,
    timeoutMs: timeout,
    options,
    assertions: keys.assert,
    schedule: keys.interval ?? onDemand.schedule,
    retries: retries === undefined ? onDemand.retries : { times: retries.times, afterMs: retries.after, on: retries.on },
    thresholds: { failAfter: keys.failAfter, recoverAfter: keys.recoverAfter },
    tags: keys.tags,
    ...(severity === undefined ? {} : { severity }),
    places: keys.places,
    ...(runbook === undefined ? {} : { runbook }),
    maintenance: keys.maintenance,
  };
}
