import { z } from 'zod';
import { itemId } from './reference.ts';

const words = z
  .string()
  .refine((text) => text.trim() !== '', 'must say something')
  .meta({ expects: 'text' });

/** Somebody's word that an item may be left unproven for a while. */
export const waiver = z.strictObject({
  item: itemId().describe('the item that is waived'),
  by: words.describe('who answers for it'),
  reason: words.describe('why it may be left unproven'),
  expires: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })])
    .meta({ expects: 'a date such as 2026-03-01, or an instant such as 2026-03-01T12:00:00Z' })
    .describe('the last day on which it counts, to its end in UTC; or the instant at which it ends'),
});
export type Waiver = Readonly<z.infer<typeof waiver>>;

/** Which items may be waived, by id or by severity, and for how long at most. */
export const waiverPolicy = z.strictObject({
  items: z.array(z.string()).readonly(),
  severities: z.array(z.string()).readonly(),
  longestMs: z.number().nonnegative(),
});
export type WaiverPolicy = Readonly<z.infer<typeof waiverPolicy>>;

/** What stands beside an item that is waived. */
export const acceptedWaiver = z.strictObject({ ...waiver.omit({ item: true }).shape, was: z.enum(['disproven', 'inconclusive']) });
export type AcceptedWaiver = Readonly<z.infer<typeof acceptedWaiver>>;

const dayMs = 86_400_000;

/** The instant from which a waiver counts no longer: the end of its day in UTC, or what it says. In ms since 1970. */
export function endOfWaiver({ expires }: Pick<Waiver, 'expires'>): number {
  const ms = Date.parse(expires);
  return /^\d{4}-\d{2}-\d{2}$/.test(expires) ? ms + dayMs : ms;
}

/** Whether the gate lets an item be waived at all. */
export function mayBeWaived(
  { id, severity }: { readonly id: string; readonly severity?: string | undefined },
  policy: WaiverPolicy | undefined,
): boolean {
  return policy !== undefined && (policy.items.includes(id) || (severity !== undefined && policy.severities.includes(severity)));
}
