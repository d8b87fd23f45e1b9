import { shortened } from '../../base/shortened.ts';
import type { Check } from '../../check/check.ts';
import type { Result } from '../../check/result.ts';
import type { Slot } from '../../schedule/job.ts';

export interface BrokenRun {
  readonly check: Check;
  readonly place: string;
  readonly slot: Slot;
  readonly durationMs: number;
  /** What was thrown. */
  readonly error: unknown;
  /** Takes secrets out of it. */
  hide(text: string): string;
}

const longestWords = 500;

/** What stands in the store for a run that a bug of ours has ended: we could not tell. */
export function brokenResult({ check, place, slot: { dueAtMs, lateMs }, durationMs, error, hide }: BrokenRun): Result {
  const says = shortened(hide(String(error)).replaceAll(/\s+/g, ' ').trim(), longestWords);
  return {
    check: check.name,
    place,
    dueAtMs,
    lateMs,
    durationMs,
    status: 'error',
    reasons: [`a bug in liveproof ended this run: ${says}`],
    attempts: 1,
  };
}
