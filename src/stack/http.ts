import { request } from 'undici';
import { Fault, faultAt, type Place } from '../base/fault.ts';

/** A request as plain data, so that it can be written down and made later by somebody else. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as `application/json`. */
  readonly json?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** A server of the stack as the gate names it. */
export interface Server {
  /** What it is to people: `Prometheus`. */
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Where the gate file names it, for faults. */
  readonly place?: Place | undefined;
}

/** Answers larger than this are refused: a gate must not be brought down by what it questions. */
const largestAnswerBytes = 64 * 1024 * 1024;

/** Makes one request and reads the whole answer, whatever its status. Not reaching the server is a Fault. */
export async function exchange(wanted: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const body = wanted.json === undefined ? null : JSON.stringify(wanted.json);
  const headers = { ...(body === null ? {} : { 'content-type': 'application/json' }), ...wanted.headers };
  try {
    const answer = await request(wanted.url, { method: wanted.method, headers, body, signal, headersTimeout: 30_000, bodyTimeout: 30_000 });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestAnswerBytes) throw new Fault('stack/unexpected-answer', `${wanted.url} answered with more than 64 MiB`);
      chunks.push(chunk);
    }
    return { status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) throw error;
    throw new Fault('stack/unreachable', `${wanted.method} ${wanted.url} got no answer: ${reasonOf(error)}`, { cause: error });
  }
}

/** Asks a server of the stack and parses its JSON answer. Anything but 2xx with JSON is a Fault that stands where the gate names the server. */
export async function askJson(server: Server, wanted: Omit<HttpRequest, 'url'> & { readonly path: string }, signal: AbortSignal): Promise<unknown> {
  const url = `${server.url}${wanted.path}`;
  const headers = { ...wanted.headers, ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }) };
  try {
    const answer = await exchange({ method: wanted.method, url, headers, json: wanted.json }, signal);
    return readJson(server, url, answer);
  } catch (error) {
    if (error instanceof Fault && error.code === 'stack/unreachable') {
      throw new Fault('stack/unreachable', `${server.name} at ${server.url} cannot be reached: ${reasonOf(error.cause)}`, {
        hint: `is it running, and can this machine reach it? try: curl ${url}`,
        place: server.place,
        cause: error.cause,
      });
    }
    throw error instanceof Fault ? faultAt(error, server.place) : error;
  }
}

function readJson(server: Server, url: string, answer: HttpAnswer): unknown {
  if (answer.status === 401 || answer.status === 403) {
    throw new Fault('stack/unauthorized', `${server.name} at ${server.url} refused us with HTTP ${String(answer.status)}`, {
      hint: server.token === undefined ? 'give it a token' : 'check the token',
    });
  }
  if (answer.status < 200 || answer.status > 299) {
    throw new Fault('stack/unexpected-answer', `${server.name} answered ${url} with HTTP ${String(answer.status)}: ${excerpt(answer.text)}`);
  }
  try {
    return answer.text === '' ? undefined : (JSON.parse(answer.text) as unknown);
  } catch (error) {
    throw new Fault('stack/unexpected-answer', `${server.name} answered ${url} with something that is not JSON: ${excerpt(answer.text)}`, {
      hint: `is ${server.url} really ${server.name}?`,
      cause: error,
    });
  }
}

function excerpt(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
