import { dirname, isAbsolute, relative } from 'node:path';
import { Fault, type Place } from '../base/fault.ts';
import type { Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type MapNode } from './node.ts';
import { unusualChecks, usualChecks } from './project-schema.ts';
import { pathBeside } from './source-file.ts';

/** A check file, and where the project names it; nowhere when it was found in the usual place. */
export interface NamedFile {
  readonly path: string;
  readonly named?: Place | undefined;
}

/** The check files of a project: those that it names, and those that its patterns match, each once and in the order of names. */
export async function findCheckFiles(loading: Loading, project: MapNode): Promise<readonly NamedFile[]> {
  const folder = dirname(project.file.path);
  const list = childOf(project, 'checks');
  const found = new Map<string, NamedFile>();
  const matching = async (pattern: string): Promise<readonly string[]> => {
    const absolute = isAbsolute(pattern);
    const names = await loading.files.match(absolute ? '/' : folder, absolute ? relative('/', pattern) : pattern);
    return names.map((each) => (absolute ? `/${each}` : pathBeside(project.file, each)));
  };
  if (list === undefined) {
    for (const pattern of usualChecks) for (const path of await matching(pattern)) found.set(path, { path });
    const unusual = await matching(unusualChecks);
    for (const path of unusual) {
      const hint = `let it end in .yaml, .yml or .check.ts, or name the files to load under "checks"`;
      loading.faults.push(
        new Fault('config/bad-value', `${path} is named as a check is, and would not be loaded`, { hint, place: placeOfNode(project) }),
      );
    }
    if (found.size + unusual.length === 0) {
      const hint = `put check files there, or name them under "checks"`;
      loading.faults.push(
        new Fault('config/not-found', `no file matches ${usualChecks.join(' or ')}`, { hint, place: placeOfNode(project) }),
      );
    }
  }
  for (const node of (list?.type === 'list' ? list.items : []).flatMap((each) => textNode(each) ?? [])) {
    const named = placeOfNode(node);
    const isPattern = /[*?[{]/.test(node.value);
    const paths = isPattern ? await matching(node.value) : [pathBeside(node.file, node.value)];
    for (const path of paths) if (!found.has(path)) found.set(path, { path, named });
    if (paths.length === 0) loading.faults.push(new Fault('config/not-found', `no file matches "${node.value}"`, { place: named }));
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
