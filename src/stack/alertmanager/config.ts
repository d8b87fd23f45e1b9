import { parse } from 'yaml';
import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import { anchored, type LabelMatcher } from '../label-matcher.ts';
import { parseMatchers } from './matchers.ts';

/** A branch of the routing tree with everything that it inherits already filled in. */
export interface Route {
  readonly receiver: string;
  readonly matchers: readonly LabelMatcher[];
  /** Whether the branches after it are tried as well when it matches. */
  readonly continues: boolean;
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  /** How long after a notification it may be told again although nothing changed. */
  readonly repeatIntervalMs: number;
  /** Time intervals that hold notifications back, or outside of which they are held back. */
  readonly timeIntervals: readonly string[];
  readonly routes: readonly Route[];
}

/** While an alert that matches `source` is active, those that match `target` and are equal in `equal` are not notified. */
export interface InhibitRule {
  /** Where it stands in the configuration, counted from 1. */
  readonly position: number;
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

/** What of an Alertmanager's configuration decides where an alert goes. */
export interface AlertmanagerConfig {
  readonly route: Route;
  readonly inhibitRules: readonly InhibitRule[];
  /** The names of all receivers. */
  readonly receivers: readonly string[];
}

const exact = z.record(z.string(), z.coerce.string()).optional();
const written = z.array(z.string()).optional();

const routeText = z.object({
  receiver: z.string().optional(),
  match: exact,
  match_re: exact,
  matchers: written,
  continue: z.boolean().optional(),
  group_wait: duration.optional(),
  group_interval: duration.optional(),
  repeat_interval: duration.optional(),
  mute_time_intervals: written,
  active_time_intervals: written,
  get routes() {
    return z.array(routeText).optional();
  },
});
type RouteText = z.infer<typeof routeText>;

const inhibitText = z.object({
  source_match: exact,
  source_match_re: exact,
  source_matchers: written,
  target_match: exact,
  target_match_re: exact,
  target_matchers: written,
  equal: written,
});

const configText = z.object({
  route: routeText,
  inhibit_rules: z.array(inhibitText).optional(),
  receivers: z.array(z.object({ name: z.string() })).optional(),
});

/** Alertmanager's own defaults for the root. Source: alertmanager/dispatch/route.go. */
const atTheRoot = { receiver: '', groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 };

/** Reads the live configuration as `status().config` gives it. A configuration that we cannot read is a Fault. */
export function parseAlertmanagerConfig(text: string): AlertmanagerConfig {
  try {
    const { route, inhibit_rules: rules = [], receivers = [] } = configText.parse(parse(text));
    return {
      route: readRoute(route, atTheRoot),
      receivers: receivers.map(({ name }) => name),
      inhibitRules: rules.map((rule, index) => ({
        position: index + 1,
        source: readMatchers(rule.source_match, rule.source_match_re, rule.source_matchers),
        target: readMatchers(rule.target_match, rule.target_match_re, rule.target_matchers),
        equal: rule.equal ?? [],
      })),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const says = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/g, ' ') : error.message;
    throw new Fault('stack/unexpected-answer', `we cannot read Alertmanager's configuration: ${says}`, { cause: error });
  }
}

/** What a branch takes over from the one above it unless it says otherwise. */
type Inherited = Pick<Route, 'receiver' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

function readRoute(text: RouteText, above: Inherited): Route {
  const own: Inherited = {
    receiver: text.receiver ?? above.receiver,
    groupWaitMs: text.group_wait ?? above.groupWaitMs,
    groupIntervalMs: text.group_interval ?? above.groupIntervalMs,
    repeatIntervalMs: text.repeat_interval ?? above.repeatIntervalMs,
  };
  return {
    ...own,
    matchers: readMatchers(text.match, text.match_re, text.matchers),
    continues: text.continue ?? false,
    timeIntervals: [...(text.mute_time_intervals ?? []), ...(text.active_time_intervals ?? [])],
    routes: (text.routes ?? []).map((route) => readRoute(route, own)),
  };
}

/** The three notations in which a condition on labels is written; all of them must hold. */
function readMatchers(
  equal: Readonly<Record<string, string>> = {},
  pattern: Readonly<Record<string, string>> = {},
  matchers: readonly string[] = [],
): LabelMatcher[] {
  const found: LabelMatcher[] = [
    ...Object.entries(equal).map(([label, value]) => ({ label, operator: '=', value }) as const),
    ...Object.entries(pattern).map(([label, value]) => ({ label, operator: '=~', value }) as const),
    ...matchers.flatMap(parseMatchers),
  ];
  // A pattern that only Go can read is said here, before anything is concluded from it.
  for (const { operator, value } of found) if (operator === '=~' || operator === '!~') anchored(value);
  return found;
}
