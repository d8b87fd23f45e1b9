import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import { hintFor, type SlackWebApi } from './web-api.ts';

const answer = z.looseObject({
  user: z.looseObject({
    is_bot: z.boolean().default(false),
    real_name: z.string().optional(),
    name: z.string().optional(),
  }),
});

/** Slack's own assistant calls itself a person. */
const slackbot = 'USLACKBOT';

/** Who the members of a workspace are; each is asked for once. */
export function knowPeople(api: SlackWebApi): { nameOf(user: string, signal: AbortSignal): Promise<string | undefined> } {
  const known = new Map<string, string | undefined>();
  return {
    /** Undefined for a bot. */
    nameOf: async (user, signal) => {
      if (known.has(user)) return known.get(user);
      const answered = await api.call('users.info', { user }, signal);
      if (!answered.ok) {
        throw new Fault('channel/refused', `Slack does not tell who ${user} is, a person or a bot: ${answered.error}`, {
          hint: hintFor(answered.error),
        });
      }
      const parsed = answer.safeParse(answered.body);
      if (!parsed.success) throw new Fault('channel/unreachable', 'Slack answered users.info without a user that we can read');
      const { is_bot, real_name, name } = parsed.data.user;
      const person = is_bot || user === slackbot ? undefined : (real_name ?? name ?? user);
      known.set(user, person);
      return person;
    },
  };
}
