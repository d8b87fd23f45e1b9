import { satisfies, type LabelMatcher } from '../label-matcher.ts';
import type { Labels } from '../labels.ts';
import type { Route } from './config.ts';

/** What is known of the labels of an alert that is not there yet. */
export interface KnownLabels {
  readonly labels: Labels;
  /** Labels that it surely does not have; of any that stand in neither list nothing is known. */
  readonly without: readonly string[] | 'all-others';
}

/** A branch at which an alert may leave the routing tree. */
export interface Leaving {
  readonly route: Route;
  /** Whether it does so whatever its unknown labels are. */
  readonly isCertain: boolean;
}

/** Whether an alert satisfies all matchers; undefined when that depends on labels that are not known. */
export function mayMatch(known: KnownLabels, matchers: readonly LabelMatcher[]): boolean | undefined {
  const each = matchers.map((matcher) => (isKnown(known, matcher.label) ? ifReadable(known.labels, matcher) : undefined));
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}

/** A pattern that only Go reads, in a silence of somebody's, is one of which nothing is known. */
function ifReadable(labels: Labels, matcher: LabelMatcher): boolean | undefined {
  try {
    return satisfies(labels, matcher);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isKnown({ labels, without }: KnownLabels, label: string): boolean {
  return label in labels || without === 'all-others' || without.includes(label);
}

/** Every branch at which an alert may leave the routing tree, given what is known of it. Source: alertmanager/dispatch/route.go. */
export function mayLeaveAt(route: Route, known: KnownLabels): readonly Leaving[] {
  const matches = mayMatch(known, route.matchers);
  if (matches === false) return [];
  const taken: Leaving[] = [];
  let isTaken = false;
  let isCertain = matches === true;
  for (const branch of route.routes) {
    const own = mayMatch(known, branch.matchers);
    if (own === false) continue;
    taken.push(...mayLeaveAt(branch, known).map((each) => ({ ...each, isCertain: each.isCertain && isCertain })));
    isTaken ||= own === true;
    if (branch.continues) continue;
    if (own === true) break;
    // Whether the later branches are asked at all now depends on what is not known.
    isCertain = false;
  }
  return isTaken ? taken : [...taken, { route, isCertain: isCertain && taken.length === 0 }];
}
