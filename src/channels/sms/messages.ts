import { z } from 'zod';
import type { Arrival } from '../../alert/channel.ts';
import { twilioAccount, twilioTime } from '../../alert/twilio.ts';
import { shortened } from '../../base/shortened.ts';

export const smsOptions = z.strictObject(twilioAccount);

/** What is read of a Message resource. Source: https://www.twilio.com/docs/messaging/api/message-resource */
export const message = z.looseObject({
  sid: z.string(),
  to: z.string(),
  body: z.string(),
  status: z.string(),
  direction: z.string(),
  error_code: z.number().nullish(),
  error_message: z.string().nullish(),
  date_created: twilioTime,
  date_updated: twilioTime,
  date_sent: twilioTime.nullish(),
});
export type Message = Readonly<z.output<typeof message>>;

const lost: readonly string[] = ['failed', 'undelivered', 'canceled'];
const longestExcerpt = 1_600;

/** Why networks did not deliver. Source: https://www.twilio.com/docs/api/errors, 30001 and the following. */
const reasons: Readonly<Record<number, string>> = {
  30001: 'too much is queued',
  30002: 'the account is suspended',
  30003: 'the phone cannot be reached: switched off or without network',
  30004: 'the phone blocks this sender',
  30005: 'no such phone, or switched off',
  30006: 'a landline, or a carrier that cannot be reached',
  30007: 'the carrier filtered it out',
  30008: 'unknown error',
};

/** `sent` says that the next carrier took it; only `delivered` says that the phone has it. What was lost is shown where it ended. */
export function arrivalOf({ to: sentTo, body, status, error_code, error_message, ...times }: Message, to: string): Arrival | undefined {
  const isLost = lost.includes(status);
  if (status !== 'delivered' && status !== 'read' && !isLost) return undefined;
  const state = /^\W*(firing|resolved)\b/i.exec(body)?.[1]?.toLowerCase();
  const error =
    typeof error_code === 'number' ? `, error ${String(error_code)}: ${error_message ?? reasons[error_code] ?? 'see its page'}` : '';
  return {
    at: times.date_updated,
    place: isLost
      ? `what never reached ${sentTo} (${status}${error})`
      : `the messages of ${sentTo}${sentTo === to ? '' : `, which is not ${to}`}`,
    seenByPeople: !isLost && sentTo === to,
    excerpt: shortened(body.replace(/\s+/g, ' '), longestExcerpt),
    ...(state === 'firing' || state === 'resolved' ? { status: state } : {}),
    hops: [
      { hop: 'queued', at: times.date_created },
      ...(typeof times.date_sent === 'string' ? [{ hop: 'sent', at: times.date_sent }] : []),
      { hop: status, at: times.date_updated },
    ],
  };
}

/** Words by which a phone refuses further messages: the opposite of having understood this one. */
const refusals = /^\s*(stop|stopall|unsubscribe|cancel|end|quit)\s*$/i;

/** Twilio keeps whole seconds: an answer in the same second is one. */
export function isReply({ direction, body, date_created }: Message, since: string): boolean {
  return direction === 'inbound' && date_created >= since && !refusals.test(body);
}
