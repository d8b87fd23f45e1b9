import { z } from 'zod';
import { twilioAccount } from '../../alert/twilio.ts';

const web = z.url({ protocol: /^https?$/ });

export const phoneOptions = z
  .strictObject({
    ...twilioAccount,
    answerUrl: web
      .optional()
      .describe(
        'Where Twilio asks what to say in a call: the URL that your alerts use. It is given `nonce`, `subject` and `text` as parameters.',
      ),
    callsUrl: web
      .optional()
      .describe(
        'Where the system that makes the calls lists them: it answers `?nonce=…` with {"calls": [{"sid", "said", "digits", "pressedAt"}]}. ' +
          'Without it, a call that liveproof did not make is recognised by what Twilio recorded of it, 15 minutes after its end.',
      ),
  })
  .refine(({ answerUrl, callsUrl }) => answerUrl === undefined || callsUrl !== undefined, {
    path: ['callsUrl'],
    message: 'is needed with "answerUrl": Twilio tells too late what was said in a call',
  });
export type PhoneOptions = Readonly<z.output<typeof phoneOptions>>;
