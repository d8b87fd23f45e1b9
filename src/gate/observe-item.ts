import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { changedSince, type RecordedBasis } from './basis.ts';
import type { Item } from './gate.ts';
import type { Journal } from './journal.ts';
import type { ObservationRecord } from './observation.ts';
import { keepQuiet, refuseToPage } from './plan/guard.ts';
import type { World } from './plan/world.ts';
import type { Proof, ProofContext } from './proof.ts';

/** What an item is waiting for. */
export interface ItemProgress {
  readonly type: 'item-progress';
  readonly item: Item;
  readonly says: string;
}

/** The part of a proof's context that belongs to one item of one run. */
export type OwnContext = Pick<ProofContext, 'clock' | 'signal' | 'nonce' | 'grade' | 'effects' | 'beforeSignal' | 'keep' | 'progress'>;

export interface ObserveItemOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly journal: Journal;
  /** Whether people may be woken; where not, by what the gate declares of the ways to them is seen to it that nobody is. */
  readonly paging: 'allowed' | World;
  /** What the item rests on now; undefined when it cannot be read. Rejects only when the signal aborts. */
  basisOf?(item: Item, signal: AbortSignal): Promise<RecordedBasis | undefined>;
  /** Whatever reaches outside, for one item. */
  connect(own: OwnContext): ProofContext;
  tell(event: ItemProgress): void;
}

/** Observes one item within its time. Whatever keeps it from being observed is recorded; rejects when the run is stopped, and on a bug of ours. */
export async function observeItem(
  proof: Proof,
  item: Item,
  keep: ProofContext['keep'],
  options: ObserveItemOptions,
): Promise<ObservationRecord> {
  const { clock, journal, paging } = options;
  const before = await options.basisOf?.(item, options.signal);
  const timeout = AbortSignal.timeout(item.timeoutMs);
  const nonce = `lp${randomBytes(8).toString('hex')}`;
  const head = { item: item.id, proof: proof.kind, nonce, startedAt: clock.now().toISOString() };
  const finishedAt = (): string => clock.now().toISOString();
  const connected: ProofContext = options.connect({
    clock,
    signal: AbortSignal.any([options.signal, timeout]),
    nonce,
    grade: item.grade,
    effects: journal,
    beforeSignal: async (touches) => (paging === 'allowed' ? undefined : await refuseToPage(touches, paging, connected)),
    keep,
    progress: (says) => options.tell({ type: 'item-progress', item, says }),
  });
  const context = paging === 'allowed' ? connected : { ...connected, channel: keepQuiet(connected, paging) };
  try {
    // All of an item or nothing: it sends no part that is harmless when another one could wake somebody.
    await context.beforeSignal(async () => (await proof.touches?.(item.requirement, context)) ?? []);
    const facts = await proof.observe(item.requirement, context);
    const observed = {
      ...head,
      finishedAt: finishedAt(),
      facts: JSON.parse(JSON.stringify(facts)) as NonNullable<ObservationRecord['facts']>,
    };
    // What changed meanwhile was not what was proven, or not all the time.
    const after = before && (await options.basisOf?.(item, options.signal));
    return after !== undefined && changedSince(before ?? [], after) === undefined ? { ...observed, restsOn: [...after] } : observed;
  } catch (error) {
    options.signal.throwIfAborted();
    return { ...head, finishedAt: finishedAt(), failure: failureOf(error, timeout, item) };
  }
}

function failureOf(error: unknown, timeout: AbortSignal, item: Item): NonNullable<ObservationRecord['failure']> {
  if (error instanceof Fault) {
    const stands =
      error.place === undefined ? '' : ` (named at ${error.place.file}:${String(error.place.line)}:${String(error.place.column)})`;
    return { code: error.code, says: `${error.message}${stands}`, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  if (timeout.aborted)
    return {
      code: 'run/timed-out',
      says: `not finished within its time of ${String(item.timeoutMs / 1000)} s`,
      hint: 'give the item a longer "timeout"',
    };
  throw error;
}
