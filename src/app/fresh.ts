import { canonicalJson } from '../base/canonical-json.ts';
import { formatDuration } from '../base/duration.ts';
import type { Redactor } from '../base/redact.ts';
import { changedSince } from '../gate/basis.ts';
import type { Gate, Item } from '../gate/gate.ts';
import type { ObservationRecord } from '../gate/observation.ts';
import type { Report, ReportItem } from '../report/report.ts';
import { clockSkewMs } from '../report/verify/age.ts';
import type { BasisRead } from './basis.ts';

export interface FreshOptions {
  readonly gate: Gate;
  readonly report: Report;
  readonly redactor: Redactor;
  readonly now: Date;
  /** Items to prove again whatever is known of them. */
  readonly again: ReadonlySet<string>;
  basis(item: Item): Promise<BasisRead>;
  recordOf(earlier: ReportItem): Promise<ObservationRecord>;
}

export interface Fresh {
  /** What need not be proven again, with what was found. */
  readonly fresh: ReadonlyMap<Item, ReportItem>;
  /** For people: why other items that were proven are proven again, one line each. */
  readonly because: readonly string[];
}

/** Why an item is proven again. Whatever rests on a thing that changed may not be what it was; age and a wish are no change. */
interface Again {
  readonly says: string;
  readonly isChange: boolean;
}

/** Which proven items still stand: not too old, asked for in the same words, resting on the same things. */
export async function chooseFresh(options: FreshOptions): Promise<Fresh> {
  const { gate, report } = options;
  // What was waived is always tried again, but whatever rests on it went on from what it was.
  const stood = gate.items.flatMap((item) => {
    const earlier = report.items.find(({ id }) => id === item.id);
    return earlier?.state === 'proven' || earlier?.state === 'waived' ? [{ item, earlier }] : [];
  });
  const reasons = new Map(
    await Promise.all(stood.map(async ({ item, earlier }) => [item.id, await whyAgain(item, earlier, options)] as const)),
  );
  passOn(gate.items, reasons);
  const proven = stood.filter(({ earlier }) => earlier.state === 'proven');
  const judged = proven.map((each) => ({ ...each, again: reasons.get(each.item.id) }));
  return {
    fresh: new Map(judged.flatMap(({ item, earlier, again }) => (again === undefined ? [[item, earlier] as const] : []))),
    because: judged.flatMap(({ item, again }) => (again === undefined ? [] : [`${item.id} is proven again: ${again.says}`])),
  };
}

/** Whatever rests on what changed is proven again too, and what rests on that. */
function passOn(items: readonly Item[], reasons: Map<string, Again | undefined>): void {
  const changed = items.filter(({ id }) => reasons.get(id)?.isChange === true).map(({ id }) => id);
  // A list goes on to what is added while it is walked.
  for (const id of changed) {
    for (const item of items.filter(({ needs }) => needs.includes(id))) {
      if (reasons.get(item.id)?.isChange === true) continue;
      reasons.set(item.id, { says: `it rests on "${id}", which changed since`, isChange: true });
      changed.push(item.id);
    }
  }
}

async function whyAgain(item: Item, earlier: ReportItem, options: FreshOptions): Promise<Again | undefined> {
  const { redactor, gate, now, again } = options;
  const asked = canonicalJson([item.proof, item.grade, redactor.value(item.requirement)]);
  const answered = canonicalJson([earlier.proof, earlier.requiredGrade, earlier.requirement]);
  if (asked !== answered) return { says: 'the gate asks something else of it', isChange: true };
  const { restsOn } = await options.recordOf(earlier);
  if (restsOn === undefined) return { says: 'it is not known what it rested on', isChange: true };
  const read = await options.basis(item);
  if (read.restsOn === undefined) return { says: `what it rests on cannot be read (${read.says ?? 'unknown'})`, isChange: true };
  const changed = changedSince(restsOn, read.restsOn);
  if (changed !== undefined) return { says: changed, isChange: true };
  const ageMs = now.getTime() - Date.parse(earlier.finishedAt);
  const { maxAgeMs } = gate.policy;
  if (ageMs < -clockSkewMs) return { says: `it was proven in the future, at ${earlier.finishedAt}`, isChange: false };
  if (ageMs > maxAgeMs)
    return { says: `it was proven ${formatDuration(ageMs)} ago, and ${formatDuration(maxAgeMs)} are allowed`, isChange: false };
  return again.has(item.id) ? { says: 'you ask for it', isChange: false } : undefined;
}
