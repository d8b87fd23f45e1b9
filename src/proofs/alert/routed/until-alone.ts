import { eventually } from '../../../base/eventually.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { Rule } from '../loaded/facts.ts';

const aloneWithinMs = 60_000;
/** How long each member of a cluster lets the one before it tell: the default of `--cluster.peer-timeout`, which no answer of its tells. */
const peerTimeoutMs = 15_000;

export interface Group {
  readonly groupIntervalMs: number;
  /** Members of Alertmanager's cluster; 0 where there is none. */
  readonly peers: number;
}

/**
 * Waits until no other alert of this name is active, and until people were told so, a minute at most: a test alert that joins
 * a group which is being told already may wake nobody anew. In a cluster that takes until its last member has had its turn: one
 * that tells late notes that nothing of the group is firing, and the end of an alert that was told meanwhile is then told by
 * nobody (seen on Alertmanager 0.25). A test alert that somebody else ended just before is not seen. Resolves with how many
 * others are left when it takes too long.
 */
export async function untilAlone(
  rule: Pick<Rule, 'name' | 'groupIntervalMs'>,
  { groupIntervalMs, peers }: Group,
  context: ProofContext,
): Promise<number> {
  const { clock, signal, progress } = context;
  const toldMs = Math.min(groupIntervalMs + Math.max(0, peers - 1) * peerTimeoutMs, aloneWithinMs);
  const giveUpMs = clock.monotonicMs() + aloneWithinMs;
  let others = 0;
  let seenMs: number | undefined;
  const look = async (): Promise<true | undefined> => {
    others = (await context.alertmanager().alerts({ alertname: rule.name }, signal)).length;
    const nowMs = clock.monotonicMs();
    if (others > 0 && nowMs >= giveUpMs) return true;
    const isTold = others === 0 && (seenMs === undefined || nowMs - seenMs >= toldMs);
    if (isTold && (peers < 2 || !(await hasFired(rule, toldMs, context)))) return true;
    if (seenMs === undefined) progress(`waits until no other ${rule.name} is active, and until people were told so`);
    if (others > 0 || seenMs === undefined) seenMs = nowMs;
    return undefined;
  };
  await eventually(look, { clock, signal, withinMs: aloneWithinMs + toldMs, everyMs: 250 });
  return others;
}

/** Alertmanager shows no alert that is over; Prometheus does. A server that cannot say it has not: what it can't say is told where it matters more. */
async function hasFired(
  { name, groupIntervalMs }: Pick<Rule, 'name' | 'groupIntervalMs'>,
  withinMs: number,
  { prometheus, signal }: ProofContext,
): Promise<boolean> {
  const selector = `ALERTS{alertname=${JSON.stringify(name)},alertstate="firing"}`;
  // The last evaluation at which it fired may be as long ago as they are apart.
  const fired = await orTrouble(signal, () => prometheus().rawSamples(selector, withinMs + groupIntervalMs, signal));
  return !('trouble' in fired) && fired.length > 0;
}
