import type { ChannelKind } from '../alert/channel.ts';
import type { Clock } from '../base/clock.ts';
import { createRedactor } from '../base/redact.ts';
import type { Probe } from '../check/probe.ts';
import type { LoadedGate } from '../config/load-gate.ts';
import { planGate, type Plan } from '../gate/plan.ts';
import { worldOf } from '../gate/plan/world.ts';
import type { Proof } from '../gate/proof.ts';
import { selectItems } from '../gate/select.ts';
import { wireGate } from './wire.ts';

export interface MakePlanOptions {
  readonly loaded: LoadedGate;
  readonly kinds: {
    readonly proofs: ReadonlyMap<string, Proof>;
    readonly channels: ReadonlyMap<string, ChannelKind>;
    readonly probes: ReadonlyMap<string, Probe>;
  };
  /** Ids of the only items to plan, with what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

function changesNothing(): never {
  throw new Error('a plan changes nothing: something in it tried to');
}

/** What a run of a loaded gate would touch and whom it would wake, without its secrets. */
export async function makePlan({ loaded, kinds, only, clock, signal }: MakePlanOptions): Promise<Plan> {
  const { gate, placeOf, secrets } = loaded;
  const wiring = wireGate({ gate, channels: kinds.channels, probes: kinds.probes, placeOf, clock, signal });
  const plan = await planGate({
    gate,
    proofs: kinds.proofs,
    world: worldOf(gate, kinds),
    only: only === undefined ? undefined : selectItems(gate.items, only),
    now: () => clock.now(),
    connect: ({ nonce, grade }) => {
      const connected = wiring.connect({
        clock,
        signal,
        nonce,
        grade,
        effects: { make: changesNothing },
        beforeSignal: changesNothing,
        keep: changesNothing,
        progress: () => undefined,
      });
      return { ...connected, channel: changesNothing, runCheck: changesNothing };
    },
  });
  return createRedactor(secrets).value(plan);
}
