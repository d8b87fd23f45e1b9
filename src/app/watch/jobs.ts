import type { Check } from '../../check/check.ts';
import type { Probe } from '../../check/probe.ts';
import type { Job } from '../../schedule/job.ts';

/** A check as the schedule sees it. */
export interface CheckJob extends Job {
  readonly check: Check;
}

/** `accounted`: when the last result of a check was due, from an earlier process. */
export function jobsOf(
  checks: readonly Check[],
  probes: ReadonlyMap<string, Probe>,
  accounted: ReadonlyMap<string, number> = new Map(),
): readonly CheckJob[] {
  return checks.map((check) => ({
    id: check.name,
    check,
    schedule: check.schedule,
    weight: probes.get(check.probe)?.weight ?? 'light',
    maintenance: check.maintenance,
    accountedToMs: accounted.get(check.name),
  }));
}
