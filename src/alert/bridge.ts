import { z } from 'zod';
import type { ReceiverEntry } from './channel.ts';

/** For ways on which Alertmanager itself cannot send: something else takes its webhook and goes on from there. */
export const alertsUrl = z
  .url({ protocol: /^https?$/ })
  .optional()
  .describe("Where whatever brings Alertmanager's alerts to this channel takes its webhook; for `liveproof generate alertmanager`.");

interface Bridged {
  readonly alertsUrl?: string | undefined;
}

export function bridgeReceiver({ alertsUrl: url }: Bridged): ReceiverEntry | undefined {
  return url === undefined ? undefined : { list: 'webhook_configs', entry: { url, send_resolved: true } };
}
