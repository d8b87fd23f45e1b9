import { basename, dirname, join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { suggest } from '../base/closest.ts';
import { reach } from './files.ts';
import { openDocument, note, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type MapNode } from './node.ts';
import { readNode } from './read-node.ts';
import { environmentFile } from './schema.ts';

/** Reads `environments/<name>.yaml` beside the gate file; undefined when that brought faults. */
export async function loadEnvironment(loading: Loading, gateFile: string, name: string): Promise<MapNode | undefined> {
  const folder = join(dirname(gateFile), 'environments');
  const path = join(folder, `${name}.yaml`);
  const names = await environmentsIn(loading, folder);
  // A name and not a path: `--env ../other` must not reach out of the folder.
  if (basename(name) !== name || (names !== undefined && !names.includes(name))) {
    const hint = suggest(name, names ?? [], 'there are') ?? `write ${path}`;
    loading.faults.push(new Fault('config/not-found', `there is no environment "${name}" beside ${gateFile}`, { hint }));
    return undefined;
  }
  const root = await openDocument(loading, 'environment', path);
  if (root === undefined) return undefined;
  note(loading, readNode(environmentFile, root));
  const own = textNode(childOf(root, 'environment'));
  if (own !== undefined && own.value !== name) {
    const message = `"environment" must be "${name}", the name of this file, not "${own.value}"`;
    loading.faults.push(new Fault('config/bad-value', message, { place: placeOfNode(own) }));
  }
  return root.type === 'map' ? root : undefined;
}

async function environmentsIn({ files }: Loading, folder: string): Promise<readonly string[] | undefined> {
  const listed = await reach(files, folder, files.list);
  if (!listed.ok) return undefined;
  return listed.result.filter((file) => file.endsWith('.yaml')).map((file) => basename(file, '.yaml'));
}
