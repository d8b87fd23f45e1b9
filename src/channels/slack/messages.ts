import { z } from 'zod';

const attachment = z.looseObject({
  fallback: z.string().optional(),
  pretext: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  fields: z.array(z.looseObject({ title: z.string().optional(), value: z.string().optional() })).optional(),
});

/** A message as `conversations.history` and `conversations.replies` have it; further keys are of no interest. */
export const message = z.looseObject({
  ts: z.string().regex(/^\d+\.\d+$/),
  text: z.string().default(''),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  attachments: z.array(attachment).default([]),
  blocks: z.array(z.unknown()).default([]),
  reply_count: z.number().default(0),
  reactions: z.array(z.looseObject({ name: z.string(), users: z.array(z.string()) })).default([]),
});
export type Message = Readonly<z.output<typeof message>>;

export const page = z.looseObject({
  messages: z.array(message),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).optional(),
});

/** Everything that a person reads of a message. Alertmanager writes all of it into attachments. */
export function textOf({ text, attachments, blocks }: Message): string {
  const parts = attachments.flatMap(({ pretext, title, text: body, fallback, fields = [] }) => [
    pretext,
    title,
    body,
    ...fields.flatMap((field) => [field.title, field.value]),
    // The fallback repeats the title for those who see no attachments.
    ...(title === undefined && body === undefined ? [fallback] : []),
  ]);
  return unescaped([text, ...parts, ...textsIn(blocks)].filter((part) => part !== undefined && part !== '').join('\n'));
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner)));
}

/** Slack escapes these three and no others. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Slack's `1712345678.000200` as a time. */
export function timeOf(ts: string): string {
  return new Date(Number(ts) * 1000).toISOString();
}
