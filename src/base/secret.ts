import { z } from 'zod';

/** A configuration field whose value must never be stored or shown; the loader tells the redactor about it. */
export function secret() {
  return z.string().min(1).meta({ secret: true });
}
