import { calledBy, numberIn, parsePromql, type PromqlNode } from '../promql.ts';

/**
 * Whether two expressions are one, however they are spaced, quoted and commented, and wherever `by (…)` stands.
 * Of what is not PromQL, as the extensions of MetricsQL, only equal texts are known to be the same.
 */
export function sameExpression(left: string, right: string): 'same' | 'different' | 'cannot-tell' {
  if (left === right) return 'same';
  const [one, other] = [parsePromql(left), parsePromql(right)];
  if (one === undefined || other === undefined) return 'cannot-tell';
  return shapeOf(one) === shapeOf(other) ? 'same' : 'different';
}

/** The expression as nested lists of its parts, in one fixed order and spelling. */
function shapeOf(node: PromqlNode): string {
  if (node.kind === 'StringLiteral') return JSON.stringify(stringIn(node.text));
  const value = numberIn(node);
  if (value !== undefined) return String(value);
  if (node.children.length === 0) return node.text;
  const parts = node.kind === 'AggregateExpr' && calledBy(node) !== undefined ? node.children.toSorted(byKind) : node.children;
  return `(${node.kind} ${parts.map(shapeOf).join(' ')})`;
}

/** An aggregation has at most one part of each kind. */
function byKind(left: PromqlNode, right: PromqlNode): number {
  return left.kind < right.kind ? -1 : Number(left.kind > right.kind);
}

/** Only what the quotes change: any other escape is compared as it is written. */
function stringIn(literal: string): string {
  const inner = literal.slice(1, -1);
  return literal.startsWith('`')
    ? inner.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    : inner.replaceAll(/\\'|(?<!\\)"/g, (found) => (found === '"' ? '\\"' : "'"));
}
