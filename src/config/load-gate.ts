import type { ChannelKind } from '../alert/channel.ts';
import type { Fault, Place } from '../base/fault.ts';
import { board } from '../board/board.ts';
import type { Probe } from '../check/probe.ts';
import type { Gate } from '../gate/gate.ts';
import type { Proof } from '../gate/proof.ts';
import { disk, type Files } from './files.ts';
import { includeItems } from './include-items.ts';
import { loadNamedFiles } from './load-named-files.ts';
import { carriedSecrets } from './carried-secrets.ts';
import { loadEnvironment } from './load-environment.ts';
import {
  declaredVariables,
  lookForFiles,
  note,
  openDocument,
  replaceVariables,
  secretsOf,
  sortedFaults,
  type Loading,
  type Source,
} from './loading.ts';
import { createModuleReader } from './modules/reader.ts';
import { childOf, pickEntries, placeOfValue, textNode, type ConfigNode, type MapNode, type Path } from './node.ts';
import { overlay } from './overlay.ts';
import { overridesOf } from './overrides.ts';
import { readCheck } from './read-check.ts';
import { readChannels, readItems } from './read-items.ts';
import { readNode } from './read-node.ts';
import { danglingReferences } from './references.ts';
import { gateFile } from './schema.ts';
import { createVariables } from './variables.ts';
import { waiverPolicyOf, wrongWaivers } from './waivers.ts';

export interface Kinds {
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly channels: ReadonlyMap<string, ChannelKind>;
  readonly probes: ReadonlyMap<string, Probe>;
}

export interface LoadGateOptions {
  readonly file: string;
  /** Chooses `environments/<name>.yaml` beside the gate file. */
  readonly environment?: string | undefined;
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Kinds;
  /** The disk, when left out. */
  readonly files?: Files;
}

/** A file that a gate was loaded from. */
export type GateSource = Source & { readonly role: Exclude<Source['role'], 'project'> };

export interface LoadedGate {
  readonly ok: true;
  readonly gate: Gate;
  /** Values that must never be stored or shown, for the redactor. */
  readonly secrets: readonly string[];
  /** The gate file, the environment file and the check files, in the order in which they were read. */
  readonly sources: readonly GateSource[];
  /** Where a value of the gate was written, in whichever file: `placeOf(['stack', 'prometheus', 'url'])`. */
  placeOf(path: Path): Place | undefined;
}

export interface RefusedGate {
  readonly ok: false;
  /** Everything that is wrong, in the order of files and lines. */
  readonly faults: readonly Fault[];
}

/** What a gate is called whose environment was not chosen. */
const asWritten = 'default';

/**
 * Loads a gate: reads its files, lays the environment over it, replaces variables, and checks everything by the schemas of its kinds.
 * Whatever is wrong with the files is told in `faults`, all at once; it rejects only for bugs of ours.
 */
export async function loadGate({ file, environment, env, kinds, files = disk }: LoadGateOptions): Promise<LoadedGate | RefusedGate> {
  await using modules = createModuleReader();
  const loading: Loading = { files, modules, sources: [], faults: [], marked: [], carried: [] };
  const written = await openDocument(loading, 'gate', file);
  // Without a gate file there is nothing that an environment could change, and looking for one would only repeat the fault.
  if (written === undefined) return refused(loading);
  const over = environment === undefined ? undefined : await loadEnvironment(loading, file, environment);
  if (written.type !== 'map') {
    note(loading, readNode(gateFile, written));
    return refused(loading);
  }
  const complete = await includeItems(loading, written);
  if (complete === undefined) return refused(loading);
  const laid = over === undefined ? { root: complete, changes: [], faults: [] } : overlay(complete, over);
  loading.faults.push(...laid.faults);

  const variables = createVariables({ env, declared: declaredVariables(laid.root), declaredIn: file });
  const replaced = (map: MapNode): MapNode => replaceVariables(map, variables, loading.faults);
  const root = replaced(laid.root);
  const because = over && textNode(childOf(replaced(pickEntries(over, (key) => key === 'because')), 'because'))?.value;

  const { shape, channels, items } = readParts(loading, root, kinds);
  const readOneCheck = (node: ConfigNode) => readCheck(node, kinds.probes);
  const checks = note(loading, await loadNamedFiles(loading, root, variables, { list: 'checks', part: 'check', read: readOneCheck }));
  const readOneBoard = (node: ConfigNode) => readNode(board, node);
  const boards = note(loading, await loadNamedFiles(loading, root, variables, { list: 'boards', part: 'board', read: readOneBoard }));
  const names = { item: items.names, channel: channels.names, check: checks.names, board: boards.names, person: keysOf(root, 'people') };
  loading.faults.push(...danglingReferences(loading.marked, names));
  if (shape !== undefined) loading.faults.push(...wrongWaivers(root, waiverPolicyOf(shape), items.parts));
  await lookForFiles(loading);
  if (shape === undefined || loading.faults.length > 0) {
    // An environment that could not be read may well have set the variables that are missed.
    const isKnown = environment === undefined || over !== undefined;
    const faults = loading.faults.filter(({ code }) => isKnown || code !== 'config/missing-variable');
    return refused({ ...loading, faults }, variables.secrets());
  }

  const gate: Gate = {
    name: shape.gate,
    title: shape.title ?? shape.gate,
    ref: shape.ref,
    environment: environment ?? asWritten,
    because,
    overrides: overridesOf(laid.changes, complete, laid.root, variables),
    stack: shape.stack,
    channels: channels.parts,
    checks: checks.parts,
    people: Object.entries(shape.people).map(([name, person]) => ({ name, ...person })),
    boards: boards.parts,
    policy: { maxAgeMs: shape.policy.maxAge, waivers: waiverPolicyOf(shape) },
    waivers: shape.waivers.length === 0 ? undefined : shape.waivers,
    items: items.parts,
  };
  // A secret that the environment replaced is not in the gate, but still in the gate file.
  if (over !== undefined) readParts({ ...loading, faults: [] }, replaceVariables(complete, variables, []), kinds);
  const secrets = [...new Set([...variables.secrets(), ...secretsOf(loading.marked), ...loading.carried])];
  const sources = loading.sources.flatMap(({ role, ...source }) => (role === 'project' ? [] : [{ role, ...source }]));
  return { ok: true, gate, secrets, sources, placeOf: (path) => placeOfValue(root, path) };
}

/** Reads what stands in the gate file itself, by the schemas of its kinds. */
function readParts(loading: Loading, root: MapNode, { channels, proofs }: Kinds) {
  loading.carried.push(...carriedSecrets(root));
  return {
    shape: note(loading, readNode(gateFile, root)).value,
    channels: note(loading, readChannels(root, channels)),
    items: note(loading, readItems(root, proofs)),
  };
}

function keysOf(gate: MapNode, key: string): readonly string[] {
  const map = childOf(gate, key);
  return map?.type === 'map' ? [...map.entries.keys()] : [];
}

function refused(loading: Loading, secrets: readonly string[] = []): RefusedGate {
  return { ok: false, faults: sortedFaults(loading, secrets) };
}
