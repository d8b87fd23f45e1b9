import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import type { ConfigNode } from './node.ts';
import type { Explanation } from './explain.ts';
import { readKind } from './read-kind.ts';
import { readNode, type MarkedField } from './read-node.ts';
import { checkKeys } from './schema.ts';

export interface CheckRead {
  readonly check: Check | undefined;
  readonly explanations: readonly Explanation[];
  readonly marked: readonly MarkedField[];
}

/** Reads what a check file says, once its variables are replaced. */
export function readCheck(root: ConfigNode, probes: ReadonlyMap<string, Probe>): CheckRead {
  if (root.type !== 'map') return { check: undefined, ...readNode(checkKeys, root) };
  const { value, explanations, marked } = readKind({
    node: root,
    common: checkKeys,
    key: 'probe',
    noun: 'probe',
    kinds: probes,
    schemaOf: (probe) => probe.options,
  });
  if (value === undefined) return { check: undefined, explanations, marked };
  const { check: name, ref, statement, probe, timeout } = value.common;
  return { check: { name, ref, statement: statement ?? name, probe, timeoutMs: timeout, options: value.own }, explanations, marked };
}
