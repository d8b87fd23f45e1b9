import { canonicalJson } from '../base/canonical-json.ts';
import type { Sha256 } from '../base/digest.ts';
import type { Redactor } from '../base/redact.ts';
import { waitedForBy } from './alone.ts';
import type { Evidence } from './evidence.ts';
import type { Gate, Item } from './gate.ts';
import type { EffectEvent } from './journal.ts';
import { observeItem, type ItemProgress, type ObserveItemOptions } from './observe-item.ts';
import { observationRecord, type ObservationRecord } from './observation.ts';
import type { Proof } from './proof.ts';
import { blockedBy, judgeRecord, type Verdict } from './verdict.ts';
import { applyWaiver } from './apply-waiver.ts';
import type { AcceptedWaiver } from './waiver.ts';

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
  /** Only there when it is waived. */
  readonly waiver?: AcceptedWaiver | undefined;
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
  | ItemProgress
  | { readonly type: 'item-finished'; readonly result: ItemResult }
  | EffectEvent;

export interface RunGateOptions extends ObserveItemOptions {
  readonly gate: Gate;
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly redactor: Redactor;
  readonly evidence: Evidence;
  /** Items that an earlier run has proven and that need not be tried again. */
  readonly carried?: ReadonlyMap<string, ItemResult>;
  /** The only items to try; the others are inconclusive, unless they are carried. */
  readonly only?: ReadonlySet<string> | undefined;
  tell(event: GateEvent): void;
}

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
    const result = settleItem(item, startedAt, options, resultOf);
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

async function settleItem(
  item: Item,
  runStartedAt: string,
  options: RunGateOptions,
  resultOf: (id: string) => Promise<ItemResult>,
): Promise<ItemResult> {
  const needed = await Promise.all(item.needs.map(resultOf));
  const unproven = needed.filter(({ verdict }) => verdict.state !== 'proven' && verdict.state !== 'waived').map((each) => each.item.id);
  const settle = async (): Promise<ItemResult> => {
    if (unproven.length > 0) return blocked(item, unproven, options);
    const carried = options.carried?.get(item.id);
    if (carried !== undefined) return carried;
    const isAlone = (each: Item): boolean => proofOf(each, options).alone === true;
    if (isAlone(item)) await Promise.all(waitedForBy(item, options.gate.items, isAlone).map(resultOf));
    return await prove(item, runStartedAt, options);
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

async function prove(item: Item, runStartedAt: string, options: RunGateOptions): Promise<ItemResult> {
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
  const text = canonicalJson(redactor.value(isLeftOut ? leftOut(proof, item, options) : await observeItem(proof, item, keep, options)));
  const name = await evidence.put(text);
  // Judged from what was stored, not from what was seen: a verifier has no more than that and must come to the same.
  const record = observationRecord.parse(JSON.parse(text));
  const shown = redactor.value(item);
  const { waivers = [], policy } = redactor.value(options.gate);
  // One moment for all items, and one that the report tells: a verifier must come to the same.
  const given = { waivers, policy: policy.waivers, atMs: Date.parse(runStartedAt) };
  return {
    item: shown,
    ...applyWaiver(judgeRecord(proof, shown, record), shown, record, given),
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

function proofOf(item: Item, options: RunGateOptions): Proof {
  const proof = options.proofs.get(item.proof);
  if (proof === undefined) throw new Error(`no proof kind "${item.proof}": the gate's loader should have said so`);
  return proof;
}
