import { defineChannel, type Acceptance, type Acknowledgement, type Arrival, type Channel } from '../alert/channel.ts';
import { alertStatusIn } from '../alert/alert-status.ts';
import { alertsAsText } from '../alert/alerts-as-text.ts';
import { shareLooks } from '../alert/shared-look.ts';
import { readMessages } from './slack/history.ts';
import { textOf, timeOf, type Message } from './slack/messages.ts';
import { slackOptions } from './slack/options.ts';
import { knowPeople } from './slack/people.ts';
import { connectSlack, hintFor } from './slack/web-api.ts';
import { shortened } from '../base/shortened.ts';

/** Slack's clock may be behind ours. */
const skewSeconds = 300;
const longestExcerpt = 1_500;

export default defineChannel({
  kind: 'slack',
  summary: 'A Slack channel, written to and read back with the Web API.',
  options: slackOptions,
  reach: ({ channel }) => ({ wakes: 'nobody', to: `Slack channel ${channel}`, integrations: ['slack'], addresses: [] }),
  receiver: ({ api, channel }, secretFile) => ({
    list: 'slack_configs',
    entry: {
      api_url: `${api}/chat.postMessage`,
      http_config: { authorization: { credentials_file: secretFile('token', 'a bot token of Slack with chat:write') } },
      channel,
      send_resolved: true,
      text: alertsAsText,
    },
  }),
  open: (name, options, { clock }): Promise<Channel> => {
    const api = connectSlack(options, clock);
    const { channel, lookEvery } = options;
    const oldest = String(Math.floor(clock.now().getTime() / 1000) - skewSeconds);
    const shared = shareLooks(
      (signal) => readMessages(api, 'conversations.history', { channel, oldest, inclusive: 'true' }, signal),
      lookEvery,
      clock,
    );
    const carrying = async (nonce: string, signal: AbortSignal): Promise<readonly Message[]> =>
      (await shared.look(signal)).filter((message) => textOf(message).includes(nonce));
    const people = knowPeople(api);
    const firstSeen = new Map<string, string>();
    const reactionSeenAt = (key: string): string => {
      const known = firstSeen.get(key) ?? clock.now().toISOString();
      firstSeen.set(key, known);
      return known;
    };

    return Promise.resolve({
      name,
      kind: 'slack',
      readBackEveryMs: lookEvery,
      send: async ({ subject, text }, signal): Promise<Acceptance> => {
        const answered = await api.call('chat.postMessage', { channel, text: `${escaped(subject)}\n${escaped(text)}` }, signal);
        const at = clock.now().toISOString();
        if (answered.ok) return { accepted: true, answer: 'ok', at };
        const hint = hintFor(answered.error);
        return { accepted: false, answer: hint === undefined ? answered.error : `${answered.error} (${hint})`, at };
      },
      readBack: async (nonce, signal) => (await carrying(nonce, signal)).map((message) => arrivalOf(message, channel, nonce)),
      acknowledgements: async (nonce, signal): Promise<readonly Acknowledgement[]> => {
        const found = await carrying(nonce, signal);
        const reactions = found.flatMap(({ ts, reactions: given }) =>
          given.flatMap(({ name: emoji, users }) =>
            // Slack keeps no time of a reaction.
            users.map((user) => ({ user, how: `reacted with :${emoji}:`, at: reactionSeenAt(`${ts} ${emoji} ${user}`) })),
          ),
        );
        const threads = await Promise.all(
          found
            .filter(({ reply_count }) => reply_count > 0)
            .map(({ ts }) => readMessages(api, 'conversations.replies', { channel, ts }, signal)),
        );
        const replies = threads.flatMap((thread) =>
          thread.slice(1).flatMap(({ user, ts }) => (user === undefined ? [] : [{ user, how: 'replied', at: timeOf(ts) }])),
        );
        const signs = await Promise.all(
          [...reactions, ...replies].map(async ({ user, how, at }) => ({ by: await people.nameOf(user, signal), how, at })),
        );
        // What a bot does shows no person.
        return signs.flatMap(({ by, how, at }) => (by === undefined ? [] : [{ by, how, at }]));
      },
      close: () => Promise.try(shared.close),
    });
  },
});

function arrivalOf(message: Message, channel: string, nonce: string): Arrival {
  const text = textOf(message);
  const status = alertStatusIn(text, nonce);
  const at = timeOf(message.ts);
  return {
    at,
    place: channel,
    seenByPeople: true,
    excerpt: shortened(text.replace(/\s+/g, ' '), longestExcerpt),
    ...(status === undefined ? {} : { status }),
    hops: [{ hop: 'posted in Slack', at }],
  };
}

/** Source: "Formatting text for app surfaces", the three characters that Slack takes for its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
