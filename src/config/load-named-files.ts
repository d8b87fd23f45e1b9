import type { Fault } from '../base/fault.ts';
import { carriedSecrets } from './carried-secrets.ts';
import { openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ConfigNode, type MapNode } from './node.ts';
import { atKeysOfModule, isModule, openModule } from './open-module.ts';
import { duplicates, type PartRead } from './read-items.ts';
import type { Reading } from './read-node.ts';
import { pathBeside } from './source-file.ts';
import type { Variables } from './variables.ts';

export type FilesRead<Part> = Omit<PartRead<Part>, 'names'> & {
  /** Undefined when a file could not be read, so that nobody knows what it would have declared. */
  readonly names: readonly string[] | undefined;
};

/** Reads the files that a gate names in a list, one part in each, or several checks in a module (`checks: [health.yaml]`, in which `check: health` stands), with the gate's variables. */
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
  const faults: Fault[] = [];
  let isAllRead = true;
  for (const node of named) {
    const path = pathBeside(node.file, node.value);
    const isOfChecks = partKey === 'check' && isModule(path);
    const opened = isOfChecks
      ? await openModule(loading, path, placeOfNode(node))
      : [await openDocument(loading, partKey, path, placeOfNode(node))];
    const written = opened.filter((root) => root !== undefined);
    isAllRead &&= written.length > 0;
    roots.push(...written.map((root) => variables.interpolate(root, faults)));
  }
  loading.faults.push(...faults.map(atKeysOfModule));
  loading.carried.push(...roots.flatMap(carriedSecrets));
  const readings = roots.map(read);
  const names = roots.flatMap((root) => textNode(childOf(root, partKey)) ?? []);
  return {
    parts: readings.flatMap(({ value }) => value ?? []),
    names: !isAllRead || names.length < roots.length ? undefined : names.map(({ value }) => value),
    explanations: [...readings.flatMap(({ explanations }) => explanations), ...duplicates(names, partKey)].map((each) => {
      return { ...each, fault: atKeysOfModule(each.fault) };
    }),
    marked: readings.flatMap(({ marked }) => marked),
  };
}
