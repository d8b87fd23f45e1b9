import { eventually } from '../../../base/eventually.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { ProofContext } from '../../../gate/proof.ts';

const aloneWithinMs = 60_000;
/** How long each member of a cluster lets the one before it tell: the default of `--cluster.peer-timeout`, which no answer of its tells. */
const peerTimeoutMs = 15_000;

export interface Group {
  readonly groupIntervalMs: number;
  /** Members of Alertmanager's cluster; 0 where there is none. */
  readonly peers: number;
}

/**
 * Waits until no other alert of this name is active, and until people were told so: a test alert that joins a group which
 * is being told already may wake nobody anew. In a cluster that takes until its last member has had its turn: one that tells
 * late notes that nothing of the group is firing, and the end of an alert that was told meanwhile is then told by nobody
 * (seen on Alertmanager 0.25). Resolves with how many others are left when it takes too long.
 */
export async function untilAlone(rule: string, { groupIntervalMs, peers }: Group, context: ProofContext): Promise<number> {
  const { clock, signal, progress } = context;
  const isCluster = peers > 1;
  const toldMs = Math.min(groupIntervalMs + (isCluster ? (peers - 1) * peerTimeoutMs : 0), aloneWithinMs);
  const giveUpMs = clock.monotonicMs() + aloneWithinMs;
  let others = 0;
  let seenMs: number | undefined;
  const look = async (): Promise<true | undefined> => {
    others = (await context.alertmanager().alerts({ alertname: rule }, signal)).length;
    if (others > 0 && clock.monotonicMs() >= giveUpMs) return true;
    // Alertmanager shows no alert that is over; Prometheus does.
    const isTold = others === 0 && !(isCluster && (await hasFired(rule, toldMs, context)));
    if (isTold && (seenMs === undefined || clock.monotonicMs() - seenMs >= toldMs)) return true;
    if (seenMs === undefined) progress(`waits until no other ${rule} is active, and until people were told so`);
    if (others > 0 || seenMs === undefined) seenMs = clock.monotonicMs();
    return undefined;
  };
  await eventually(look, { clock, signal, withinMs: aloneWithinMs + toldMs, everyMs: 250 });
  return others;
}

/** A server that cannot say it has not: what it can't say is told where it matters more. */
async function hasFired(rule: string, withinMs: number, { prometheus, signal }: ProofContext): Promise<boolean> {
  const selector = `ALERTS{alertname=${JSON.stringify(rule)},alertstate="firing"}`;
  const fired = await orTrouble(signal, () => prometheus().rawSamples(selector, withinMs, signal));
  return !('trouble' in fired) && fired.length > 0;
}
