import type { GateEvent } from '../gate/run.ts';

/** Follows a run to say, when it is stopped, whether all that it made was undone. */
export function followEffects(): { tell(event: GateEvent): void; whenStopped(): string } {
  const stuck = new Set<string>();
  return {
    tell: (event) => {
      if (event.type === 'effect-stuck') stuck.add(event.says);
      // It is tried once more at the end.
      if (event.type === 'effect-undone') stuck.delete(event.says);
    },
    whenStopped: () =>
      stuck.size === 0
        ? 'Stopped. What was made has been undone; no report was written.'
        : 'Stopped. Not all that was made could be undone, as told above: the next run tries again, and so does --clean. No report was written.',
  };
}
