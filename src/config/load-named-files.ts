import { carriedSecrets } from './carried-secrets.ts';
import { openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ConfigNode, type MapNode } from './node.ts';
import { duplicates, type PartRead } from './read-items.ts';
import type { Reading } from './read-node.ts';
import { pathBeside } from './source-file.ts';
import type { Variables } from './variables.ts';

export type FilesRead<Part> = Omit<PartRead<Part>, 'names'> & {
  /** Undefined when a file could not be read, so that nobody knows what it would have declared. */
  readonly names: readonly string[] | undefined;
};

/** Reads the files that a gate names in a list, one part in each (`checks: [health.yaml]`, in which `check: health` stands), with the gate's variables. */
export async function loadNamedFiles<Part>(
  loading: Loading,
  gate: MapNode,
  variables: Variables,
  {
    list: listKey,
    part: partKey,
    read,
  }: { readonly list: string; readonly part: 'check' | 'board'; read(root: ConfigNode): Reading<Part> },
): Promise<FilesRead<Part>> {
  const list = childOf(gate, listKey);
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(node) ?? []);
  const roots: ConfigNode[] = [];
  for (const node of named) {
    const written = await openDocument(loading, partKey, pathBeside(node.file, node.value), placeOfNode(node));
    if (written !== undefined) roots.push(variables.interpolate(written, loading.faults));
  }
  loading.carried.push(...roots.flatMap(carriedSecrets));
  const readings = roots.map(read);
  const names = roots.flatMap((root) => textNode(childOf(root, partKey)) ?? []);
  return {
    parts: readings.flatMap(({ value }) => value ?? []),
    names: names.length < named.length ? undefined : names.map(({ value }) => value),
    explanations: [...readings.flatMap(({ explanations }) => explanations), ...duplicates(names, partKey)],
    marked: readings.flatMap(({ marked }) => marked),
  };
}
