import type { ProviderBehaviour } from '../provider-behaviour.ts';

/** Which of the two APIs is meant. */
export type Api = 'events' | 'rest';

/** What the stand-in does with events and questions. Every way but `deliver` is something that happens to real alerts. */
export type PagerdutyBehaviour =
  | ProviderBehaviour
  /** Keys that were good are no longer: those of one API, or of both. */
  | { readonly kind: 'refuse'; readonly of?: Api }
  /** Answers with this status, for the next `times` requests or for ever; 429 asks to wait. */
  | {
      readonly kind: 'status';
      readonly status: 429 | 500 | 503;
      readonly retryAfterS?: number;
      readonly times?: number;
      readonly of?: Api;
    }
  /** An incident is opened, and whoever is on call has no contact method by which to be notified. */
  | { readonly kind: 'wakes-nobody' }
  /** Somebody who is not on call is notified. */
  | { readonly kind: 'wakes-somebody-else' }
  /** The phone rings, and nobody can be reached under its number any more. */
  | { readonly kind: 'call-fails' };
