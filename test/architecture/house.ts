import type { Import } from './imports.ts';

/** The plan of the house: which room may import from which. */
export interface House {
  /** Rooms from the ground up; a room may import from every floor below its own, and not from its neighbours. */
  readonly floors: readonly (readonly string[])[];
  /** The plural rooms with the singular room whose kinds they hold: they see it and what it sees. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Packages that belong to one place, with the files or folders that may import them. */
  readonly homes: Readonly<Record<string, readonly string[]>>;
}

/** Why an import is not allowed by the house's plan; undefined when it is. */
export function objection(house: House, each: Import): string | undefined {
  if (!each.ours) return againstPackage(house, each);
  return each.target.startsWith('src/') ? betweenRooms(house, each.file, each.target) : 'src imports nothing from outside src';
}

function againstPackage(house: House, { file, target }: Import): string | undefined {
  const homes = house.homes[target];
  const isHome = homes?.some((home) => file === `${home}.ts` || file.startsWith(`${home}/`)) ?? true;
  return isHome ? undefined : `${target} may be imported only in ${homes?.join(', ') ?? ''}`;
}

function betweenRooms(house: House, file: string, target: string): string | undefined {
  const from = roomOf(file);
  const to = roomOf(target);
  for (const room of [from, to]) if (floorOf(house, room) === -1) return `"${room}" is no room of the house`;
  if (from === to) return from in house.kinds ? betweenKinds(from, file, target) : undefined;
  if (!seenFrom(house, from).includes(to)) return `${from} may not see ${to}`;
  return to in house.kinds && target !== `src/${to}/index.ts` ? `the kinds in ${to} are reached through its index.ts` : undefined;
}

function betweenKinds(room: string, file: string, target: string): string | undefined {
  const own = kindOf(file);
  const other = kindOf(target);
  if (own === other) return undefined;
  if (own === 'index') return target === `src/${room}/${other}.ts` ? undefined : `index.ts imports a kind by its main file, ${other}.ts`;
  return other === 'index' ? 'a kind may not see the list that it stands in' : `the kind ${own} may not see its sibling ${other}`;
}

/** Rooms that `room` may import from. */
function seenFrom(house: House, room: string): readonly string[] {
  const singular = house.kinds[room];
  if (singular !== undefined) return [singular, ...seenFrom(house, singular)];
  return house.floors.slice(0, floorOf(house, room)).flat();
}

function floorOf(house: House, room: string): number {
  return house.floors.findIndex((floor) => floor.includes(room));
}

/** `gate` for `src/gate/gate.ts`; `src/index.ts`, the library's door, is a room of its own. */
function roomOf(file: string): string {
  return nameAt(file, 1);
}

/** `http` for both `src/probes/http.ts` and `src/probes/http/observe.ts`. */
function kindOf(file: string): string {
  return nameAt(file, 2);
}

function nameAt(file: string, depth: number): string {
  return file.split('/')[depth]?.replace(/[.][jt]s$/, '') ?? '';
}

/** Files that reach themselves by imports, each circle once: `a.ts → b.ts → a.ts`. */
export function circles(imports: readonly Import[]): readonly string[] {
  const targets = Map.groupBy(imports, (each) => each.file);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) return void found.push([...path.slice(start), file].join(' → '));
    if (done.has(file)) return;
    for (const { target } of targets.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) walk(file, []);
  return found;
}

/** How each of `packages` comes to be loaded as soon as `start` is, for those that do: `start → … → package`. */
export function loadedWith(start: string, packages: readonly string[], imports: readonly Import[]): readonly string[] {
  const targets = Map.groupBy(
    imports.filter((each) => !each.typeOnly && !each.dynamic),
    (each) => each.file,
  );
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    const here = [...path, file];
    if (packages.includes(file)) return [here.join(' → ')];
    return (targets.get(file) ?? []).flatMap(({ target }) => walk(target, here));
  };
  return walk(start, []);
}
