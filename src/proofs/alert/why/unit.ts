import { argumentsOf, calledBy, numberIn, unwrapped, type PromqlNode } from '../../../stack/promql.ts';
import { selectorsOf } from '../../../stack/promql/selectors.ts';

export type Unit = 'a second' | 'at all' | 'a share' | 'percent';

const transparent = new Set(['sum', 'avg', 'max', 'min', 'topk', 'bottomk', 'sort', 'sort_desc', 'abs', 'round']);

/** What the value of an expression counts; undefined unless the expression leaves no doubt. */
export function unitOf(expression: PromqlNode): Unit | undefined {
  const node = unwrapped(expression);
  if (node.kind === 'BinaryExpr') return unitOfTwo(node);
  const called = calledBy(node);
  if (called === 'rate' || called === 'irate') return 'a second';
  if (called === 'increase' || called === 'delta') return 'at all';
  const inner =
    called !== undefined && transparent.has(called) ? argumentsOf(node).find((argument) => numberIn(argument) === undefined) : undefined;
  return inner && unitOf(inner);
}

function unitOfTwo(node: PromqlNode): Unit | undefined {
  const left = node.children[0];
  const right = node.children.at(-1);
  if (left === undefined || right === undefined) return undefined;
  const [one, other] = [unitOf(left), unitOf(right)];
  const operator = node.children[1]?.kind;
  if (operator === 'Div') return one !== undefined && one === other && countTheSame(left, right) ? 'a share' : undefined;
  const isHundredfold = operator === 'Mul' && [left, right].some((side) => numberIn(unwrapped(side)) === 100);
  return isHundredfold && (one === 'a share' || other === 'a share') ? 'percent' : undefined;
}

/** Errors by requests is a share; seconds by requests (`_sum` by `_count`) is an average. */
function countTheSame(left: PromqlNode, right: PromqlNode): boolean {
  const names = [...selectorsOf(left), ...selectorsOf(right)].map(({ metric }) => metric ?? '');
  return new Set(names).size === 1 || names.every((name) => name.endsWith('_total') && !/bytes|seconds|_ms/.test(name));
}
