import { z } from 'zod';
import { duration } from '../../base/duration.ts';
import { secret } from '../../base/secret.ts';

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

export const pagerdutyOptions = z.strictObject({
  events: address.prefault('https://events.pagerduty.com').describe('The Events API; in Europe https://events.eu.pagerduty.com.'),
  api: address.prefault('https://api.pagerduty.com').describe('The REST API; in Europe https://api.eu.pagerduty.com.'),
  routingKey: secret().describe('The integration key (Events API v2) that Alertmanager sends with too.'),
  token: secret().describe('A REST API key; one that can only read is enough.'),
  service: z.string().min(1).optional().describe('The id of the service on which incidents must appear, as in PIJ90N7; otherwise any.'),
  people: z
    .array(z.email())
    .min(1)
    .optional()
    .describe('Who must be notified, by their e-mail addresses in PagerDuty: at least one of them; otherwise anybody counts.'),
  notifiedWithin: duration
    .prefault('10s')
    .describe('How long an incident may be open before it is said that it is there and nobody was notified of it.'),
  lookEvery: duration.prefault('5s').describe('How long to leave between two looks: PagerDuty allows 960 questions a minute.'),
});
export type PagerdutyOptions = Readonly<z.output<typeof pagerdutyOptions>>;
