import type { Clock } from '../../base/clock.ts';
import type { FlowContext } from './flow.ts';
import type { FlowStep } from './observation.ts';

interface Timed extends FlowStep {
  readonly startedMs: number;
  over: boolean;
}

export interface StepRecord {
  readonly step: FlowContext['step'];
  /** In the order in which they began; those still running have taken as long as until now. */
  steps(): FlowStep[];
  /** The step that threw `error` or, when none did, the one that is still running; the innermost of several. */
  stepOf(error: unknown): string | undefined;
}

/** `inStep` is told whenever another step runs, the innermost of several, or none. */
export function recordSteps(clock: Clock, inStep: (step: string | undefined) => void): StepRecord {
  const record: Timed[] = [];
  let thrown: { readonly error: unknown; readonly name: string } | undefined;
  const running = (): string | undefined => record.findLast(({ over }) => !over)?.name;
  const sinceStart = ({ startedMs }: Timed): number => clock.monotonicMs() - startedMs;
  return {
    step: async (name, act) => {
      const own: Timed = { name, ok: false, durationMs: 0, startedMs: clock.monotonicMs(), over: false };
      record.push(own);
      inStep(name);
      try {
        const result = await act();
        own.ok = true;
        return result;
      } catch (error) {
        if (thrown?.error !== error) thrown = { error, name };
        throw error;
      } finally {
        own.durationMs = sinceStart(own);
        own.over = true;
        inStep(running());
      }
    },
    steps: () => record.map((each) => ({ name: each.name, ok: each.ok, durationMs: each.over ? each.durationMs : sinceStart(each) })),
    stepOf: (error) => (thrown?.error === error ? thrown?.name : running()),
  };
}
