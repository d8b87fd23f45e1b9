import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import type { ConfigNode } from './node.ts';
import { readKind } from './read-kind.ts';
import { readNode, type Reading } from './read-node.ts';
import { checkKeys } from './schema.ts';

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
  if (value === undefined) return { value: undefined, explanations, marked };
  const { check: name, ref, statement, probe, timeout } = value.common;
  return { value: { name, ref, statement: statement ?? name, probe, timeoutMs: timeout, options: value.own }, explanations, marked };
}
