import { createRedactor } from '../base/redact.ts';

/** A message as any reader may see it: addresses in it carry no login. */
export const withoutLogin = createRedactor([]).text;
