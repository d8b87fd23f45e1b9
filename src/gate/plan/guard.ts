import { Fault } from '../../base/fault.ts';
import type { ProofContext } from '../proof.ts';
import type { Touch } from '../touch.ts';
import { readRotation, wokenBy } from './people.ts';
import { couldWake, reachOf, type Reached } from './reach.ts';
import type { World } from './world.ts';

const hint = 'tell them, and add --allow-paging; --plan shows what would be touched and who would be woken';

/** Throws the Fault `run/may-not-page` when something of this could wake somebody, or when that cannot be told. */
export async function refuseToPage(
  touches: () => Promise<readonly Touch[]>,
  world: World,
  context: Pick<ProofContext, 'alertmanagers' | 'onCall' | 'signal'>,
): Promise<void> {
  const told = await touches().catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    throw new Fault('run/may-not-page', `not run: whom it would wake cannot be told: ${error.message}`, {
      hint: error.hint ?? hint,
      cause: error,
    });
  });
  const waking = (await reachOf(told, world, context)).filter(couldWake);
  if (waking.length === 0) return;
  const rotation = await readRotation(context);
  throw new Fault('run/may-not-page', `not run: ${why(waking, (way) => wokenBy(way, rotation))}`, { hint });
}

/** One that sends straight to a channel that wakes people refuses to. */
export function keepQuiet(context: ProofContext, { ways }: World): ProofContext['channel'] {
  return async (name) => {
    const channel = await context.channel(name);
    const way = ways.find((each) => each.name === name);
    if (way?.wakes === 'nobody') return channel;
    const refused = new Fault('run/may-not-page', `nothing is sent on ${name}: it wakes people`, { hint });
    return { ...channel, send: () => Promise.reject(refused) };
  };
}

function why(waking: readonly Reached[], people: (way: Reached['ways'][number]) => readonly string[]): string {
  const untold = [...new Set(waking.flatMap((each) => each.untold))];
  const woken = [...new Set(waking.flatMap(({ ways }) => ways.flatMap((way) => people(way).map((who) => `${who}${on(way)}`))))];
  const parts = [
    ...(woken.length === 0 ? [] : [`it would wake ${woken.join(', ')}`]),
    ...(untold.length === 0 ? [] : [`it cannot be told whom it would wake (${untold.join('; ')})`]),
  ];
  return parts.join(', and ');
}

function on({ channels, receiver }: Reached['ways'][number]): string {
  const names = channels.length > 0 ? channels.join(' or ') : receiver;
  return names === undefined ? '' : ` (${names})`;
}
