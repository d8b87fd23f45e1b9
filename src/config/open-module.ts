import { Fault, type Place } from '../base/fault.ts';
import { reach } from './files.ts';
import type { Loading } from './loading.ts';
import type { ConfigNode } from './node.ts';

export function isModule(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** Loads a module of checks; each that it exports by default, as if it had been written in a file of its own. */
export async function openModule(loading: Loading, path: string, named?: Place): Promise<readonly ConfigNode[]> {
  const reached = await reach(loading.files, path, loading.files.read, named);
  if (!reached.ok) {
    loading.faults.push(reached.fault);
    return [];
  }
  loading.sources.push({ role: 'check', path, text: reached.result });
  const { nodes, refused } = await loading.modules.read(path);
  loading.faults.push(...refused.map(({ message, hint }) => new Fault('config/bad-value', `${path}: ${message}`, { hint, place: named })));
  return nodes;
}

/** A value that a module worked out stands in no line of it: the path of its keys is told in place of one. Other faults stay as they are. */
export function atKeysOfModule(fault: Fault): Fault {
  const { code, message, hint, place, cause } = fault;
  if (place === undefined || !isModule(place.file)) return fault;
  const keys = place.source === '' ? '' : `, ${place.source}`;
  return new Fault(code, `${place.file}${keys}: ${message}`, { hint, cause });
}
