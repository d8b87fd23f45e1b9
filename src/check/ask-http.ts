import { request, type Dispatcher } from 'undici';
import { ranOutOfTime } from '../base/abortable.ts';
import type { Clock } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import { networkTroubleOf, type NetworkTrouble } from './network-trouble.ts';

export interface HttpQuestion {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpTerms {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For the whole exchange. */
  readonly withinMs: number;
  /** More of an answer is not read. */
  readonly mostBytes: number;
}

export interface HttpSaid {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
  /** Only the beginning of the answer was read. */
  readonly truncated: boolean;
  readonly durationMs: number;
}

/**
 * Asks once and reads the answer up to its bound, as it is: nothing is unpacked, no redirect is followed. Trouble of the
 * network is a value; rejects only when somebody stops the run.
 */
export async function askHttp(question: HttpQuestion, terms: HttpTerms): Promise<HttpSaid | { readonly trouble: NetworkTrouble }> {
  const { clock, signal, withinMs, mostBytes, dispatcher } = terms;
  const timeout = AbortSignal.timeout(Math.ceil(withinMs));
  const startedMs = clock.monotonicMs();
  try {
    const answer = await request(question.url, {
      method: question.method,
      headers: { 'user-agent': 'liveproof', 'accept-encoding': 'identity', ...question.headers },
      body: question.body ?? null,
      dispatcher,
      signal: AbortSignal.any([signal, timeout]),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Leaving the loop early destroys the body and, with it, the connection.
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) break;
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'),
      truncated: bytes > mostBytes,
      durationMs: clock.monotonicMs() - startedMs,
    };
  } catch (error) {
    if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
    if (signal.aborted) return { trouble: { kind: 'timed-out', says: 'no whole answer before the time of the check was up' } };
    if (timeout.aborted) return { trouble: { kind: 'timed-out', says: `no whole answer within ${formatDuration(withinMs)}` } };
    const message = error instanceof Error ? error.message : String(error);
    return { trouble: networkTroubleOf(error) ?? { kind: 'not-http', says: message } };
  }
}
