import type { ProbeContext } from '../../check/probe.ts';
import { cleanUp } from './clean-up.ts';
import { shortcomings } from './judge.ts';
import type { HttpObservation, StepSeen } from './observation.ts';
import type { HttpOptions, HttpStep } from './options.ts';
import { openSession, type Session } from './session.ts';
import { makeStep } from './step.ts';
import { wantedOf } from './wanted.ts';

/** Makes the steps one after another, as far as they hold what they promise; cleans up whatever happened. */
export async function observeHttp(options: HttpOptions, context: ProbeContext): Promise<HttpObservation> {
  using session = await openSession(options, context);
  const make = async (steps: readonly HttpStep[], areMain: boolean): Promise<{ seen: StepSeen[]; held: boolean }> => {
    const seen: StepSeen[] = [];
    for (const [index, step] of steps.entries()) {
      const wanted = wantedOf(context.wanted, step.name, areMain && index === steps.length - 1);
      const result = await makeStep(step, wanted, session, context);
      seen.push(result);
      if (shortcomings(step, result).length > 0) return { seen, held: false };
    }
    return { seen, held: true };
  };
  const makeAll = async (): Promise<Pick<HttpObservation, 'before' | 'steps'>> => {
    if (options.before === undefined) return { steps: (await make(options.steps, true)).seen };
    const { seen: before, held } = await make(options.before, false);
    return { before, steps: held ? (await make(options.steps, true)).seen : [] };
  };
  return options.after === undefined ? await makeAll() : await thenCleanUp(makeAll, options.after, session, context);
}

async function thenCleanUp(
  makeAll: () => Promise<HttpObservation>,
  after: readonly HttpStep[],
  session: Session,
  context: ProbeContext,
): Promise<HttpObservation> {
  let seen: HttpObservation;
  try {
    seen = await makeAll();
  } catch (error) {
    await cleanUp(after, session, context);
    throw error;
  }
  return { ...seen, after: await cleanUp(after, session, context) };
}
