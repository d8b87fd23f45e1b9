import type { Context } from 'hono';

/** How a stand-in of a provider treats messages and requests. */
export type ProviderBehaviour =
  | { readonly kind: 'deliver' }
  /** Takes messages and loses them. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Somebody else gets them. */
  | { readonly kind: 'misdeliver' }
  | { readonly kind: 'twice' }
  /** Loses what makes them recognisable. */
  | { readonly kind: 'garble' }
  /** The credentials are no longer good. */
  | { readonly kind: 'refuse' }
  /** Answers every request with this status; 429 asks to wait for `retryAfterS`. */
  | { readonly kind: 'status'; readonly status: 429 | 500 | 503; readonly retryAfterS?: number };

export interface Delivery {
  /** Puts the message where it belongs. */
  put(): void;
  elsewhere(): unknown;
  later(ms: number, act: () => void): void;
}

export function deliverAs(behaviour: ProviderBehaviour, { put, elsewhere, later }: Delivery): void {
  if (behaviour.kind === 'drop') return;
  if (behaviour.kind === 'delay') return later(behaviour.ms, put);
  if (behaviour.kind === 'misdeliver') return void elsewhere();
  put();
  if (behaviour.kind === 'twice') put();
}

/** The answer to any request while nothing is answered properly; undefined when all is well. */
export function refusalOf(behaviour: ProviderBehaviour, context: Context): Response | undefined {
  if (behaviour.kind !== 'status') return undefined;
  const headers: Record<string, string> = behaviour.retryAfterS === undefined ? {} : { 'retry-after': String(behaviour.retryAfterS) };
  return context.text(behaviour.status === 429 ? 'rate limited' : 'internal error', behaviour.status, headers);
}

/** Timers that end with whoever set them. */
export function createTimers(): { later(ms: number, act: () => void): void; clear(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    later: (ms, act) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
      }, ms);
      timers.add(timer);
    },
    clear: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
