import { rememberingEach } from '../../base/remembering.ts';
import { numberIn, partsOf, unwrapped, type PromqlNode } from '../promql.ts';

/** What each comparison becomes when it asks the opposite. */
const opposites = { Gtr: '<', Lss: '>', Gte: '<=', Lte: '>=', Eql: '!=', Neq: '==' } as const;

/** Two sides of an expression that are compared. */
export interface Comparison {
  readonly node: PromqlNode;
  readonly operator: PromqlNode;
  /** The operator that asks the opposite: `<` for `>`. */
  readonly opposite: string;
  readonly left: PromqlNode;
  readonly right: PromqlNode;
}

/** A comparison of something with a plain number. */
export interface Threshold extends Comparison {
  /** The side that is not the number. */
  readonly measured: PromqlNode;
  readonly limit: PromqlNode;
  readonly value: number;
}

export const comparisonsOf = rememberingEach((expression: PromqlNode): readonly Comparison[] =>
  partsOf(expression).flatMap(({ node }) => {
    const left = node.children[0];
    const right = node.children.at(-1);
    const operator = node.children.find(({ kind }) => kind in opposites);
    if (node.kind !== 'BinaryExpr' || left === undefined || right === undefined || operator === undefined) return [];
    return [{ node, operator, opposite: opposites[operator.kind as keyof typeof opposites], left, right }];
  }),
);

export const thresholdsOf = rememberingEach((expression: PromqlNode): readonly Threshold[] =>
  comparisonsOf(expression).flatMap((comparison) => {
    const sides = [unwrapped(comparison.right), unwrapped(comparison.left)];
    const limit = sides.find((side) => numberIn(side) !== undefined);
    const value = limit && numberIn(limit);
    if (limit === undefined || value === undefined) return [];
    return [{ ...comparison, limit, value, measured: limit === sides[0] ? comparison.left : comparison.right }];
  }),
);
