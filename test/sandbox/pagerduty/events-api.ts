import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';

/** What the Events API v2 reads; whatever else is sent is ignored, as PagerDuty does. */
const event = z.object({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(255).optional(),
  payload: z
    .object({
      summary: z.string().max(1024).optional(),
      source: z.string().optional(),
      severity: z.string().optional(),
      custom_details: z.unknown().optional(),
    })
    .nullish(),
});
export type Event = Omit<z.output<typeof event>, 'dedup_key'> & { readonly dedup_key: string };

const severities = ['critical', 'warning', 'error', 'info'];
const largestEventBytes = 512_000;

/** `POST /v2/enqueue`: checks an event and answers before anything is done with it. */
export function createEventsApi(isKey: (routingKey: string) => boolean, take: (event: Event) => void): Hono {
  const app = new Hono();
  app.post('/v2/enqueue', async (context) => {
    const text = await context.req.text();
    const refuse = (...errors: readonly string[]): Response =>
      context.json({ status: 'invalid event', message: 'Event object is invalid', errors }, 400);
    if (text.length > largestEventBytes) return context.json({ status: 'error', message: 'Request entity too large' }, 413);
    const parsed = event.safeParse(parseJson(text));
    if (!parsed.success) {
      if (parseJson(text) === undefined) {
        return context.json(
          { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
          400,
        );
      }
      return refuse(...parsed.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`));
    }
    const { data } = parsed;
    if (data.routing_key.length !== 32) return refuse("Length of 'routing_key' is incorrect (should be 32 characters)");
    if (!isKey(data.routing_key)) return refuse('Invalid routing key');
    if (data.event_action === 'trigger') {
      const { summary = '', source = '', severity = '' } = data.payload ?? {};
      const missing = Object.entries({ summary, source, severity }).filter(([, value]) => value === '');
      if (missing.length > 0) return refuse(...missing.map(([name]) => `'payload.${name}' is missing or blank`));
      if (!severities.includes(severity)) return refuse("'payload.severity' is invalid (must be one of critical, warning, error, info)");
    } else if (data.dedup_key === undefined) return refuse("'dedup_key' is missing or blank");
    const dedup_key = data.dedup_key ?? randomUUID().replaceAll('-', '');
    take({ ...data, dedup_key });
    return context.json({ status: 'success', message: 'Event processed', dedup_key }, 202);
  });
  return app;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
