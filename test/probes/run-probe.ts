import { z } from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { onDemand } from '../../src/check/check.ts';
import type { Probe, ProbeContext } from '../../src/check/probe.ts';
import { runCheck, type CheckRun } from '../../src/check/run.ts';

export interface ProbeRun<Seen> extends Omit<CheckRun, 'readings'> {
  /** What was observed, as a store would give it back; undefined when the probe itself could not run. */
  readonly seen: Seen | undefined;
  /** By name. */
  readonly readings: Readonly<Record<string, string | number | boolean | null>>;
}

/** Runs one check of a kind as the product does, with options as a file gives them, and sees that what it recorded is what it says that it records. */
export async function runProbe<Seen = unknown>(
  probe: Probe,
  written: object,
  { timeoutMs = 20_000, ...more }: Partial<ProbeContext> & { readonly timeoutMs?: number } = {},
): Promise<ProbeRun<Seen>> {
  const options = probe.options.parse(written);
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: probe.kind, timeoutMs, options };
  const keep = (): Promise<never> => Promise.reject(new Error('keeps nothing'));
  const run = await runCheck(check, probe, { clock: systemClock, signal: new AbortController().signal, keep, ...more });
  if (run.observation === undefined) return { ...run, seen: undefined, readings: {} };
  // Only what survives being written down counts.
  const stored = z.json().parse(JSON.parse(JSON.stringify(run.observation)));
  const seen = probe.observation.parse(stored) as Seen;
  const readings = Object.fromEntries(
    [...(probe.readings?.(options, seen) ?? [])].map(([name, { value }]) => [name, value ?? null] as const),
  );
  return { ...run, seen, readings };
}
