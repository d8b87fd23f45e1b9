import { eventually } from '../../base/eventually.ts';
import { exchange } from '../../base/exchange.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { formatMatcher } from '../../stack/label-matcher.ts';
import type { Labels } from '../../stack/prometheus.ts';
import type { WatchdogRequirement } from './requirement.ts';
import { shortened } from '../../base/shortened.ts';

export interface Stopped {
  /** In words: `Watchdog was silenced`. */
  readonly how: string;
  /** How many pings the switch had had when the stop was in force. */
  readonly pingsBefore: number;
  undo(): Promise<void>;
}

const activeWithinMs = 10_000;

/** Stops the alert for at most `lastsMs`; whatever else happens, the stop is undone when the run ends. */
export async function stopAlert(
  { rule, stop }: WatchdogRequirement,
  labels: Labels,
  lastsMs: number,
  context: ProofContext,
): Promise<Stopped | { readonly refused: string }> {
  const { effects, signal } = context;
  if (stop === undefined) return await silence(rule, labels, lastsMs, context);
  const { result, undo } = await effects.make({ says: stop.says, expiresInMs: stop.lasts, undo: stop.undo }, () =>
    exchange(stop.inject, signal),
  );
  if (result.status < 400) return { how: stop.says, pingsBefore: await pingsNow(context), undo };
  await undo();
  return { refused: `"${stop.says}" was answered with HTTP ${String(result.status)}: ${shortened(result.text, 200)}` };
}

async function silence(
  rule: string,
  labels: Labels,
  lastsMs: number,
  context: ProofContext,
): Promise<Stopped | { readonly refused: string }> {
  const { clock, effects, nonce, signal } = context;
  const alertmanager = context.alertmanager();
  // Not cut off when the run is stopped: one that is still being made then could not be ended yet. The exchange has a deadline of its own.
  const uncut = new AbortController().signal;
  const make = async (): Promise<string> => {
    const startsMs = clock.now().getTime();
    return await alertmanager.makeSilence(
      {
        labels,
        startsAt: new Date(startsMs).toISOString(),
        endsAt: new Date(startsMs + lastsMs).toISOString(),
        createdBy: 'liveproof',
        comment: `liveproof sees whether the dead-man's switch notices that ${rule} is gone (${nonce})`,
      },
      uncut,
    );
  };
  const { result: id, undo } = await effects.make(
    {
      says: `${rule} is silenced in Alertmanager at ${alertmanager.url}`,
      expiresInMs: lastsMs,
      undo: { mentioning: nonce, ...alertmanager.endSilenceRequests() },
    },
    make,
  );
  const isHeld = async (): Promise<true | undefined> => {
    const found = await alertmanager.alerts(labels, signal);
    return (found.length > 0 && found.every(({ silencedBy }) => silencedBy.includes(id))) || undefined;
  };
  let held: true | undefined;
  try {
    held = await eventually(isHeld, { clock, signal, withinMs: activeWithinMs, everyMs: 100 });
  } catch (error) {
    await undo();
    throw error;
  }
  if (held === true) {
    const shown = Object.entries(labels).map(([label, value]) => formatMatcher({ label, operator: '=', value }));
    return { how: `{${shown.join(', ')}} was silenced`, pingsBefore: await pingsNow(context), undo };
  }
  await undo();
  return { refused: `Alertmanager took a silence (${id}), and the alert is not held by it: is its clock behind ours?` };
}

async function pingsNow({ signal, ...context }: ProofContext): Promise<number> {
  return (await context.deadMan().state(signal))?.pings ?? 0;
}
