import { orTrouble } from '../../../base/trouble.ts';
import type { ProofContext } from '../../../gate/proof.ts';
import type { Posted } from '../routed/facts.ts';

/** How long each member of a cluster lets the one before it tell: the default of `--cluster.peer-timeout`, which no answer of its tells. */
const peerTimeoutMs = 15_000;
/** For so long Prometheus goes on telling that an alert is over (`resolvedRetention` of its rules). */
const retentionMs = 15 * 60_000;
const longestMs = 60_000;

/**
 * Keeps a test alert that has arrived active until a cluster of Alertmanagers cannot lose its end any more, a minute at most.
 * A member that was about to tell the end of a real alert of the same name when the test alert came notes that nothing of the
 * group is firing, and that it has arrived is forgotten: were it over now, nobody would be told (seen on Alertmanager 0.25).
 * While it is active the next turn of the group puts that right.
 */
export async function holdUntilNoted(
  rule: string,
  { routes }: Pick<Posted, 'routes'>,
  context: Pick<ProofContext, 'alertmanager' | 'prometheus' | 'clock' | 'signal' | 'progress'>,
  sincePostedMs: () => number,
): Promise<void> {
  const { clock, signal, progress } = context;
  const { peers } = await context.alertmanager().status(signal);
  const othersTellMs = Math.max(0, peers.length - 1) * peerTimeoutMs;
  // Whoever began to tell before it came has done so by then.
  if (sincePostedMs() >= othersTellMs || !(await mayHaveFired(rule, context))) return;
  progress('keeps the test alert active until every Alertmanager has noted it');
  await clock.sleep(Math.max(0, Math.min(othersTellMs + routes.groupIntervalMs, longestMs) - sincePostedMs()), signal);
}

async function mayHaveFired(rule: string, { prometheus, signal }: Pick<ProofContext, 'prometheus' | 'signal'>): Promise<boolean> {
  const selector = `ALERTS{alertname=${JSON.stringify(rule)},alertstate="firing"}`;
  const fired = await orTrouble(signal, () => prometheus().rawSamples(selector, retentionMs, signal));
  return 'trouble' in fired || fired.length > 0;
}
