import { formatDuration } from '../base/duration.ts';
import type { Finding } from './finding.ts';
import { untriedBecause, type ObservationRecord } from './observation.ts';
import type { State, Verdict } from './verdict.ts';
import { endOfWaiver, mayBeWaived, type AcceptedWaiver, type Waiver, type WaiverPolicy } from './waiver.ts';

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

/**
 * The verdict as it counts. Only what was tried and found wanting can be waived, and keeps its grade and its reasons; a waiver that
 * does not count is one more reason. Pure: the same run always comes to the same.
 */
export function applyWaiver(verdict: Verdict, item: Waivable, record: Pick<ObservationRecord, 'failure'>, given: Waivers): Waived {
  const { state } = verdict;
  const found = given.waivers.find((each) => each.item === item.id);
  const isWanting = state === 'disproven' || state === 'inconclusive';
  // Nobody looked: waiving that would be proceeding blindly.
  if (found === undefined || !isWanting || untriedBecause(record) !== undefined) return { verdict };
  const refusal = refuseWaiver(found, item, given);
  if (refusal === undefined) {
    const { by, reason, expires } = found;
    return { verdict: { ...verdict, state: 'waived' }, waiver: { by, reason, expires, was: state } };
  }
  const against: Finding = { subject: item.id, grade: item.grade, holds: 'unknown', ...refusal };
  const firstYes = verdict.reasons.findIndex(({ holds }) => holds === 'yes');
  return { verdict: { ...verdict, reasons: verdict.reasons.toSpliced(firstYes === -1 ? verdict.reasons.length : firstYes, 0, against) } };
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
