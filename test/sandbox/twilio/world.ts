import type { ProviderBehaviour } from '../provider-behaviour.ts';

/** How the stand-in treats calls, messages and requests. */
export type TwilioBehaviour =
  | Exclude<ProviderBehaviour, { kind: 'status' }>
  /** Takes them and says afterwards that they failed: calls fail, messages are undelivered with this error. */
  | { readonly kind: 'fail'; readonly errorCode?: number }
  /** Answers so many requests, or all of them, with an error; 429 asks to wait for `retryAfterS`. */
  | { readonly kind: 'status'; readonly status: 429 | 500 | 503; readonly retryAfterS?: number; readonly times?: number };

/** Who holds the phone that is called. */
export interface TwilioPerson {
  readonly answers: 'human' | 'machine' | 'busy' | 'no-answer';
  /** Presses a digit in a call that asks for one; replies to a message that fires. */
  readonly acknowledgesAfterMs: number | 'never';
  readonly digit: string;
  readonly reply: string;
}

/** What the parts of the stand-in share. */
export interface World {
  readonly accountSid: string;
  readonly authToken: string;
  /** The account's own number. */
  readonly from: string;
  /** Between two states of a call or message. */
  readonly hopMs: number;
  /** How long after a call's end its events can be read. */
  readonly eventsAfterMs: number;
  behaviour(): TwilioBehaviour;
  person(): TwilioPerson;
  later(ms: number, act: () => void): void;
  readonly stopped: AbortSignal;
}

/** Where what is misdelivered arrives. */
export const strangersNumber = '+15559990000';
export const numberForm = /^\+[1-9]\d{6,14}$/;
