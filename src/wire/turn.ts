import { z } from 'zod';
import { formatDuration, timeAllowed } from '../base/duration.ts';
import { named, type NamedValue } from './named-value.ts';
import { inWords, pattern, type Wanted } from './pattern.ts';

/** The keys of what must come next. */
export const wishKeys = {
  contains: z.string().min(1).optional().describe('Text that must come then.'),
  matches: pattern.optional().describe('A pattern that what comes then must match.'),
  within: timeAllowed.optional().describe('The time for it; that of the check when it is left out.'),
};

export function isOneWish({ contains, matches }: Wanted): boolean {
  return contains === undefined || matches === undefined;
}
export const notBoth = 'give "contains" or "matches", not both';

/** One turn of a talk: what is said, and what must come then. */
export const turn = z
  .strictObject({
    send: z.string().min(1).optional().describe('What is sent first, as it is.'),
    ...wishKeys,
  })
  .refine(
    ({ send, contains, matches }) => [send, contains, matches].some((each) => each !== undefined),
    'give "send", "contains" or "matches"',
  )
  .refine(isOneWish, notBoth);
export type Turn = Readonly<z.output<typeof turn>>;

export const turnSeen = z.strictObject({
  /** What ended it. */
  end: z.enum(['matched', 'closed', 'timed-out', 'too-much']),
  /** How much came since what the turn before it had found. */
  count: z.int(),
  /** The start of what was found or, when nothing was, of what came last. */
  excerpt: z.string(),
  durationMs: z.number(),
});
export type TurnSeen = Readonly<z.infer<typeof turnSeen>>;

/** What a talk is made of. */
type Unit = 'character' | 'message' | 'event';

export type Wish = Wanted & { readonly within?: number | undefined };

interface Talk {
  readonly unit: Unit;
  /** What the target said when it closed the connection. */
  readonly closing?: string | undefined;
}

/** The outcome of a talk. The first turn without a match is the last that was taken. */
export function judgeTurns(
  wishes: readonly Wish[],
  turns: readonly TurnSeen[],
  { unit, closing }: Talk,
): { status: 'pass' | 'fail' | 'error'; reasons: string[] } {
  for (const [index, wish] of wishes.entries()) {
    const title = `turn ${String(index + 1)}`;
    const seen = turns[index];
    if (seen === undefined) return { status: 'error', reasons: [`${title} was not taken`] };
    if (seen.end !== 'matched') return { status: 'fail', reasons: [`${title}: ${shortcoming(wish, seen, unit, closing)}`] };
  }
  return { status: 'pass', reasons: [] };
}

function shortcoming(wish: Wish, { end, count, excerpt }: TurnSeen, unit: Unit, closing: string | undefined): string {
  const latest = unit === 'character' || count === 1 ? '' : ', the last';
  const came = count === 0 ? 'nothing came' : `${String(count)} ${unit}${count === 1 ? '' : 's'} came${latest}: ${JSON.stringify(excerpt)}`;
  const missing = `${unit === 'character' ? 'nothing' : `no ${unit}`}${inWords(wish)} came`;
  switch (end) {
    case 'matched':
    case 'closed':
      return `the connection was closed${closing === undefined ? '' : ` (${closing})`} and ${missing}; ${came}`;
    case 'too-much':
      return `too much was sent and ${missing}${count === 0 ? '' : `; ${came}`}`;
    case 'timed-out':
      return `${missing} ${wish.within === undefined ? 'before the time of the check was up' : `within ${formatDuration(wish.within)}`}; ${came}`;
  }
}

/** Of each turn `turn 1` (its time) and `answer 1` (the start of what was found). */
export function turnReadings(turns: readonly TurnSeen[]): NamedValue[] {
  return turns
    .filter(({ end }) => end === 'matched')
    .flatMap(({ durationMs, excerpt }, index) => [
      ...named(`turn ${String(index + 1)}`, durationMs, 'ms'),
      [`answer ${String(index + 1)}`, excerpt.endsWith('…') ? { value: excerpt.slice(0, -1), isStart: true } : { value: excerpt }],
    ]);
}
