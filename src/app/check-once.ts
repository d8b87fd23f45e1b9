import { atMost } from '../base/at-most.ts';
import type { Clock } from '../base/clock.ts';
import { createRedactor } from '../base/redact.ts';
import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import type { LoadedProject } from '../config/project.ts';
import type { CheckResult, Results } from '../results/results.ts';
import { checkRunner, type ToldRun } from './check-runner.ts';
import { keepEvidence } from './evidence.ts';
import { keepParts } from './kept.ts';

export interface CheckOnceOptions {
  readonly loaded: LoadedProject;
  /** Those of the project that are wanted. */
  readonly checks: readonly Check[];
  readonly probes: ReadonlyMap<string, Probe>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  /** Where the evidence of what did not pass goes; nowhere when left out. */
  readonly evidenceFolder?: string | undefined;
  tell(event: CheckEvent): void;
}

export type CheckEvent =
  { readonly type: 'started'; readonly check: Check } | { readonly type: 'finished'; readonly check: Check; readonly result: CheckResult };

/** Runs checks once, as many side by side as the project allows. Rejects with the signal's reason when it aborts. */
export async function checkOnce(options: CheckOnceOptions): Promise<Results> {
  const { loaded, checks, probes, clock, signal, toolVersion, tell } = options;
  const { project, secrets } = loaded;
  const startedAt = clock.now().toISOString();
  const redactor = createRedactor(secrets);
  await using kept = keepParts({ clock });
  const run = checkRunner({ probes, clock, redactor, kept });
  const lanes = { light: atMost(project.limits.checks), heavy: atMost(project.limits.heavy) };
  const stopped = new AbortController();
  const all = AbortSignal.any([signal, stopped.signal]);

  const one = async (check: Check): Promise<CheckResult> =>
    await lanes[probes.get(check.probe)?.weight ?? 'light'](all, async () => {
      tell({ type: 'started', check });
      const told = await run(check, all);
      const evidence = await keepEvidence(options.evidenceFolder, check.name, told.evidence);
      const result = redactor.value(resultOf(check, told, { evidence, declaredAt: loaded.placeOfCheck(check.name) }));
      tell({ type: 'finished', check, result });
      return result;
    });
  const running = checks.map(one);
  try {
    const results = await Promise.all(running);
    return { project: project.name, place: project.place, toolVersion, startedAt, finishedAt: clock.now().toISOString(), checks: results };
  } catch (error) {
    // The others end before the parts that they share are closed.
    stopped.abort(error);
    await Promise.allSettled(running);
    throw error;
  }
}

function resultOf(
  { name, statement, probe, tags, severity, runbook }: Check,
  { startedAt, durationMs, attempts, status, reasons }: ToldRun,
  more: Pick<CheckResult, 'evidence' | 'declaredAt'>,
): CheckResult {
  return { name, statement, probe, tags, severity, runbook, status, reasons, startedAt, durationMs, attempts, ...more };
}
