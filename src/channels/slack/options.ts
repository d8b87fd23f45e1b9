import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

export const slackOptions = z.strictObject({
  api: z
    .url({ protocol: /^https?$/ })
    .prefault('https://slack.com/api')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Where the Web API answers.'),
  token: secret().describe(
    'A bot token with chat:write, channels:history (groups:history for private channels) and users:read; the bot is a member.',
  ),
  channel: z
    .string()
    .regex(/^[CGD][A-Z0-9]{2,}$/)
    .meta({ expects: 'the id of a channel, as in C0123ABCD' })
    .describe('The id of the channel: at the bottom of its details in Slack.'),
  lookEvery: duration
    .prefault('1300ms')
    .describe("How often the channel is read. Slack's own apps of a workspace may do so 50 times a minute, others once."),
});
export type SlackOptions = Readonly<z.output<typeof slackOptions>>;
