import { decoded } from './decoded.ts';
import { Fault } from './fault.ts';

/** A request as plain data, so that it can be written down and made later by somebody else. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent as it stands, with a content type among the headers; instead of `json`. */
  readonly text?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** The `content-type` header; empty when there is none. */
  readonly contentType: string;
  /** How long the server asks to be left alone: its `retry-after` header in seconds, with 429 and 503; PagerDuty calls it `ratelimit-reset`. */
  readonly retryAfterMs?: number | undefined;
  readonly text: string;
}

/** Answers larger than this are refused: a gate must not be brought down by what it questions. */
const largestAnswerBytes = 64 * 1024 * 1024;

/** Time for one whole exchange: a server that sends one byte a second would otherwise hold us for ever. */
const longestExchangeMs = 30_000;

/** Makes one request and reads the whole answer, whatever its status. Not reaching the server, or not within the time, is a Fault. */
export async function exchange(wanted: HttpRequest, signal: AbortSignal, withinMs = longestExchangeMs): Promise<HttpAnswer> {
  const body = wanted.json === undefined ? (wanted.text ?? null) : JSON.stringify(wanted.json);
  const headers = { ...(wanted.json === undefined ? {} : { 'content-type': 'application/json' }), ...wanted.headers };
  const timeout = AbortSignal.timeout(withinMs);
  const { url, authorization } = withoutCredentials(wanted.url);
  // Loaded when something is asked for: what only judges again, as `verify` does, never asks.
  const { request } = await import('undici');
  try {
    const answer = await request(url, {
      method: wanted.method,
      headers: { ...authorization, ...headers },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestAnswerBytes) throw new Fault('stack/unexpected-answer', `${url} answered with more than 64 MiB`);
      chunks.push(chunk);
    }
    return {
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      retryAfterMs: retryAfterMs(
        answer.headers['retry-after'] ?? (answer.statusCode === 429 ? answer.headers['ratelimit-reset'] : undefined),
      ),
      text: Buffer.concat(chunks).toString('utf8'),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) throw error;
    const reason = timeout.aborted ? `no complete answer within ${String(withinMs / 1000)} s` : reasonOf(error);
    throw new Fault('stack/unreachable', `${wanted.method} ${url} got no answer: ${reason}`, {
      cause: new Error(reason, { cause: error }),
    });
  }
}

/** Dates, which the header also allows, are sent by none of the systems that we ask. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Credentials in a URL (`http://user:password@host`) become a header, so that no message can hold them. */
export function withoutCredentials(text: string): { readonly url: string; readonly authorization: { readonly authorization?: string } } {
  const parsed = text.includes('@') ? URL.parse(text) : null;
  if (parsed === null || (parsed.username === '' && parsed.password === '')) return { url: text, authorization: {} };
  const { username, password } = parsed;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { url: text.replace(/\/\/[^/?#]*@/, '//'), authorization: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** Why nothing was answered, in the words of whoever failed first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
