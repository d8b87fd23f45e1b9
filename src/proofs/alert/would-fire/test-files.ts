import { stringify } from 'yaml';
import { formatDuration } from '../../../base/duration.ts';
import { ruleFileOf } from '../../../stack/promtool.ts';
import type { Rule } from '../loaded/facts.ts';
import type { InputSeries } from './input-series.ts';
import type { Expectation } from './plan.ts';
import type { Timeline } from './timeline.ts';

/** The loaded rule, or a changed one, as a rule file. Its group has no interval of its own: the test says how often it is evaluated. */
export function rulesFileOf(rule: Rule, changed: { readonly expression: string; readonly forMs: number }): string {
  const { name, keepFiringForMs, labels } = rule;
  return yaml({
    groups: [
      {
        name: 'loaded',
        rules: [
          {
            alert: name,
            expr: changed.expression,
            for: formatDuration(changed.forMs),
            ...(keepFiringForMs > 0 ? { keep_firing_for: formatDuration(keepFiringForMs) } : {}),
            labels,
          },
        ],
      },
    ],
  });
}

/** One group of tests: series, and expressions to look at. */
export interface TestGroup {
  readonly input: readonly InputSeries[];
  readonly checks: readonly Expectation[];
}

export function testFileOf(name: string, groups: readonly TestGroup[], { sampleEveryMs, evaluateEveryMs }: Timeline): string {
  return yaml({
    rule_files: [ruleFileOf(name)],
    evaluation_interval: formatDuration(evaluateEveryMs),
    tests: groups.map(({ input, checks }) => ({
      interval: formatDuration(sampleEveryMs),
      input_series: input,
      promql_expr_test: checks.map(({ expression, atMs, value }) => ({
        expr: expression,
        eval_time: formatDuration(atMs),
        exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
      })),
    })),
  });
}

/** Promtool reads YAML 1.1, in which a plain `on` is a boolean: every text is quoted. */
function yaml(value: unknown): string {
  return stringify(value, { version: '1.1', defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}
