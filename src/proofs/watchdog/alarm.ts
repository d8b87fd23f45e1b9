import type { Arrival, Channel } from '../../alert/channel.ts';
import { eventually } from '../../base/eventually.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { Watched } from './facts.ts';
import { orTrouble, type Trouble } from '../../base/trouble.ts';

/**
 * The alarm of a switch carries no token of ours. It is told from what stood on the channel before by being new, and from
 * anything else by the name or the id of the check together with the word "down", outside of any notification of Alertmanager's.
 */
export async function seenSoFar(channel: Channel, tokens: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  return new Set((await alarmsOn(channel, tokens, signal)).map(keyOf));
}

/** Waits until an alarm of the switch that is not among `earlier` is read back. */
export async function awaitAlarm(
  channel: Channel,
  tokens: readonly string[],
  earlier: ReadonlySet<string>,
  { patienceMs, sinceMs, context }: { readonly patienceMs: number; readonly sinceMs: () => number; readonly context: ProofContext },
): Promise<NonNullable<Watched['told']>> {
  const { clock, signal } = context;
  let trouble: Trouble | undefined;
  const look = async (): Promise<readonly Arrival[] | undefined> => {
    const found = await orTrouble(signal, () => alarmsOn(channel, tokens, signal));
    trouble = 'trouble' in found ? found.trouble : undefined;
    const fresh = 'trouble' in found ? [] : found.filter((each) => !earlier.has(keyOf(each)));
    return fresh.some(({ seenByPeople }) => seenByPeople) ? fresh : undefined;
  };
  const withinMs = Math.max(0, patienceMs - sinceMs());
  const arrivals = await eventually(look, { clock, signal, withinMs, everyMs: channel.readBackEveryMs });
  const lookedForMs = sinceMs();
  if (arrivals !== undefined) return { afterMs: lookedForMs, lookedForMs, arrivals: [...arrivals] };
  return trouble === undefined ? { lookedForMs, arrivals: [] } : { trouble };
}

async function alarmsOn(channel: Channel, tokens: readonly string[], signal: AbortSignal): Promise<readonly Arrival[]> {
  const found: Arrival[] = [];
  for (const token of tokens) found.push(...(await channel.readBack(token, signal)));
  return found.filter((arrival, index) => isAlarm(arrival, tokens) && found.findIndex((each) => keyOf(each) === keyOf(arrival)) === index);
}

function isAlarm({ excerpt, status, fingerprint }: Arrival, tokens: readonly string[]): boolean {
  const rest = tokens.reduce((text, token) => text.replaceAll(token, ''), excerpt);
  return status === undefined && fingerprint === undefined && /\bdown\b/i.test(rest);
}

function keyOf({ at, place, excerpt }: Arrival): string {
  return JSON.stringify([at, place, excerpt]);
}
