import type { Labels } from './prometheus.ts';

/** One condition on a label, as selectors, routes and inhibit rules write it. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export const matchOperators = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof matchOperators)[number];

/** Whether labels satisfy a matcher; a label that is not there counts as empty. Throws SyntaxError for a pattern that we cannot read. */
export function satisfies(labels: Labels, { label, operator, value }: LabelMatcher): boolean {
  const found = labels[label] ?? '';
  switch (operator) {
    case '=':
      return found === value;
    case '!=':
      return found !== value;
    case '=~':
      return anchored(value).test(found);
    case '!~':
      return !anchored(value).test(found);
  }
  return operator satisfies never;
}

export function satisfiesAll(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every((matcher) => satisfies(labels, matcher));
}

/** `severity="critical"` */
export function formatMatcher({ label, operator, value }: LabelMatcher): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}

/** Spellings of Go's patterns that JavaScript reads without complaint as something else. */
const readDifferently = /\[\[:|\\[pPAzQ]/;

/** Prometheus and Alertmanager match whole values; Go puts flags in front of a pattern. Source: RE2's syntax. */
export function anchored(pattern: string): RegExp {
  if (readDifferently.test(pattern)) throw new SyntaxError(`the pattern ${pattern} is written in a way that only Go reads`);
  const [, flags = '', rest = pattern] = /^\(\?([is]+)\)(.*)$/s.exec(pattern) ?? [];
  return new RegExp(`^(?:${rest})$`, flags);
}
