import { exchange, type HttpAnswer, type HttpRequest } from '../base/exchange.ts';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';

/** The HTTP API of whoever runs a channel: Slack, Twilio, PagerDuty. */
export interface Provider {
  /**
   * Makes one request and reads the answer, whatever its status but 429. Throws the Faults `channel/unreachable`, and
   * `channel/rate-limited` without asking again until the time that the provider asked for is over.
   */
  ask(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** Asked for when a provider limits us without saying for how long. */
const usualPauseMs = 5_000;

/** Limits are counted by method or path, so one that is used up leaves the others free: `limitOf` names what a request counts towards. */
export function connectProvider(name: string, clock: Clock, limitOf: (request: HttpRequest) => string = () => name): Provider {
  const notBeforeMs = new Map<string, number>();
  const limited = (waitMs: number): Fault =>
    new Fault('channel/rate-limited', `${name} asks to be left alone for ${String(Math.ceil(waitMs / 1000))} s (HTTP 429)`, {
      hint: 'look less often, or give liveproof an app of its own',
    });
  return {
    ask: async (request, signal) => {
      const limit = limitOf(request);
      const leftMs = (notBeforeMs.get(limit) ?? 0) - clock.monotonicMs();
      if (leftMs > 0) throw limited(leftMs);
      const answer = await exchange(request, signal).catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        throw new Fault('channel/unreachable', `${name} cannot be reached: ${reasonOf(error)}`, { hint: error.hint, cause: error });
      });
      if (answer.status !== 429) return answer;
      const waitMs = answer.retryAfterMs ?? usualPauseMs;
      notBeforeMs.set(limit, clock.monotonicMs() + waitMs);
      throw limited(waitMs);
    },
  };
}

/** Without the URL, whose query may hold what nobody else needs to see. */
function reasonOf(fault: Fault): string {
  return fault.cause instanceof Error ? fault.cause.message : fault.message;
}
