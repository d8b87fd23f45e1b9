import type { z } from 'zod';
import type { checkKeys } from './check-schema.ts';

/** A check as a TypeScript module declares it: keys and values as in YAML (`interval: '30s'`); the keys of its probe stand beside these. */
export type CheckDefinition = Readonly<z.input<typeof checkKeys>> & { readonly [key: string]: unknown };

/** Types a check, or a list of them, for `export default`. It is read by the same schemas as YAML when the project is loaded. */
export function defineCheck<const Definition extends CheckDefinition | readonly CheckDefinition[]>(definition: Definition): Definition {
  return definition;
}
