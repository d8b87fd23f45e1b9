import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { Fault } from '../base/fault.ts';
import type { ConfigNode, Entry, ListNode, MapNode, ScalarNode } from './node.ts';
import { placeAt, type SourceFile, type Span } from './source-file.ts';
import { invalidYaml } from './yaml-fault.ts';

/** Longer ones are refused all the same, only less precisely. */
const longestTag = 200;

const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** Bounds on what one file may ask of us; aliases count each time they are used, so that a few lines cannot grow to gigabytes. */
const most = { depth: 100, nodes: 50_000 };

/** Turns parsed YAML into nodes that know where they stand: aliases followed, custom tags and endless growth refused into `faults`. */
export function buildNodes(contents: Node, file: SourceFile, faults: Fault[]): ConfigNode {
  /** `undefined` while the anchored node is being built: an alias to it would be endless. */
  const anchors = new Map<string, { readonly node: ConfigNode; readonly size: number } | undefined>();
  let count = 0;

  const fail = (span: Span, message: string, hint?: string): ScalarNode => {
    faults.push(invalidYaml(file, span, message, hint));
    return { type: 'scalar', file, span, value: null, written: '' };
  };
  const failAtTag = (tagged: Span): ScalarNode => {
    // The parser gives the span of what is tagged; the tag stands before it, perhaps with an anchor between.
    const before = file.text.slice(Math.max(0, tagged.start - longestTag), tagged.start);
    const [written = '', tag = ''] = /(!\S*)(?:\s+&\S+)?\s*$/.exec(before) ?? [];
    const start = tagged.start - written.length;
    return fail({ start, end: start + tag.length }, `the tag "${tag}" is not supported`, 'leave it out');
  };
  const blank = (at: number): ScalarNode => ({ type: 'scalar', file, span: { start: at, end: at }, value: null, written: '' });

  const convert = (node: Node, depth: number): ConfigNode => {
    const span = spanOf(node);
    count += 1;
    if (count > most.nodes)
      return count === most.nodes + 1 ? fail(span, 'this document is too large', 'are aliases nested in aliases?') : blank(span.start);
    if (depth > most.depth) return fail(span, 'this is nested too deeply');
    if (isAlias(node)) return follow(node.source, span);
    if (node.tag !== undefined && !coreTag.test(node.tag)) return failAtTag(span);
    const { anchor } = node as { readonly anchor?: string };
    if (anchor === undefined) return convertContent(node, span, depth);
    anchors.set(anchor, undefined);
    const before = count;
    const converted = convertContent(node, span, depth);
    anchors.set(anchor, { node: converted, size: count - before + 1 });
    return converted;
  };

  const follow = (anchor: string, span: Span): ConfigNode => {
    if (!anchors.has(anchor)) return fail(span, 'nothing is anchored by this name above this line');
    const target = anchors.get(anchor);
    if (target === undefined) return fail(span, `"*${anchor}" contains itself`);
    count += target.size;
    return count > most.nodes ? fail(span, 'this alias makes the document too large', 'are aliases nested in aliases?') : target.node;
  };

  const convertContent = (node: Node, span: Span, depth: number): ConfigNode => {
    if (isMap(node)) return convertMap(node, span, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => (isNode(item) ? convert(item, depth + 1) : fail(span, 'this list cannot be read')));
      return { type: 'list', file, span, items } satisfies ListNode;
    }
    return isScalar(node) ? convertScalar(node, span) : fail(span, 'this cannot be read');
  };

  const convertScalar = (node: Scalar, span: Span): ScalarNode => {
    const { value } = node;
    const written = node.source ?? '';
    // Infinities and NaN cannot be written into a report, which is JSON.
    const isNumber = typeof value === 'number' && Number.isFinite(value);
    if (typeof value === 'string' || isNumber || typeof value === 'boolean' || value === null) {
      return { type: 'scalar', file, span, value, written };
    }
    return fail(span, `the number ${written} is not supported`);
  };

  const convertMap = (map: YAMLMap, span: Span, depth: number): ConfigNode => {
    const own = new Map<string, Entry>();
    const merged: { readonly node: ConfigNode; readonly span: Span }[] = [];
    for (const pair of map.items as readonly unknown[]) {
      if (!isPair(pair) || !isNode(pair.key)) continue;
      const keySpan = spanOf(pair.key);
      const key = convert(pair.key, depth + 1);
      const value = isNode(pair.value) ? convert(pair.value, depth + 1) : blank(keySpan.end);
      if (key.type !== 'scalar') {
        fail(keySpan, 'a key must be plain text', 'put text that contains { } or [ ] in quotes');
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : key.written;
      const twin = own.get(name);
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') merged.push({ node: value, span: keySpan });
      else if (name === '__proto__') fail(keySpan, '"__proto__" cannot be a key');
      else if (twin !== undefined)
        fail(keySpan, `the key "${name}" is given twice`, `the other one is on line ${String(placeAt(file, twin.span).line)}`);
      else own.set(name, { file, span: keySpan, value });
    }
    const entries = new Map(own);
    for (const part of merged)
      for (const [key, entry] of mergedEntries(part.node, part.span)) if (!entries.has(key)) entries.set(key, entry);
    return { type: 'map', file, span, entries } satisfies MapNode;
  };

  /** `<<: *defaults`: not part of YAML 1.2, but what people expect of a file that has anchors. */
  const mergedEntries = (node: ConfigNode, span: Span): readonly (readonly [string, Entry])[] => {
    const maps = node.type === 'list' ? node.items : [node];
    if (maps.every((map) => map.type === 'map')) return maps.flatMap((map) => [...map.entries]);
    fail(span, '"<<" takes a map or a list of maps');
    return [];
  };

  return convert(contents, 0);
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
