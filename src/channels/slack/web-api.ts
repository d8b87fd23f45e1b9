import { z } from 'zod';
import { parseJson } from '../../base/parse-json.ts';
import { connectProvider } from '../../alert/provider.ts';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { SlackOptions } from './options.ts';

/** What Slack answers to every method: HTTP 200, and whether it did it. */
export type Answered = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly error: string };

export interface SlackWebApi {
  /** Calls a method. A refusal is an answer; no usable answer is a Fault. */
  call(method: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered>;
}

const verdict = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

export function connectSlack({ api, token }: SlackOptions, clock: Clock): SlackWebApi {
  const provider = connectProvider('Slack', clock, ({ url }) => url.split('?', 1)[0] ?? url);
  return {
    call: async (method, parameters, signal) => {
      const request = {
        method: 'POST',
        url: `${api}/${method}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        text: new URLSearchParams(parameters).toString(),
      };
      const answer = await provider.ask(request, signal);
      if (answer.status >= 500) throw new Fault('channel/unreachable', `Slack answered ${method} with HTTP ${String(answer.status)}`);
      const body = parseJson(answer.text);
      const { success, data } = verdict.safeParse(body);
      if (!success) {
        throw new Fault('channel/unreachable', `Slack answered ${method} with HTTP ${String(answer.status)} and no JSON that we know`, {
          hint: `is ${api} really Slack's Web API?`,
        });
      }
      return data.ok ? { ok: true, body } : { ok: false, error: data.error ?? 'no reason given' };
    },
  };
}

const hints: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the bot into the channel: /invite @name',
  channel_not_found: 'is "channel" the id of a channel that the bot may see?',
  is_archived: 'the channel is archived: alerts reach nobody there',
  invalid_auth: 'is the token the right one, and not revoked?',
  not_authed: 'give the channel a token',
  account_inactive: 'the token belongs to a deactivated app or user',
  token_revoked: 'the token was revoked: install the app again',
  missing_scope: 'the bot needs the scopes chat:write, channels:history (groups:history for private channels) and users:read',
};

/** What a person can do about a refusal of Slack's. */
export function hintFor(error: string): string | undefined {
  return hints[error];
}
