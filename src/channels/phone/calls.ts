import { z } from 'zod';
import type { Arrival } from '../../alert/channel.ts';
import { twilioTime } from '../../alert/twilio.ts';
import { shortened } from '../../base/shortened.ts';

/** What is read of a Call resource. Source: https://www.twilio.com/docs/voice/api/call-resource */
export const call = z.looseObject({
  sid: z.string(),
  to: z.string(),
  status: z.string(),
  /** Seconds. */
  duration: z.coerce.number().nullish(),
  answered_by: z.string().nullish(),
  date_created: twilioTime,
  start_time: twilioTime.nullish(),
  end_time: twilioTime.nullish(),
});
export type Call = Readonly<z.output<typeof call>>;

const unanswered: readonly string[] = ['busy', 'no-answer', 'failed', 'canceled'];
const longestExcerpt = 1_500;

export function isOver({ status }: Call): boolean {
  return status === 'completed' || unanswered.includes(status);
}

/**
 * A call that is over. Only one to the right number, completed, taken by a person and with something said in it has reached people;
 * `said` is undefined when nothing was. A call still on its way is no arrival.
 */
export function arrivalOf(made: Call, to: string, said: string | undefined): Arrival | undefined {
  if (!isOver(made)) return undefined;
  const missed = missedBecause(made, to, said);
  const created = made.date_created;
  const ended = made.end_time ?? created;
  const state = /^\W*(firing|resolved)\b/i.exec(said ?? '')?.[1]?.toLowerCase();
  return {
    at: made.start_time ?? ended,
    place: missed ?? `a call to ${to} of ${String(made.duration ?? 0)} s`,
    seenByPeople: missed === undefined,
    excerpt: shortened(`${made.sid} said: ${said ?? 'nothing'}`.replace(/\s+/g, ' '), longestExcerpt),
    ...(state === 'firing' || state === 'resolved' ? { status: state } : {}),
    hops: [
      { hop: 'queued', at: created },
      ...(typeof made.start_time === 'string' ? [{ hop: 'ringing', at: made.start_time }] : []),
      { hop: made.status, at: ended },
    ],
  };
}

function missedBecause({ to: called, status, duration, answered_by: by }: Call, to: string, said: string | undefined): string | undefined {
  if (called !== to) return `a call to ${called}, which is not ${to}`;
  if (status !== 'completed') return `a call that nobody took (${status})`;
  if ((duration ?? 0) === 0) return 'a call that ended as it was taken (0 s)';
  if (typeof by === 'string' && by !== 'human' && by !== 'unknown') return `a call that no person took (${by})`;
  if (said === undefined) return 'a call in which nothing was said: Twilio never got its instructions';
  return undefined;
}
