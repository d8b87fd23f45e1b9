import { WebClient, type ConversationsHistoryResponse } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

/** Slack's own client, whose types say what Slack answers. */
function clientOf({ api, token }: { readonly api: string; readonly token: string }): WebClient {
  return new WebClient(token, { slackApiUrl: `${api}/`, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
}

describe("Slack's own client", () => {
  test('posts a message and finds it in the history', async () => {
    await using slack = await startSlack();
    const client = clientOf(slack);
    const posted = await client.chat.postMessage({ channel: slack.channel, text: 'hello <there>' });
    expect(posted.ok && posted.ts).toMatch(/^\d{10}\.\d{6}$/);
    const history: ConversationsHistoryResponse = await client.conversations.history({ channel: slack.channel });
    expect(history.messages?.map(({ type, text }) => ({ type, text }))).toEqual([{ type: 'message', text: 'hello &lt;there&gt;' }]);
  });

  test('follows the cursor through a long history, newest first', async () => {
    await using slack = await startSlack();
    const client = clientOf(slack);
    for (let index = 0; index < 7; index += 1) await client.chat.postMessage({ channel: slack.channel, text: String(index) });
    const texts: string[] = [];
    for await (const page of client.paginate('conversations.history', {
      channel: slack.channel,
      limit: 3,
    }) as AsyncIterable<ConversationsHistoryResponse>) {
      texts.push(...(page.messages ?? []).map(({ text = '' }) => text));
    }
    expect(texts).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });

  test('sees reactions and replies of people', async () => {
    await using slack = await startSlack({ acknowledgesAfterMs: 0, acknowledgesBy: 'reply' });
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: slack.channel, text: 'look' });
    await expect.poll(async () => (await client.conversations.history({ channel: slack.channel })).messages?.[0]?.reply_count).toBe(1);
    const thread = await client.conversations.replies({ channel: slack.channel, ts });
    expect(thread.messages?.map(({ user, text }) => [user, text])).toEqual([
      [undefined, 'look'],
      ['U0ADA', 'On it.'],
    ]);
  });

  test.each([
    ['invalid_auth', { token: 'xoxb-wrong' }, {}],
    ['channel_not_found', {}, { channel: 'C0NOWHERE' }],
    ['not_in_channel', {}, { channel: 'C0ELSEWHERE' }],
  ])('is refused with %s', async (error, credentials, parameters) => {
    await using slack = await startSlack();
    const client = clientOf({ ...slack, ...credentials });
    await expect(client.conversations.history({ channel: slack.channel, ...parameters })).rejects.toMatchObject({
      data: { ok: false, error },
    });
  });

  test('is rate limited by method, with the seconds to wait', async () => {
    await using slack = await startSlack({ callsPerMinute: 2 });
    const client = clientOf(slack);
    const ask = () => client.conversations.history({ channel: slack.channel });
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 60 });
    expect((await client.auth.test()).ok).toBe(true);
  });
});

describe('an incoming webhook', () => {
  test('answers with the text ok, and refuses what is no message', async () => {
    await using slack = await startSlack();
    const post = async (body: string): Promise<[number, string]> => {
      const answer = await fetch(slack.webhook, { method: 'POST', body });
      return [answer.status, await answer.text()];
    };
    expect(await post('{"text":"hello"}')).toEqual([200, 'ok']);
    expect(await post('{"attachments":[{"title":"[FIRING:1] X"}]}')).toEqual([200, 'ok']);
    expect(await post('{}')).toEqual([400, 'no_text']);
    expect(await post('not json')).toEqual([400, 'invalid_payload']);
    expect(slack.messages()).toHaveLength(2);
  });
});
