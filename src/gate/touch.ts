import type { KnownLabels } from '../stack/alertmanager/may-reach.ts';

/** An alert that comes, or may come, to Alertmanager because of what a proof does. */
export interface Signal extends KnownLabels {
  readonly alert: string;
  /** The URLs of the gate's Alertmanagers that take it. */
  readonly at: readonly string[];
}

/** Whether somebody is woken: surely, perhaps, or not at all. */
export type Wakes = 'yes' | 'unknown' | 'no';

/** Something that a proof does to the outside, as data, worked out before it is done. */
export interface Touch {
  readonly does: 'test-message' | 'test-alert' | 'fault' | 'silence' | 'take-away' | 'check';
  /** For people: `AccuBooks answers a share of its requests with 500`. */
  readonly says: string;
  /** The request that makes it, without its body: `POST http://…`. */
  readonly request?: string | undefined;
  /** How long it lasts if nobody ends it. */
  readonly atMostMs?: number | undefined;
  /** Channels of the gate that are sent to without Alertmanager. */
  readonly channels?: readonly string[];
  readonly signals?: readonly Signal[];
  /** Whoever is told by others than Alertmanager: the integrations of a dead-man's switch. */
  readonly others?: readonly { readonly says: string; readonly wakes: Wakes }[];
  /** What could not be told of it: it counts as if it could wake anybody. */
  readonly untold?: readonly string[];
}
