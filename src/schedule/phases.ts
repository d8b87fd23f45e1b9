import type { Phase, Schedule } from '../check/schedule.ts';
import type { DueContext } from './due-context.ts';

type Phases = Extract<Schedule, { readonly type: 'phases' }>;
type NextDue = (schedule: Phase['schedule'], context: DueContext) => number | undefined;

/** The first slot of phases that follow each other: each begins where the one before ends, and the end of a phase is not within it. */
export function nextInPhases({ since, phases }: Phases, context: DueContext, nextDue: NextDue): number | undefined {
  let fromMs = since === 'start' ? context.startedAtMs : context.deployedAtMs;
  for (const { forMs, schedule } of phases) {
    if (fromMs === undefined) return undefined;
    const toMs: number | undefined = forMs === undefined ? undefined : fromMs + forMs;
    if (toMs === undefined || context.afterMs < toMs) {
      const dueMs = nextDue(schedule, within(fromMs, context));
      if (dueMs !== undefined && (toMs === undefined || dueMs < toMs)) return dueMs;
    }
    fromMs = toMs;
  }
  return undefined;
}

/** Nothing is due before its phase begins; its first moment is within it. */
function within(fromMs: number, context: DueContext): DueContext {
  const justBeforeMs = fromMs - 1;
  if (context.afterMs >= justBeforeMs) return { ...context, startedAtMs: fromMs };
  return { ...context, startedAtMs: fromMs, afterMs: justBeforeMs, afterWallMs: justBeforeMs + context.skewMs };
}
