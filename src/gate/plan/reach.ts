import { orTrouble, type Trouble } from '../../base/trouble.ts';
import type { ProofContext } from '../proof.ts';
import type { Signal, Touch, Wakes } from '../touch.ts';
import { readLive, type Live } from './live.ts';
import { waysOf, type Way } from './ways.ts';
import type { World } from './world.ts';

/** A touch, and every way on which it is told to people. */
export interface Reached {
  readonly touch: Touch;
  readonly ways: readonly Way[];
  /** What could not be told: where there is anything, it could wake anybody. */
  readonly untold: readonly string[];
}

type Reading = Live | { readonly url: string; readonly trouble: Trouble };
type Asking = Pick<ProofContext, 'alertmanagers' | 'signal'>;

/** Works out where touches lead, from what the gate declares and what its Alertmanagers are like now. */
export async function reachOf(touches: readonly Touch[], world: World, context: Asking): Promise<readonly Reached[]> {
  const asked = new Set(touches.flatMap(({ signals = [] }) => signals.flatMap(({ at }) => at)));
  const alertmanagers = asked.size === 0 ? [] : context.alertmanagers().filter(({ url }) => asked.has(url));
  const readings = await Promise.all(
    alertmanagers.map(async (each) => {
      const read = await orTrouble(context.signal, () => readLive(each, context.signal));
      return { ...read, url: each.url };
    }),
  );
  return touches.map((touch) => reach(touch, readings, world));
}

/** Pure: where a touch leads, given what the Alertmanagers are like. */
export function reach(touch: Touch, readings: readonly Reading[], world: World): Reached {
  const { channels = [], signals = [], others = [], untold = [] } = touch;
  const straight = channels.map((name): Way => {
    const way = world.ways.find((each) => each.name === name);
    const end = way === undefined ? {} : { to: way.to };
    return { ...end, channels: [name], wakes: way?.wakes ?? 'unknown', isCertain: true, heldBackBy: [] };
  });
  const told = others.map(({ says, wakes }): Way => {
    return { by: says, channels: [], wakes: wakingOf(wakes), isCertain: true, heldBackBy: [] };
  });
  const asked = ({ at }: Signal): readonly Reading[] => readings.filter(({ url }) => at.includes(url));
  const routed = signals.flatMap((signal) => asked(signal).flatMap((one) => ('trouble' in one ? [] : waysOf(signal, one, world))));
  const unread = new Set(signals.flatMap(asked).flatMap((one) => ('trouble' in one ? [one.trouble.says] : [])));
  return {
    touch,
    ways: merged([...straight, ...told, ...routed]),
    untold: [...untold, ...[...unread].map((says) => `where its alerts go: ${says}`)],
  };
}

const wakingOf = (wakes: Wakes): Way['wakes'] => (({ yes: 'somebody', unknown: 'unknown', no: 'nobody' }) as const)[wakes];

/** Several alerts, and several Alertmanagers, may take the same way: it is held back only where all of them are. */
function merged(ways: readonly Way[]): readonly Way[] {
  const same = Map.groupBy(ways, ({ receiver, by, to, channels, wakes }) => JSON.stringify([receiver, by, to, channels, wakes]));
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const isHeld = group.every(({ heldBackBy }) => heldBackBy.length > 0);
    const heldBackBy = isHeld ? [...new Set(group.flatMap((each) => each.heldBackBy))] : [];
    return [{ ...first, isCertain: group.some(({ isCertain }) => isCertain), heldBackBy }];
  });
}

/** Whether it could wake anybody: what holds an alert back may end at any time, so it does not count. */
export function couldWake({ ways, untold }: Reached): boolean {
  return untold.length > 0 || ways.some(({ wakes }) => wakes !== 'nobody');
}
