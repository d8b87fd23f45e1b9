import type { Arrival } from './channel.ts';

/**
 * Whether a notification tells an alert as firing or as over. One message may tell some of a group as the one and some as the
 * other: what counts is the last such word before the alert's own token. Undefined when it says neither.
 */
export function alertStatusIn(text: string, nonce: string): 'firing' | 'resolved' | undefined {
  const before = text.slice(0, text.indexOf(nonce));
  const last = [...before.matchAll(/\b(firing|resolved)\b/gi)].at(-1)?.[1]?.toLowerCase();
  return last === 'firing' || last === 'resolved' ? last : undefined;
}

/** Whether a message says that the alert is over; where a channel cannot tell, by the word that Alertmanager's templates use. */
export function isResolved({ status, excerpt }: Arrival): boolean {
  return status === undefined ? /\[RESOLVED[:\]]/i.test(excerpt) : status === 'resolved';
}
