import { anchored, type LabelMatcher } from '../../../stack/label-matcher.ts';

/** Whether we can tell what satisfies a matcher: some of Go's patterns are not JavaScript's. */
export function readable({ operator, value }: LabelMatcher): boolean {
  if (operator === '=' || operator === '!=') return true;
  try {
    anchored(value);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
