import { shortened } from '../base/shortened.ts';
import { Fault, type Place } from '../base/fault.ts';
import { createRedactor, type Redactor } from '../base/redact.ts';
import type { Explanation } from './explain.ts';
import { decoded } from '../base/decoded.ts';
import { reach, type Files } from './files.ts';
import { locate } from './locate.ts';
import type { ModuleReader } from './modules/reader.ts';
import { childOf, placeOfNode, type ConfigNode, type MapNode } from './node.ts';
import type { MarkedField } from './read-node.ts';
import { pathBeside } from './source-file.ts';
import type { Variables } from './variables.ts';

/** A file that a gate or a project was loaded from, word for word. */
export interface Source {
  readonly role: 'gate' | 'environment' | 'items' | 'check' | 'board' | 'project';
  readonly path: string;
  readonly text: string;
}

/** What gathers while a gate is loaded: loading goes on after a fault, so that all of them are told at once. */
export interface Loading {
  readonly files: Files;
  readonly modules: ModuleReader;
  readonly sources: Source[];
  readonly faults: Fault[];
  /** Secrets, references and paths that the schemas pointed out. */
  readonly marked: MarkedField[];
  /** Secrets in places that no schema marks. */
  readonly carried: string[];
}

/** Reads a YAML file; undefined when that brought faults. `named` is where another file names it. */
export async function openDocument(loading: Loading, role: Source['role'], path: string, named?: Place): Promise<ConfigNode | undefined> {
  const reached = await reach(loading.files, path, loading.files.read, named);
  if (!reached.ok) {
    loading.faults.push(reached.fault);
    return undefined;
  }
  loading.sources.push({ role, path, text: reached.result });
  const located = locate(path, reached.result);
  if (located.ok) return located.root;
  loading.faults.push(...located.faults);
  return undefined;
}

/** What a file declares under `variables`. */
export function declaredVariables(root: MapNode): ReadonlyMap<string, ConfigNode> {
  const declared = childOf(root, 'variables');
  return new Map(declared?.type === 'map' ? [...declared.entries].map(([name, { value }]) => [name, value]) : []);
}

/** Variables themselves are worked out when they are used: one that nobody uses may lack its value. */
export function replaceVariables(map: MapNode, variables: Variables, faults: Fault[]): MapNode {
  const replaced = [...map.entries].map(([key, entry]) => {
    return [key, key === 'variables' ? entry : { ...entry, value: variables.interpolate(entry.value, faults) }] as const;
  });
  return { ...map, entries: new Map(replaced) };
}

/** Notes what reading a part brought, and passes the part on. */
export function note<Part extends { readonly explanations: readonly Explanation[]; readonly marked: readonly MarkedField[] }>(
  loading: Loading,
  part: Part,
): Part {
  loading.faults.push(...part.explanations.map(({ fault }) => fault));
  loading.marked.push(...part.marked);
  return part;
}

/** What the schemas declare with `secret()`, of what has been read. */
export function secretsOf(marked: readonly MarkedField[]): readonly string[] {
  return marked.filter(({ meta }) => meta['secret'] === true).flatMap(({ node }) => [node.value, ...pathOf(node.value)]);
}

/** Of an address that is a secret, a server names the path alone. */
function pathOf(value: string): readonly string[] {
  const parsed = URL.parse(value);
  const path = parsed === null ? '' : `${parsed.pathname}${parsed.search}`;
  const parts = path.split(/[/?&=]/).filter((part) => part.length >= 16);
  return path.length > 8 ? [path, ...parts, ...parts.map(decoded)] : [];
}

/** All faults, each once and without secrets, in the order in which the files were read and by place in each; those without a place come first. */
export function sortedFaults({ faults, sources, marked, carried }: Loading, secrets: readonly string[]): readonly Fault[] {
  const redactor = createRedactor([...secrets, ...secretsOf(marked), ...carried]);
  const order = (place: Place | undefined): readonly number[] =>
    place === undefined ? [-1] : [sources.findIndex(({ path }) => path === place.file), place.line, place.column];
  // An alias brings what is wrong at its anchor once for every use.
  const unique = new Map(
    faults
      .map((fault) => redactedFault(fault, redactor))
      .map((fault) => [JSON.stringify([fault.code, fault.message, order(fault.place)]), fault]),
  );
  return [...unique.values()].toSorted((a, b) => {
    const [before, after] = [order(a.place), order(b.place)];
    const differing = before.findIndex((part, index) => part !== after[index]);
    return differing === -1 ? before.length - after.length : (before[differing] ?? 0) - (after[differing] ?? 0);
  });
}

/** A value that is quoted can be a whole page. */
const longestMessage = 500;

/** A message can quote a value that a variable brought in. */
function redactedFault({ code, message, hint, place, cause }: Fault, redactor: Redactor): Fault {
  // Cut afterwards: half a secret would not be recognised.
  const text = redactor.text(message);
  const shown = shortened(text, longestMessage);
  return new Fault(code, shown, { hint: hint && redactor.text(hint), place, cause });
}

/** Files that fields name must be there before anything is run; what is in them is the kind's business. */
export async function lookForFiles({ files, marked, faults }: Loading): Promise<void> {
  for (const { node } of marked.filter(({ meta }) => meta['path'] === true)) {
    const reached = await reach(files, pathBeside(node.file, node.value), files.find, placeOfNode(node));
    if (!reached.ok) faults.push(reached.fault);
  }
}
