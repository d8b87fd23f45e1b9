import { randomBytes } from 'node:crypto';
import { Fault } from '../base/fault.ts';
import { troubleOf, type Trouble } from '../base/trouble.ts';
import type { Gate, Item } from './gate.ts';
import type { Proof, ProofContext } from './proof.ts';
import type { Touch } from './touch.ts';
import { readRotation, wokenBy, type Rotation } from './plan/people.ts';
import { reachOf } from './plan/reach.ts';
import type { Way } from './plan/ways.ts';
import type { World } from './plan/world.ts';

export interface PlannedWay extends Way {
  /** Whom it wakes; empty where it wakes nobody, or is held back. */
  readonly people: readonly string[];
}

export interface PlannedTouch extends Omit<Touch, 'signals' | 'others' | 'untold' | 'channels'> {
  /** The alerts that it brings to Alertmanager, by name. */
  readonly alerts: readonly string[];
  readonly ways: readonly PlannedWay[];
}

export interface PlannedItem {
  readonly id: string;
  readonly statement: string;
  readonly touches: readonly PlannedTouch[];
  /** What could not be told of it. */
  readonly untold: readonly string[];
}

/** What a run of the gate would do to the outside, by the state of everything now. */
export interface Plan {
  readonly gate: string;
  readonly environment: string;
  readonly at: string;
  readonly rotation: Rotation;
  /** Only those that were asked for, in the order of the gate file. */
  readonly items: readonly PlannedItem[];
}

export interface PlanGateOptions {
  readonly gate: Gate;
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly world: World;
  readonly only?: ReadonlySet<string> | undefined;
  readonly now: () => Date;
  /** For one item; nothing of it is used that could change anything. */
  connect(own: Pick<ProofContext, 'nonce' | 'grade'>): PlanContext;
}

export type PlanContext = Parameters<NonNullable<Proof['touches']>>[1] & Pick<ProofContext, 'onCall'>;

/** Works out, from questions alone, what every item would touch and whom it would wake. */
export async function planGate({ gate, proofs, world, only, now, connect }: PlanGateOptions): Promise<Plan> {
  const rotation = await readRotation(connect({ nonce: '', grade: 'declared' }));
  const wanted = gate.items.filter(({ id }) => only?.has(id) !== false);
  const planned = async (item: Item): Promise<PlannedItem> => {
    const { id, statement, requirement } = item;
    const context = connect({ nonce: `lp${randomBytes(8).toString('hex')}`, grade: item.grade });
    const told = await orUntold(context.signal, async () => {
      const touches = (await proofs.get(item.proof)?.touches?.(requirement, context)) ?? [];
      return await reachOf(touches, world, context);
    });
    if ('says' in told) return { id, statement, touches: [], untold: [told.says] };
    const touches = told.map(({ touch: { signals = [], others: _others, untold: _untold, channels: _channels, ...touch }, ways }) => ({
      ...touch,
      alerts: [...new Set(signals.map(({ alert }) => alert))],
      ways: ways.map((way) => ({ ...way, people: way.heldBackBy.length > 0 ? [] : wokenBy(way, rotation) })),
    }));
    const needsRotation = told.some(({ ways }) => ways.some(({ wakes }) => wakes === 'on-call'));
    const nobodyTells = needsRotation && 'trouble' in rotation ? [`who is on call: ${rotation.trouble.says}`] : [];
    return { id, statement, touches, untold: [...new Set([...told.flatMap((each) => each.untold), ...nobodyTells])] };
  };
  const items = await Promise.all(wanted.map(planned));
  return { gate: gate.name, environment: gate.environment, at: now().toISOString(), rotation, items };
}

async function orUntold<Told>(signal: AbortSignal, tell: () => Promise<readonly Told[]>): Promise<readonly Told[] | Trouble> {
  try {
    return await tell();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    return troubleOf(error);
  }
}
