import { formatDuration } from '../../../base/duration.ts';
import { parsePromql, type PromqlNode } from '../../../stack/promql.ts';
import { windowsMs, type Selector } from '../../../stack/promql/selectors.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { LiveSelector, Measurement, Scrapes } from '../would-fire/facts.ts';

/** What the rule did that it must not do. */
export type Symptom = 'stays-silent' | 'fires-anyway' | 'keeps-firing';

/** A rule with everything that is known about it. */
export interface Examined {
  readonly rule: Rule;
  readonly query: PromqlNode;
  readonly requirement: AlertRequirement;
  /** The situations in which it failed, by what it did in them. */
  readonly symptoms: ReadonlyMap<Symptom, readonly string[]>;
  readonly measurements: readonly Measurement[];
  /** Empty when Prometheus could not be asked. */
  readonly live: readonly LiveSelector[];
  readonly scrapes: Scrapes;
}

/** Why a rule does what it does, and the repair. */
export interface Diagnosis {
  readonly says: string;
  readonly hint: string;
}

export function liveOf({ live }: Examined, selector: Selector): LiveSelector | undefined {
  return live.find(({ selector: text }) => text === selector.text);
}

/** The window that the gate asks for; else one that holds a few samples: five minutes is what everybody uses, unless scrapes are rare. */
export function sensibleWindow({ scrapes, requirement }: Examined): string {
  const required = requirement.expression === undefined ? undefined : parsePromql(requirement.expression);
  const [window] = required === undefined ? [] : windowsMs(required);
  return formatDuration(window ?? Math.max(300_000, 4 * scrapes.everyMs));
}
