import { z } from 'zod';

const words = z.record(z.string(), z.string()).default({});

const alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: words,
  annotations: words,
  fingerprint: z.string().min(1),
  startsAt: z.string(),
});
export type Alert = Readonly<z.output<typeof alert>>;

const notification = z.looseObject({ alerts: z.array(alert) });

/** The alerts of Alertmanager's webhook, version 4; undefined when it is none. */
export function readNotification(text: string): readonly Alert[] | undefined {
  try {
    return notification.parse(JSON.parse(text)).alerts;
  } catch {
    return undefined;
  }
}
