import { parser } from '@prometheus-io/lezer-promql';
import type { TreeCursor } from '@lezer/common';
import { parseDuration } from '../base/duration.ts';
import { rememberingEach } from '../base/remembering.ts';

/** A stretch of an expression's text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A part of a parsed expression. The kinds are those of Prometheus' own grammar: `BinaryExpr`, `VectorSelector`, … */
export interface PromqlNode extends Span {
  readonly kind: string;
  readonly text: string;
  readonly children: readonly PromqlNode[];
}

/** A part of an expression together with what stands around it, innermost first. */
export interface Found {
  readonly node: PromqlNode;
  readonly around: readonly PromqlNode[];
}

/** Parses an expression; undefined when it is not PromQL as its authors' grammar knows it. */
export function parsePromql(text: string): PromqlNode | undefined {
  if (!parsed.has(text)) {
    if (parsed.size === mostKept) parsed.clear();
    const root = readNode(parser.parse(text).cursor(), text);
    parsed.set(text, root?.children.length === 1 ? root.children[0] : undefined);
  }
  return parsed.get(text);
}

/** One gate asks the same few expressions again and again, a drill thousands of times. */
const parsed = new Map<string, PromqlNode | undefined>();
const mostKept = 500;

/** Undefined as soon as the parser had to skip or invent something. */
function readNode(cursor: TreeCursor, text: string): PromqlNode | undefined {
  if (cursor.type.isError) return undefined;
  const { name: kind, from, to } = cursor;
  const children: PromqlNode[] = [];
  if (cursor.firstChild()) {
    do {
      const child = readNode(cursor, text);
      if (child === undefined) return undefined;
      if (child.kind !== 'LineComment') children.push(child);
    } while (cursor.nextSibling());
    cursor.parent();
  }
  return { kind, from, to, text: text.slice(from, to), children };
}

/** Every part of an expression, outer parts before inner ones, in the order of the text. */
export const partsOf = rememberingEach((expression: PromqlNode): readonly Found[] => {
  const found: Found[] = [];
  const walk = (node: PromqlNode, around: readonly PromqlNode[]): void => {
    found.push({ node, around });
    for (const child of node.children) walk(child, [node, ...around]);
  };
  walk(expression, []);
  return found;
});

export function childOf(node: PromqlNode, kind: string): PromqlNode | undefined {
  return node.children.find((child) => child.kind === kind);
}

/** The expression itself, without the parentheses around it. */
export function unwrapped(node: PromqlNode): PromqlNode {
  const inner = node.kind === 'ParenExpr' ? node.children[0] : undefined;
  return inner === undefined ? node : unwrapped(inner);
}

/** The name of the function or aggregation that `node` calls: `rate`, `sum`. */
export function calledBy(node: PromqlNode): string | undefined {
  return (childOf(node, 'FunctionIdentifier') ?? childOf(node, 'AggregateOp'))?.text;
}

export function argumentsOf(call: PromqlNode): readonly PromqlNode[] {
  return childOf(call, 'FunctionCallBody')?.children ?? [];
}

/** `text` with a stretch of it replaced. */
export function splice(text: string, { from, to }: Span, replacement: string): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

/** The value of a number as PromQL writes it: `0.95`, `-1e3`, `1_000`, `5m` for 300. Undefined for any other part and for infinities. */
export function numberIn(node: PromqlNode): number | undefined {
  if (node.kind !== 'NumberDurationLiteral' && node.kind !== 'NumberDurationLiteralInDurationContext') return undefined;
  const plain = Number(node.text.replaceAll('_', ''));
  if (Number.isFinite(plain)) return plain;
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(node.text) ?? [];
  const ms = parseDuration(digits);
  return ms === undefined ? undefined : (Number(`${sign}1`) * ms) / 1000;
}

/** The length of a range, an offset or a step; undefined when it is computed (`[5m * 2]`). */
export function durationMsIn(node: PromqlNode): number | undefined {
  const [only, ...more] = node.children;
  const seconds = only === undefined || more.length > 0 ? undefined : numberIn(only);
  return seconds === undefined ? undefined : seconds * 1000;
}
