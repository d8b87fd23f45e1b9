import type { LabelMatcher, MatchOperator } from '../label-matcher.ts';

/** One matcher, then what separates it from the next one. Names and values may stand in double quotes. */
const one =
  /\s*(?:"(?<quotedLabel>(?:[^"\\]|\\.)*)"|(?<label>[^\s"=!~,{}]+))\s*(?<operator>=~|!=|!~|=)\s*(?:"(?<quotedValue>(?:[^"\\]|\\.)*)"|(?<value>[^",]*?))\s*(?:,|$)/y;

/**
 * Reads matchers as Alertmanager's configuration writes them: `severity="critical"`, `team=~db|web`, `{a="b", c!="d"}`.
 * Throws SyntaxError for anything else. Source: prometheus.io/docs/alerting/latest/configuration, "matcher".
 */
export function parseMatchers(text: string): LabelMatcher[] {
  const inner = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trimEnd();
  const found: LabelMatcher[] = [];
  one.lastIndex = 0;
  while (one.lastIndex < inner.length) {
    const groups = one.exec(inner)?.groups;
    if (groups === undefined) throw new SyntaxError(`"${text}" is not a matcher`);
    found.push({
      label: unquoted(groups['quotedLabel']) ?? groups['label'] ?? '',
      operator: groups['operator'] as MatchOperator,
      value: unquoted(groups['quotedValue']) ?? groups['value'] ?? '',
    });
  }
  return found;
}

function unquoted(quoted: string | undefined): string | undefined {
  return quoted?.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
