import type { ChannelKind } from '../alert/channel.ts';
import chat from './chat.ts';
import email from './email.ts';
import pagerduty from './pagerduty.ts';
import phone from './phone.ts';
import slack from './slack.ts';
import sms from './sms.ts';
import webhook from './webhook.ts';

/** Every channel kind by its name. */
export const channels: ReadonlyMap<string, ChannelKind> = new Map(
  [chat, email, pagerduty, phone, slack, sms, webhook].map((channel) => [channel.kind, channel]),
);
