import { formatDuration } from '../base/duration.ts';
import { Fault } from '../base/fault.ts';
import { parsePromql } from '../stack/promql.ts';
import { commented, yaml } from './yaml.ts';
import { wanted, wantsOf, type Generated, type ItemWants, type Source } from './wants.ts';

/** A rule with the group that it belongs to. */
interface Placed {
  readonly severity: string;
  readonly everyMs: number;
  readonly rule: Readonly<Record<string, unknown>>;
}

/** Nobody notices a rule that is evaluated more often than this. */
const seldomestMs = 30_000;
const usualMs = 15_000;

/** The alerting rules that a gate asks for, as a rules file of Prometheus. */
export function prometheusRules(source: Source): Generated {
  const items = wantsOf(source);
  const faults = [...faultsOf(items), ...contradictions(items)];
  const placed = [...alerts(items), ...watchdogs(items)];
  if (placed.length === 0 && faults.length === 0) faults.push(noRules(source));
  if (faults.length > 0) return { faults };
  const header = commented('Alerting rules', source.gate, []);
  return { text: `${header}\n${yaml({ groups: grouped(source.gate.name, placed) })}` };
}

function noRules({ gate }: Source): Fault {
  return new Fault('usage/bad-argument', `the gate ${gate.name} asks for no alerting rule`, {
    hint: 'add items with "proof: alert", each with the "expression" of its rule',
  });
}

/** Only what the gate says is written: what a rule must do does not say how it is spelt. */
function faultsOf(items: readonly ItemWants[]): Fault[] {
  return wanted(items, 'rule').flatMap(({ wants: { name, expression }, place }) => {
    if (expression === undefined) {
      return new Fault('config/missing-key', `the gate does not say what the rule ${name} asks Prometheus`, {
        hint: `add "expression:" to the item, as in expression: up{job="app"} == 0`,
        place,
      });
    }
    if (parsePromql(expression) !== undefined) return [];
    return new Fault('config/bad-value', `the expression of the rule ${name} is not PromQL: ${expression.trim()}`, {
      hint: 'try it in the query page of Prometheus',
      place,
    });
  });
}

/** Items may share a rule as long as they want the same of it. */
function contradictions(items: readonly ItemWants[]): Fault[] {
  const rules = wanted(items, 'rule');
  return rules.flatMap(({ wants: rule, item, place }, index) => {
    const other = rules.slice(0, index).find(({ wants }) => identity(wants) === identity(rule) && contentOf(wants) !== contentOf(rule));
    if (other === undefined) return [];
    const message = `the items ${other.item.id} and ${item.id} want the rule ${rule.name} differently`;
    return [
      new Fault('config/bad-value', message, { hint: 'let them agree on "expression" and "for", or give each its own labels', place }),
    ];
  });
}

type Rule = NonNullable<ItemWants['rule']>;

function identity({ name, labels }: Rule): string {
  return JSON.stringify([name, Object.entries(labels).toSorted(byName)]);
}

function contentOf({ expression, forMs }: Rule): string {
  return JSON.stringify([expression, forMs]);
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : Number(left > right);
}

function alerts(items: readonly ItemWants[]): readonly Placed[] {
  const scrapedEveryMs = Math.min(usualMs, ...wanted(items, 'scrape').map(({ wants }) => wants.everyMs));
  const first = new Map(
    wanted(items, 'rule')
      .toReversed()
      .map((each) => [identity(each.wants), each]),
  );
  return [...first.values()].toReversed().map(({ wants: { name, expression = '', forMs, labels, annotations, texts }, item }) => ({
    severity: item.severity ?? 'alerts',
    everyMs: evaluatedEvery(forMs, scrapedEveryMs),
    rule: {
      alert: name,
      expr: expression.trim(),
      ...(forMs === undefined || forMs === 0 ? {} : { for: formatDuration(forMs) }),
      labels,
      // What nobody has put into words is told in those of the checklist.
      annotations: { ...Object.fromEntries(annotations.map((each) => [each, item.statement])), ...texts },
    },
  }));
}

/** Twice within its time at least, or `for` would be rounded up; at once means with every scrape. */
function evaluatedEvery(forMs: number | undefined, scrapedEveryMs: number): number {
  if (forMs === undefined) return seldomestMs;
  return forMs === 0 ? scrapedEveryMs : between(1_000, forMs / 2, seldomestMs);
}

function watchdogs(items: readonly ItemWants[]): readonly Placed[] {
  const all = wanted(items, 'watchdog').map(({ wants }) => wants);
  return [...new Set(all.map(({ rule }) => rule))].map((rule) => ({
    severity: 'watchdog',
    everyMs: between(1_000, Math.min(...all.filter((each) => each.rule === rule).map((each) => each.noticedWithinMs)) / 10, usualMs),
    rule: {
      alert: rule,
      expr: 'vector(1)',
      labels: { severity: 'none' },
      annotations: { summary: 'Alerting works', description: 'This alert always fires. It is worth a look only when it stops.' },
    },
  }));
}

/** In whole seconds. */
function between(least: number, ms: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(ms / 1_000) * 1_000));
}

function grouped(gate: string, placed: readonly Placed[]): readonly object[] {
  const groups = Map.groupBy(placed, ({ severity, everyMs }) => `${gate}-${severity}-${formatDuration(everyMs)}`);
  return [...groups].map(([name, rules]) => ({
    name,
    interval: formatDuration(rules[0]?.everyMs ?? usualMs),
    rules: rules.map(({ rule }) => rule),
  }));
}
