import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { named, type NamedValue } from './named-value.ts';
import { phase, type Phase } from './phase.ts';
import { trouble, troubleOf } from './trouble.ts';

/** How an exchange went: what each phase that came to its end took, and what kept it from coming to its own. */
export const passage = z.strictObject({
  /** When it began. */
  at: z.iso.datetime(),
  phasesMs: z.partialRecord(phase, z.number()),
  totalMs: z.number(),
  trouble: trouble.optional(),
});
export type Passage = Readonly<z.infer<typeof passage>>;

/** Ends the phase that is running and begins the next. */
export type Begin = (phase: Phase) => void;

/** Runs an exchange phase by phase. Trouble of the target is recorded with the phase in which it came; everything else is thrown. */
export async function inPhases({ clock, signal }: Exchanging, exchange: (begin: Begin) => Promise<void>): Promise<Passage> {
  const at = clock.now().toISOString();
  const startedMs = clock.monotonicMs();
  const phasesMs: Partial<Record<Phase, number>> = {};
  let running: { readonly phase: Phase; readonly sinceMs: number } | undefined;
  const end = (): void => {
    if (running !== undefined) phasesMs[running.phase] = (phasesMs[running.phase] ?? 0) + clock.monotonicMs() - running.sinceMs;
    running = undefined;
  };
  const begin = (next: Phase): void => {
    end();
    running = { phase: next, sinceMs: clock.monotonicMs() };
  };
  const passed = (): Passage => ({ at, phasesMs: { ...phasesMs }, totalMs: clock.monotonicMs() - startedMs });
  try {
    signal.throwIfAborted();
    await exchange(begin);
    end();
    return passed();
  } catch (error) {
    return { ...passed(), trouble: troubleOf(error, signal, running?.phase) };
  }
}

export interface Exchanging {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `dns`, `connect`, `tls`, … and `total`, in ms; `total` only of an exchange that came to its end. */
export function timeReadings({ phasesMs, totalMs, trouble: wrong }: Passage): NamedValue[] {
  const times = phase.options.flatMap((name) => named(name, phasesMs[name], 'ms'));
  return wrong === undefined ? [...times, ...named('total', totalMs, 'ms')] : times;
}
