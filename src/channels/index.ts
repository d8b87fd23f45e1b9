import type { ChannelKind } from '../alert/channel.ts';
import email from './email.ts';
import webhook from './webhook.ts';

/** Every channel kind by its name. */
export const channels: ReadonlyMap<string, ChannelKind> = new Map([email, webhook].map((channel) => [channel.kind, channel]));
