import { request } from 'undici';
import type { Acceptance, TestMessage } from '../../alert/channel.ts';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';

const answerWithinMs = 10_000;

/** Posts the message; any answer but 2xx refuses it, and no answer is a Fault. Redirects are not followed, as Alertmanager follows none. */
export async function postMessage(url: string, message: TestMessage, clock: Clock, signal: AbortSignal): Promise<Acceptance> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'liveproof' },
      body: JSON.stringify({ source: 'liveproof', ...message }),
      signal: own,
      reset: true,
    });
    await answer.body.dump({ limit: 64 * 1024, signal: own });
    const accepted = answer.statusCode >= 200 && answer.statusCode <= 299;
    return { accepted, answer: `HTTP ${String(answer.statusCode)}`, at: clock.now().toISOString() };
  } catch (error) {
    signal.throwIfAborted();
    throw new Fault(
      'channel/unreachable',
      `the webhook ${withoutQuery(url)} gives no answer: ${own.aborted ? 'not within 10 s' : reasonOf(error)}`,
      {
        hint: 'does "url" lead to the address in "listen", and can this machine reach it?',
        cause: error,
      },
    );
  }
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? url;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
