import { z } from 'zod';

/** What stands in reports and evidence where a secret stood. */
export const redacted = '[redacted]';

/** A configuration field whose value must never be stored or shown; the loader tells the redactor about it. */
export function secret() {
  return z.string().min(1).meta({ secret: true });
}
