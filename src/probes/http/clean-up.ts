import type { ProbeContext } from '../../check/probe.ts';
import type { HttpObservation } from './observation.ts';
import type { HttpStep } from './options.ts';
import type { Session } from './session.ts';
import { makeStep } from './step.ts';
import { namesIn } from './step-options.ts';
import { wantedOf } from './wanted.ts';

/** What a clean-up is given once the run is stopped or its time is up: whoever stops a probe waits a second for it. */
const graceMs = 800;

/** Makes every step of the clean-up, whatever the others came to; those that name what was never taken have nothing to clean up. */
export async function cleanUp(
  steps: readonly HttpStep[],
  session: Session,
  context: ProbeContext,
): Promise<NonNullable<HttpObservation['after']>> {
  const grace = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => grace.abort(new DOMException('the time for the clean-up is up', 'TimeoutError')), graceMs);
  };
  if (context.signal.aborted) begin();
  else context.signal.addEventListener('abort', begin, { once: true });
  const seen: NonNullable<HttpObservation['after']> = [];
  try {
    for (const step of steps) {
      const missing = namesIn(step).find((name) => !session.taken.has(name));
      if (missing !== undefined) seen.push({ needless: `nothing was taken as "${missing}"` });
      else seen.push(await makeStep(step, wantedOf(context.wanted, step.name, false), session, { ...context, signal: grace.signal }));
    }
    return seen;
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', begin);
  }
}
