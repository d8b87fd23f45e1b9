import { rememberingEach } from '../../base/remembering.ts';
import { matchOperators, type LabelMatcher } from '../label-matcher.ts';
import { calledBy, childOf, durationMsIn, partsOf, type PromqlNode, type Span } from '../promql.ts';

/** A matcher and where it stands in the expression. */
export type PlacedMatcher = LabelMatcher & Span;

/** The series that an expression asks for at one place. */
export interface Selector extends Span {
  /** As written, without a range: `http_requests_total{status_code=~"5.."}` */
  readonly text: string;
  readonly metric: string | undefined;
  /** Without the one that names the metric. */
  readonly matchers: readonly PlacedMatcher[];
  /** The window of a range selector: 300000 for `[5m]`. */
  readonly rangeMs: number | undefined;
  /** What stands around it, innermost first. */
  readonly around: readonly PromqlNode[];
}

/** The selectors of an expression, in the order of the text. */
export const selectorsOf = rememberingEach((expression: PromqlNode): readonly Selector[] =>
  partsOf(expression).flatMap(({ node, around }) => (node.kind === 'VectorSelector' ? [readSelector(node, around)] : [])),
);

function readSelector(node: PromqlNode, around: readonly PromqlNode[]): Selector {
  const placed = (childOf(node, 'LabelMatchers')?.children ?? []).flatMap((matcher) => readMatcher(matcher) ?? []);
  const quoted = childOf(node, 'LabelMatchers')?.children.find(({ kind }) => kind === 'QuotedLabelName');
  const range = around.find(({ kind }) => kind === 'MatrixSelector');
  return {
    from: node.from,
    to: node.to,
    text: node.text,
    metric: childOf(node, 'Identifier')?.text ?? (quoted && unquoted(quoted.text)) ?? placed.find(namesTheMetric)?.value,
    matchers: placed.filter((matcher) => !namesTheMetric(matcher)),
    rangeMs: range && windowIn(range),
    around,
  };
}

function namesTheMetric({ label, operator }: LabelMatcher): boolean {
  return label === '__name__' && operator === '=';
}

function readMatcher(node: PromqlNode): PlacedMatcher | undefined {
  const [label, operator, value] = node.children;
  const found = matchOperators.find((known) => known === operator?.text);
  if (label === undefined || value === undefined || found === undefined) return undefined;
  const name = label.kind === 'QuotedLabelName' ? unquoted(label.text) : label.text;
  return { label: name, operator: found, value: unquoted(value.text), from: node.from, to: node.to };
}

/** Go's strings: raw in backticks, with escapes in either kind of quotes. */
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return inner.replaceAll(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}

/** The names of the functions and aggregations around a selector, innermost first: `['rate', 'sum']`. */
export function callsAround({ around }: Selector): readonly string[] {
  return around.flatMap((node) => calledBy(node) ?? []);
}

/** How far back an expression looks: windows, offsets and the windows of subqueries around them, added up. */
export function reachMs(expression: PromqlNode): number {
  const reachOf = (around: readonly PromqlNode[]): number => around.reduce((sum, node) => sum + (windowIn(node) ?? offsetIn(node) ?? 0), 0);
  return Math.max(0, ...selectorsOf(expression).map(({ around }) => reachOf(around)));
}

/** The lengths of all ranges and subqueries. */
export function windowsMs(expression: PromqlNode): readonly number[] {
  return partsOf(expression).flatMap(({ node }) => windowIn(node) ?? []);
}

function windowIn(node: PromqlNode): number | undefined {
  const window = childOf(node, 'DurationExpr');
  return node.kind === 'MatrixSelector' || node.kind === 'SubqueryExpr' ? window && durationMsIn(window) : undefined;
}

function offsetIn(node: PromqlNode): number | undefined {
  const offset = childOf(node, 'OffsetDurationExpr');
  return offset && durationMsIn(offset);
}
