import { randomBytes } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Clock } from '../base/clock.ts';
import type { Sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { Redactor } from '../base/redact.ts';
import { waitedForBy } from './alone.ts';
import { changedSince, type RecordedBasis } from './basis.ts';
import type { Evidence } from './evidence.ts';
import type { Gate, Item } from './gate.ts';
import type { EffectEvent, Journal } from './journal.ts';
import { observationRecord, type ObservationRecord } from './observation.ts';
import type { Proof, ProofContext } from './proof.ts';
import { keepQuiet, refuseToPage } from './plan/guard.ts';
import type { World } from './plan/world.ts';
import { blockedBy, judgeRecord, type Verdict } from './verdict.ts';

/** One item of one run: what came out, and the evidence for it. */
export interface ItemResult {
  readonly item: Item;
  readonly verdict: Verdict;
  /** The observation record first, then whatever it refers to (screenshots). Empty for a blocked item. */
  readonly evidence: readonly Sha256[];
  readonly startedAt: string;
  readonly finishedAt: string;
  /** When it was proven by an earlier run and not tried again: that run's start. */
  readonly carriedFrom?: string | undefined;
}

export interface GateRun {
  /** Without its secrets, as is everything else in here. */
  readonly gate: Gate;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** In the order of the gate file. */
  readonly items: readonly ItemResult[];
}

/** What a run tells while it goes on, for whoever shows it. */
export type GateEvent =
  | { readonly type: 'item-started'; readonly item: Item }
  | { readonly type: 'item-progress'; readonly item: Item; readonly says: string }
  | { readonly type: 'item-finished'; readonly result: ItemResult }
  | EffectEvent;

export interface RunGateOptions {
  readonly gate: Gate;
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly evidence: Evidence;
  readonly journal: Journal;
  /** Whether people may be woken; where not, by what the gate declares of the ways to them is seen to it that nobody is. */
  readonly paging: 'allowed' | World;
  /** Items that an earlier run has proven and that need not be tried again. */
  readonly carried?: ReadonlyMap<string, ItemResult>;
  /** The only items to try; the others are inconclusive, unless they are carried. */
  readonly only?: ReadonlySet<string> | undefined;
  /** What the item rests on now; undefined when it cannot be read. Rejects only when the signal aborts. */
  basisOf?(item: Item, signal: AbortSignal): Promise<RecordedBasis | undefined>;
  /** Whatever reaches outside, for one item. */
  connect(own: OwnContext): ProofContext;
  tell(event: GateEvent): void;
}

/** The part of a proof's context that belongs to one item of one run. */
export type OwnContext = Pick<ProofContext, 'clock' | 'signal' | 'nonce' | 'grade' | 'effects' | 'beforeSignal' | 'keep' | 'progress'>;

/**
 * Runs every item side by side, each as soon as what it rests on is proven; those that must be alone come last, one by one.
 * All effects are undone before it returns or rejects; it rejects when `signal` aborts or on a bug of ours.
 */
export async function runGate(options: RunGateOptions): Promise<GateRun> {
  const { gate, clock, journal } = options;
  const startedAt = clock.now().toISOString();
  const results = new Map<string, Promise<ItemResult>>();
  const resultOf = (id: string): Promise<ItemResult> => {
    const known = results.get(id);
    if (known !== undefined) return known;
    const item = gate.items.find((each) => each.id === id);
    if (item === undefined) throw new Error(`the gate has no item "${id}": its loader should have said so`);
    const result = settleItem(item, options, resultOf);
    results.set(id, result);
    return result;
  };
  const settled = await Promise.allSettled(gate.items.map(({ id }) => resultOf(id)));
  await journal.undoAll();
  options.signal.throwIfAborted();
  const items = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  return { gate: options.redactor.value(gate), startedAt, finishedAt: clock.now().toISOString(), items };
}

async function settleItem(item: Item, options: RunGateOptions, resultOf: (id: string) => Promise<ItemResult>): Promise<ItemResult> {
  const needed = await Promise.all(item.needs.map(resultOf));
  const unproven = needed.filter(({ verdict }) => verdict.state !== 'proven' && verdict.state !== 'waived').map((each) => each.item.id);
  const settle = async (): Promise<ItemResult> => {
    if (unproven.length > 0) return blocked(item, unproven, options);
    const carried = options.carried?.get(item.id);
    if (carried !== undefined) return carried;
    const isAlone = (each: Item): boolean => proofOf(each, options).alone === true;
    if (isAlone(item)) await Promise.all(waitedForBy(item, options.gate.items, isAlone).map(resultOf));
    return await prove(item, options);
  };
  const result = await settle();
  options.tell({ type: 'item-finished', result });
  return result;
}

function blocked(item: Item, unproven: readonly string[], options: RunGateOptions): ItemResult {
  const at = options.clock.now().toISOString();
  return {
    item: options.redactor.value(item),
    verdict: blockedBy(proofOf(item, options).ladder, item.id, unproven),
    evidence: [],
    startedAt: at,
    finishedAt: at,
  };
}

async function prove(item: Item, options: RunGateOptions): Promise<ItemResult> {
  const { redactor, evidence } = options;
  const proof = proofOf(item, options);
  const isLeftOut = options.only?.has(item.id) === false;
  if (!isLeftOut) options.tell({ type: 'item-started', item });
  const kept: Sha256[] = [];
  const keep = async (bytes: Uint8Array): Promise<Sha256> => {
    const name = await evidence.put(redactor.bytes(bytes));
    kept.push(name);
    return name;
  };
  const text = canonicalJson(redactor.value(isLeftOut ? leftOut(proof, item, options) : await observe(proof, item, keep, options)));
  const name = await evidence.put(text);
  // Judged from what was stored, not from what was seen: a verifier has no more than that and must come to the same.
  const record = observationRecord.parse(JSON.parse(text));
  const shown = redactor.value(item);
  return {
    item: shown,
    verdict: judgeRecord(proof, shown, record),
    evidence: [name, ...new Set(kept)],
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
  };
}

/** Kept like any observation, so that a verifier sees why nothing is known. */
function leftOut(proof: Proof, item: Item, { clock }: RunGateOptions): ObservationRecord {
  const at = clock.now().toISOString();
  const failure = { code: 'run/left-out', says: 'left out of this run', hint: 'run the gate without --only, or with --resume' };
  return { item: item.id, proof: proof.kind, nonce: '', startedAt: at, finishedAt: at, failure };
}

async function observe(proof: Proof, item: Item, keep: ProofContext['keep'], options: RunGateOptions): Promise<ObservationRecord> {
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

function proofOf(item: Item, options: RunGateOptions): Proof {
  const proof = options.proofs.get(item.proof);
  if (proof === undefined) throw new Error(`no proof kind "${item.proof}": the gate's loader should have said so`);
  return proof;
}
