import type { Place } from '../base/fault.ts';
import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import { carriedSecrets } from './carried-secrets.ts';
import type { NamedFile } from './find-check-files.ts';
import { note, openDocument, type Loading } from './loading.ts';
import { atKeysOfModule, isModule, openModule } from './open-module.ts';
import { childOf, placeOfNode, textNode, type ConfigNode } from './node.ts';
import { readCheck } from './read-check.ts';
import { duplicates } from './read-items.ts';
import { placeAt, sourceFile } from './source-file.ts';
import type { Variables } from './variables.ts';

export interface FoundCheck {
  readonly check: Check;
  readonly declaredAt: Place;
}

/** Reads check files: one check in each that is YAML, one or a list in each that is TypeScript. */
export async function loadCheckFiles(
  loading: Loading,
  files: readonly NamedFile[],
  { variables, probes }: { readonly variables: Variables; readonly probes: ReadonlyMap<string, Probe> },
): Promise<readonly FoundCheck[]> {
  const roots: ConfigNode[] = [];
  const faultsBefore = loading.faults.length;
  for (const { path, named } of files) {
    const opened = isModule(path) ? await openModule(loading, path, named) : [await openDocument(loading, 'check', path, named)];
    roots.push(...opened.filter((root) => root !== undefined).map((root) => variables.interpolate(root, loading.faults)));
  }
  loading.carried.push(...roots.flatMap(carriedSecrets));
  const found = roots.map((root) => ({ root, check: note(loading, readCheck(root, probes)).value }));
  const names = roots.flatMap((root) => textNode(childOf(root, 'check')) ?? []);
  loading.faults.push(...duplicates(names, 'check').map(({ fault }) => fault));
  loading.faults.push(...loading.faults.splice(faultsBefore).map(atKeysOfModule));
  return found.flatMap(({ root, check }) => {
    if (check === undefined) return [];
    const { path } = root.file;
    const declaredAt = isModule(path) ? nameInModule(loading, path, check.name) : placeOfNode(childOf(root, 'check') ?? root);
    return [{ check, declaredAt }];
  });
}

/** Where a module has the name of a check in quotes; its first line when it puts it together. */
function nameInModule({ sources }: Loading, path: string, name: string): Place {
  const file = sourceFile(path, sources.find((each) => each.path === path)?.text ?? '');
  const at = file.text.search(new RegExp(`['"\`]${RegExp.escape(name)}['"\`]`));
  return placeAt(file, at === -1 ? { start: 0, end: 0 } : { start: at + 1, end: at + 1 + name.length });
}
