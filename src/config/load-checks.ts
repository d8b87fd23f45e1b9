import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import { carriedSecrets } from './carried-secrets.ts';
import { openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ConfigNode, type MapNode } from './node.ts';
import { pathBeside } from './source-file.ts';
import { readCheck } from './read-check.ts';
import { duplicates, type PartRead } from './read-items.ts';
import type { Variables } from './variables.ts';

export type ChecksRead = Omit<PartRead<Check>, 'names'> & {
  /** Undefined when a file could not be read, so that nobody knows which checks it would have declared. */
  readonly names: readonly string[] | undefined;
};

/** Reads the check files that a gate names, with the gate's variables. */
export async function loadChecks(
  loading: Loading,
  gate: MapNode,
  probes: ReadonlyMap<string, Probe>,
  variables: Variables,
): Promise<ChecksRead> {
  const list = childOf(gate, 'checks');
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(node) ?? []);
  const roots: ConfigNode[] = [];
  for (const node of named) {
    const written = await openDocument(loading, 'check', pathBeside(node.file, node.value), placeOfNode(node));
    if (written !== undefined) roots.push(variables.interpolate(written, loading.faults));
  }
  loading.carried.push(...roots.flatMap(carriedSecrets));
  const readings = roots.map((root) => readCheck(root, probes));
  const names = roots.flatMap((root) => textNode(childOf(root, 'check')) ?? []);
  return {
    parts: readings.flatMap(({ check }) => check ?? []),
    names: names.length < named.length ? undefined : names.map(({ value }) => value),
    explanations: [...readings.flatMap(({ explanations }) => explanations), ...duplicates(names, 'check')],
    marked: readings.flatMap(({ marked }) => marked),
  };
}
