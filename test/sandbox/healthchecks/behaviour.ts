/** Which of the two APIs is meant. */
export type Api = 'management' | 'ping';

/** What the stand-in does with pings and questions. Every way but `work` is something that happens to real switches. */
export type HealthchecksBehaviour =
  | { readonly kind: 'work' }
  /** Pings are answered with OK and forgotten. */
  | { readonly kind: 'drop' }
  /** Whoever raises the alarm (sendalerts) does not run: the status is worked out all the same, and nothing is written down or told. */
  | { readonly kind: 'never-notices' }
  | { readonly kind: 'notices-late'; readonly ms: number }
  /** It notices, and its notification is lost. */
  | { readonly kind: 'tells-nobody' }
  /** Somebody has paused the check, and pings do not resume it. */
  | { readonly kind: 'paused' }
  /** No integration is assigned to the check. */
  | { readonly kind: 'no-channels' }
  /** Once down it stays down: pings are ignored from then on. */
  | { readonly kind: 'stays-down' }
  /** The keys that were good are no longer. */
  | { readonly kind: 'refuse' }
  /** Answers with this status; 429 asks to wait. */
  | { readonly kind: 'status'; readonly status: 429 | 500 | 503; readonly retryAfterS?: number; readonly of?: Api };
