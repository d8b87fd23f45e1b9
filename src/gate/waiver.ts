import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import type { Finding } from './finding.ts';
import type { ObservationRecord } from './observation.ts';
import { itemId } from './reference.ts';
import { states, type State, type Verdict } from './verdict.ts';

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
export const acceptedWaiver = z.strictObject({ ...waiver.omit({ item: true }).shape, was: z.enum(states) });
export type AcceptedWaiver = Readonly<z.infer<typeof acceptedWaiver>>;

/** What of an item its waiver depends on. */
interface Waivable {
  readonly id: string;
  readonly severity?: string | undefined;
  readonly grade: string;
}

/** What a gate says of waivers, and the time at which they are judged, in ms since 1970. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly policy: WaiverPolicy | undefined;
  readonly atMs: number;
}

export interface Waived {
  readonly verdict: Verdict;
  readonly waiver?: AcceptedWaiver;
}

const dayMs = 86_400_000;

/** The instant from which a waiver counts no longer: the end of its day in UTC, or what it says. In ms since 1970. */
export function endOfWaiver({ expires }: Pick<Waiver, 'expires'>): number {
  const ms = Date.parse(expires);
  return /^\d{4}-\d{2}-\d{2}$/.test(expires) ? ms + dayMs : ms;
}

/**
 * The verdict as it counts. Only what was tried and found wanting can be waived, and keeps its grade and its reasons; a waiver that
 * does not count is one more reason. Pure: the same run always comes to the same.
 */
export function applyWaiver(verdict: Verdict, item: Waivable, record: Pick<ObservationRecord, 'failure'>, given: Waivers): Waived {
  const { state } = verdict;
  const found = given.waivers.find((each) => each.item === item.id);
  const isWanting = state === 'disproven' || state === 'inconclusive';
  // Nobody looked: waiving that would be proceeding blindly.
  if (found === undefined || !isWanting || record.failure?.code === 'run/left-out') return { verdict };
  const refusal = refuseWaiver(found, item, given);
  if (refusal === undefined) {
    const { by, reason, expires } = found;
    return { verdict: { ...verdict, state: 'waived' }, waiver: { by, reason, expires, was: state } };
  }
  const against: Finding = { subject: item.id, grade: item.grade, holds: 'unknown', ...refusal };
  const firstYes = verdict.reasons.findIndex(({ holds }) => holds === 'yes');
  return { verdict: { ...verdict, reasons: verdict.reasons.toSpliced(firstYes === -1 ? verdict.reasons.length : firstYes, 0, against) } };
}

/** Whether the gate lets an item be waived at all. */
export function mayBeWaived({ id, severity }: Pick<Waivable, 'id' | 'severity'>, policy: WaiverPolicy | undefined): boolean {
  return policy !== undefined && (policy.items.includes(id) || (severity !== undefined && policy.severities.includes(severity)));
}

function refuseWaiver(found: Waiver, item: Waivable, { policy, atMs }: Waivers): Pick<Finding, 'says' | 'hint'> | undefined {
  if (policy === undefined || !mayBeWaived(item, policy)) return { says: `the gate does not allow it to be waived, as ${found.by} did` };
  const endMs = endOfWaiver(found);
  const end = new Date(endMs).toISOString();
  if (endMs <= atMs) return { says: `its waiver by ${found.by} ended at ${end}`, hint: 'repair it, or have it waived anew' };
  if (endMs - atMs <= policy.longestMs) return undefined;
  const away = `${formatDuration(endMs - atMs)} away`;
  return {
    says: `its waiver by ${found.by} lasts too long: until ${end}, which is ${away}, where the gate allows ${formatDuration(policy.longestMs)}`,
    hint: 'let it end earlier',
  };
}

/** The state that counts at a moment: from its end on a waiver waives nothing. */
export function stateAt(
  { state, waiver: accepted }: { readonly state: State; readonly waiver?: AcceptedWaiver | undefined },
  atMs: number,
): State {
  return state === 'waived' && accepted !== undefined && endOfWaiver(accepted) <= atMs ? accepted.was : state;
}
