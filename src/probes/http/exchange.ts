import { request, type Dispatcher } from 'undici';
import type { Clock } from '../../base/clock.ts';

/** More of an answer is not read: a check must not be brought down by its target. */
const largestBodyBytes = 1024 * 1024;

export interface RawRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** Makes one request and reads the answer up to its bound. Redirects are answers. Rejects as undici does. */
export async function exchangeOnce(wanted: RawRequest, dispatcher: Dispatcher, clock: Clock, signal: AbortSignal): Promise<RawAnswer> {
  const startedMs = clock.monotonicMs();
  const sinceStart = (): number => clock.monotonicMs() - startedMs;
  const answer = await request(wanted.url, { method: wanted.method, headers: wanted.headers, body: wanted.body, dispatcher, signal });
  const firstByteMs = sinceStart();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the body and, with it, the connection.
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > largestBodyBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, largestBodyBytes);
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body,
    truncated: bytes > largestBodyBytes,
    firstByteMs,
    totalMs: sinceStart(),
  };
}
