import { parse } from 'yaml';
import { z } from 'zod';
import { satisfiesAll, type LabelMatcher } from '../label-matcher.ts';
import type { Labels } from '../labels.ts';
import { parseAlertmanagerConfig, type Route } from './config.ts';

const named = z.looseObject({ name: z.string() });
const branch = z.looseObject({
  get routes() {
    return z.array(branch).optional();
  },
});
type Branch = z.infer<typeof branch>;

const configText = z.looseObject({
  global: z.unknown().optional(),
  templates: z.unknown().optional(),
  route: branch,
  inhibit_rules: z.array(z.unknown()).optional(),
  receivers: z.array(named).optional(),
  time_intervals: z.array(named).optional(),
  mute_time_intervals: z.array(named).optional(),
});

/**
 * All that a configuration says of the way of an alert with these labels, as JSON: branches at which it may leave, their receivers and
 * time intervals, inhibit rules that it may have to do with. An alert may carry more labels; what looks at those alone is part of it.
 * A configuration that we cannot read is a Fault.
 */
export function wayOf(text: string, labels: Labels): unknown {
  const { route, inhibitRules } = parseAlertmanagerConfig(text);
  const written = configText.parse(parse(text));
  const exits = exitsOf(route, written.route, labels, {});
  const intervals = exits.flatMap((exit) => [exit['mute_time_intervals'], exit['active_time_intervals']]).flat();
  const concerned = inhibitRules.filter(({ source, target }) => canSatisfy(labels, source) || canSatisfy(labels, target));
  return {
    exits,
    receivers: (written.receivers ?? []).filter(({ name }) => exits.some(({ receiver }) => receiver === name)),
    timeIntervals: [...(written.time_intervals ?? []), ...(written.mute_time_intervals ?? [])].filter(({ name }) =>
      intervals.includes(name),
    ),
    inhibitRules: concerned.map(({ position }) => written.inhibit_rules?.[position - 1]),
    global: written.global,
    templates: written.templates,
  };
}

type Exit = Readonly<Record<string, unknown>>;

/** Branches at which the alert may leave the tree, each with all that it takes over from those above. */
function exitsOf(route: Route, { routes = [], ...own }: Branch, labels: Labels, above: Exit): readonly Exit[] {
  const here: Exit = { ...above, ...own };
  const below: Exit[] = [];
  let isCaught = false;
  for (const [index, each] of route.routes.entries()) {
    const text = routes[index];
    if (text === undefined || !canSatisfy(labels, each.matchers)) continue;
    below.push(...exitsOf(each, text, labels, here));
    const isSure = each.matchers.every(({ label }) => label in labels);
    isCaught ||= isSure;
    if (isSure && !each.continues) break;
  }
  return isCaught ? below : [...below, here];
}

/** A label that the alert is not known to have may come with the series. */
function canSatisfy(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return satisfiesAll(
    labels,
    matchers.filter(({ label }) => label in labels),
  );
}
