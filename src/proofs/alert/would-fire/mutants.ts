import { formatDuration } from '../../../base/duration.ts';
import { argumentsOf, calledBy, numberIn, parsePromql, partsOf, splice, type PromqlNode, type Span } from '../../../stack/promql.ts';
import { comparisonsOf, thresholdsOf } from '../../../stack/promql/comparisons.ts';
import { selectorsOf } from '../../../stack/promql/selectors.ts';
import { formatMatcher } from '../../../stack/label-matcher.ts';
import type { Rule } from '../loaded/facts.ts';
import { roundUp, type Timeline } from './timeline.ts';

/** The rule with one mistake in it that people make. Situations that pin the rule down tell it from the loaded one. */
export interface Mutant {
  readonly says: string;
  /** A situation that would tell them apart, for when none of the gate's does. */
  readonly hint: string;
  readonly expression: string;
  readonly forMs: number;
}

/** One stretch of the expression written otherwise. */
interface Change extends Pick<Mutant, 'says' | 'hint'> {
  readonly span: Span;
  readonly text: string;
}

/**
 * All mutants of a rule. `targetLabels` are those that the scrape gives to everything (`job`, `instance`): which target is
 * watched is not what the rule's condition is about, so no situation has to show what would happen without them.
 */
export function mutantsOf(
  rule: Pick<Rule, 'query' | 'forMs'>,
  query: PromqlNode,
  targetLabels: ReadonlySet<string>,
  timeline: Timeline,
): readonly Mutant[] {
  const changes = [
    ...comparisonsTurned(query),
    ...thresholdsMoved(query),
    ...quantilesMoved(query),
    ...matchersChanged(query, targetLabels),
    ...conditionsDropped(query),
  ];
  const expressions = changes.map(({ span, text, says, hint }) => ({
    says,
    hint,
    expression: splice(rule.query, span, text),
    forMs: rule.forMs,
  }));
  const seen = new Set([rule.query]);
  const different = expressions.filter(({ expression }) => {
    if (seen.has(expression) || parsePromql(expression) === undefined) return false;
    seen.add(expression);
    return true;
  });
  return [...different, ...waitsChanged(rule, timeline)];
}

function comparisonsTurned(query: PromqlNode): readonly Change[] {
  return comparisonsOf(query).map(({ operator, opposite, left, right }) => ({
    span: operator,
    text: opposite,
    says: `"${operator.text}" is turned into "${opposite}"`,
    hint: `add a situation in which \`${left.text}\` is on the other side of \`${right.text}\``,
  }));
}

function thresholdsMoved(query: PromqlNode): readonly Change[] {
  return thresholdsOf(query).flatMap(({ limit, measured, value }) => {
    if (value === 0) return [];
    const moved = (to: number, how: string): Change => ({
      span: limit,
      text: String(to),
      says: `the threshold ${limit.text} is ${how} to ${String(to)}`,
      hint: `add a situation in which \`${measured.text}\` is between ${String(Math.min(value, to))} and ${String(Math.max(value, to))}`,
    });
    return [moved(value * 2, 'doubled'), moved(value / 2, 'halved')];
  });
}

function quantilesMoved(query: PromqlNode): readonly Change[] {
  return [...partsOf(query)].flatMap(({ node }) => {
    const [quantile] = calledBy(node) === 'histogram_quantile' ? argumentsOf(node) : [];
    const value = quantile && numberIn(quantile);
    if (quantile === undefined || value === undefined || value <= 0 || value >= 1) return [];
    const upper = Number((1 - (1 - value) / 5).toPrecision(6));
    const lower = value > 0.5 ? 0.5 : value / 2;
    return [
      change(
        lower,
        `add to firesWhen a situation in which only ${percent((1 - value) * 1.2)} of the observations are above the threshold and the others far below`,
      ),
      change(
        upper,
        `add to silentWhen a situation in which ${percent((1 - value) * 0.8)} of the observations are above the threshold and the others far below`,
      ),
    ];

    function change(to: number, hint: string): Change {
      return { span: quantile as Span, text: String(to), says: `the quantile ${String(value)} is changed to ${String(to)}`, hint };
    }
  });
}

function percent(share: number): string {
  return `${String(Number((share * 100).toPrecision(2)))}%`;
}

const negated = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

function matchersChanged(query: PromqlNode, targetLabels: ReadonlySet<string>): readonly Change[] {
  return selectorsOf(query).flatMap(({ text, from, matchers }) =>
    matchers.flatMap((matcher) => {
      const place = formatMatcher(matcher);
      const within = text.slice(matcher.from - from, matcher.to - from);
      const turned: Change = {
        span: matcher,
        text: within.replace(matcher.operator, negated[matcher.operator]),
        says: `the matcher ${place} is negated in \`${text}\``,
        hint: `add a situation with series that satisfy ${place} and others that do not`,
      };
      const removed: Change = {
        span: { from, to: from + text.length },
        text: splice(text, withComma(text, { from: matcher.from - from, to: matcher.to - from }), ''),
        says: `the matcher ${place} is removed from \`${text}\``,
        hint: `add a situation with series that do not satisfy ${place}, and so many that counting them as well would change what the rule does`,
      };
      return targetLabels.has(matcher.label) ? [turned] : [turned, removed];
    }),
  );
}

/** A matcher together with the comma that parts it from its neighbour. */
function withComma(selector: string, { from, to }: Span): Span {
  const after = /^\s*,\s*/.exec(selector.slice(to))?.[0].length;
  if (after !== undefined) return { from, to: to + after };
  return { from: from - (/,\s*$/.exec(selector.slice(0, from))?.[0].length ?? 0), to };
}

/** `a and b`, `a unless b`, `a or b`: one of the two is forgotten. */
function conditionsDropped(query: PromqlNode): readonly Change[] {
  return [...partsOf(query)].flatMap(({ node }) => {
    const operator = node.children.find(({ kind }) => kind === 'And' || kind === 'Or' || kind === 'Unless');
    const left = node.children[0];
    const right = node.children.at(-1);
    if (node.kind !== 'BinaryExpr' || operator === undefined || left === undefined || right === undefined) return [];
    const without = (dropped: PromqlNode, kept: PromqlNode): Change => ({
      span: node,
      text: `(${kept.text})`,
      says: `\`${dropped.text}\` is left out beside "${operator.text}"`,
      hint: `add a situation in which \`${dropped.text}\` alone decides`,
    });
    return operator.kind === 'Unless' ? [without(right, left)] : [without(right, left), without(left, right)];
  });
}

/** Half and twice the time, unless the evaluations come so seldom that nobody could tell the difference. */
function waitsChanged({ query, forMs }: Pick<Rule, 'query' | 'forMs'>, { evaluateEveryMs }: Timeline): readonly Mutant[] {
  return [forMs / 2, forMs * 2]
    .filter((changed) => roundUp(changed, evaluateEveryMs) !== roundUp(forMs, evaluateEveryMs))
    .map((changed) => ({
      says: `"for: ${formatDuration(forMs)}" is changed to ${formatDuration(changed)}`,
      hint: 'add a situation to firesWhen',
      expression: query,
      forMs: changed,
    }));
}
