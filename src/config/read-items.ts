import type { ChannelKind } from '../alert/channel.ts';
import { Fault } from '../base/fault.ts';
import type { ChannelDeclaration, Item } from '../gate/gate.ts';
import { rungOf, type Grade } from '../gate/grade.ts';
import type { Proof } from '../gate/proof.ts';
import { closest } from '../base/closest.ts';
import type { Explanation } from './explain.ts';
import { childOf, placeOfNode, textNode, type MapNode, type TextNode } from './node.ts';
import { readKind } from './read-kind.ts';
import type { MarkedField } from './read-node.ts';
import { circles } from './references.ts';
import { channelKeys, itemKeys } from './schema.ts';
import { oneOf } from './wording.ts';

export interface PartRead<Part> {
  /** Those that have no faults. */
  readonly parts: readonly Part[];
  /** The names of all, so that a fault in one is not also an unknown reference to it. */
  readonly names: readonly string[];
  readonly explanations: readonly Explanation[];
  readonly marked: readonly MarkedField[];
}

/** Reads a gate's items, each by the schema of its proof. */
export function readItems(root: MapNode, proofs: ReadonlyMap<string, Proof>): PartRead<Item> {
  const list = childOf(root, 'items');
  const nodes = list?.type === 'list' ? list.items.filter((item) => item.type === 'map') : [];
  const readings = nodes.map((node) => readItem(node, proofs));
  const parts = readings.flatMap(({ item }) => (item === undefined ? [] : [item]));
  const ids = nodes.flatMap((node) => textNode(childOf(node, 'id')) ?? []);
  const needs = nodes.map((node) => {
    const needed = childOf(node, 'needs');
    const entries = (needed?.type === 'list' ? needed.items : []).map((entry) => ({ id: textNode(entry)?.value ?? '', node: entry }));
    return { id: textNode(childOf(node, 'id'))?.value ?? '', needs: entries };
  });
  const explanations = [
    ...readings.flatMap((reading) => reading.explanations),
    ...duplicates(ids, 'id'),
    ...circles(needs).map((fault) => ({ fault })),
  ];
  return { parts, names: ids.map(({ value }) => value), explanations, marked: readings.flatMap(({ marked }) => marked) };
}

function readItem(node: MapNode, proofs: ReadonlyMap<string, Proof>) {
  const { value, explanations, marked } = readKind({
    node,
    common: itemKeys,
    key: 'proof',
    noun: 'proof',
    kinds: proofs,
    schemaOf: (proof) => proof.requirement,
  });
  const named = textNode(childOf(node, 'proof'))?.value;
  const proof = named === undefined ? undefined : proofs.get(named);
  const wrong = proof && wrongGrade(node, proof);
  if (wrong !== undefined) return { item: undefined, explanations: [...explanations, wrong], marked };
  if (value === undefined) return { item: undefined, explanations, marked };
  const { id, ref, statement, severity, grade, needs, timeout } = value.common;
  const item: Item = {
    id,
    ref,
    statement: statement ?? id,
    severity,
    proof: value.kind.kind,
    grade: (grade as Grade | undefined) ?? value.kind.defaultGrade,
    needs,
    timeoutMs: timeout,
    requirement: value.own as Item['requirement'],
  };
  return { item, explanations, marked };
}

function wrongGrade(node: MapNode, { kind, ladder }: Proof): Explanation | undefined {
  const grade = textNode(childOf(node, 'grade'));
  if (grade === undefined || rungOf(ladder, grade.value) !== -1) return undefined;
  const near = closest(grade.value, ladder);
  const message = `"grade" of the proof "${kind}" must be ${oneOf(ladder)}, not "${grade.value}"`;
  return { fault: new Fault('config/bad-value', message, { hint: near && `did you mean "${near}"?`, place: placeOfNode(grade) }) };
}

/** Reads a gate's channels, each by the schema of its kind. */
export function readChannels(root: MapNode, kinds: ReadonlyMap<string, ChannelKind>): PartRead<ChannelDeclaration> {
  const map = childOf(root, 'channels');
  const entries = map?.type === 'map' ? [...map.entries] : [];
  const readings = entries.flatMap(([name, { value: node, file, span }]) => {
    if (node.type !== 'map') return [];
    // Below its own key: what a channel lacks is missed there, not at its first line.
    const placed = { ...node, file, span };
    const reading = readKind({
      node: placed,
      common: channelKeys,
      key: 'kind',
      noun: 'channel kind',
      kinds,
      schemaOf: (kind) => kind.options,
    });
    return [{ name, ...reading }];
  });
  const parts = readings.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, kind: value.common.kind, options: value.own }]));
  const names = entries.map(([name]) => name);
  return {
    parts,
    names,
    explanations: readings.flatMap(({ explanations }) => explanations),
    marked: readings.flatMap(({ marked }) => marked),
  };
}

/** A fault for every name that was given before, which tells where. */
export function duplicates(names: readonly TextNode[], what: string): readonly Explanation[] {
  const first = new Map<string, TextNode>();
  return names.flatMap((node) => {
    const other = first.get(node.value);
    if (other === undefined) {
      first.set(node.value, node);
      return [];
    }
    const { file, line, column } = placeOfNode(other);
    const hint = `the other one is at ${file}:${String(line)}:${String(column)}`;
    return [{ fault: new Fault('config/duplicate-id', `the ${what} "${node.value}" is given twice`, { hint, place: placeOfNode(node) }) }];
  });
}
