import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** A reference, or the whole thing where it was included: only what both have is read. */
const reference = z.object({ id: z.string().optional(), type: z.string().optional(), summary: z.string().nullish() });

export const incident = z.object({
  id: z.string(),
  incident_number: z.int(),
  title: z.string().nullish(),
  status: z.string(),
  created_at: instant,
  updated_at: z.string().nullish(),
  last_status_change_at: z.string().nullish(),
  service: reference.nullish(),
  alert_counts: z.object({ all: z.int() }).nullish(),
});
export type Incident = z.infer<typeof incident>;

export const alert = z.object({
  id: z.string(),
  summary: z.string().nullish(),
  created_at: instant,
  status: z.string(),
  alert_key: z.string().nullish(),
  body: z.object({ details: z.unknown().optional() }).nullish(),
});
export type Alert = z.infer<typeof alert>;

/** `channel` tells by what means something was done; with `include[]=channels` it holds what the event brought. */
export const logEntry = z.object({
  id: z.string(),
  type: z.string(),
  created_at: instant,
  agent: reference.nullish(),
  user: reference.nullish(),
  channel: z
    .looseObject({
      type: z.string().optional(),
      notification: z.object({ type: z.string(), status: z.string().nullish() }).nullish(),
    })
    .nullish(),
});
export type LogEntry = z.infer<typeof logEntry>;

export const user = z.object({ user: z.object({ id: z.string(), email: z.string() }) });

/** What every list carries beside its items. */
export const page = z.object({ more: z.boolean().default(false) });
