import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault, type Place } from '../base/fault.ts';
import { reach } from './files.ts';
import type { Loading } from './loading.ts';
import { nodeOfValue } from './node-of-value.ts';
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
  const refuse = (message: string, hint?: string, cause?: unknown): readonly ConfigNode[] => {
    loading.faults.push(new Fault('config/bad-value', `${path}: ${message}`, { hint, place: named, cause }));
    return [];
  };
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(resolve(path)).href)) as typeof loaded;
  } catch (error) {
    return refuse(`this module cannot be loaded: ${firstLineOf(error)}`, undefined, error);
  }
  const declared = loaded.default;
  if (declared === undefined) return refuse('this module exports no check', 'export default defineCheck({ … })');
  const all: readonly unknown[] = Array.isArray(declared) ? declared : [declared];
  return all.flatMap((each, index) => {
    const at = Array.isArray(declared) ? [index] : [];
    return nodeOfValue(each, { path, at, refuse: (message) => void refuse(message) }) ?? [];
  });
}

function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
}

/** A value that a module worked out stands in no line of it: the path of its keys is told in place of one. Other faults stay as they are. */
export function atKeysOfModule(fault: Fault): Fault {
  const { code, message, hint, place, cause } = fault;
  if (place === undefined || !isModule(place.file)) return fault;
  const keys = place.source === '' ? '' : `, ${place.source}`;
  return new Fault(code, `${place.file}${keys}: ${message}`, { hint, cause });
}
