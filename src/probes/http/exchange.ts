import type { Dispatcher } from 'undici';
import { ranOutOfTime } from '../../base/abortable.ts';
import { collectBody } from './body.ts';
import type { Line } from './line.ts';
import type { Phase } from './watch.ts';

export interface RawRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  readonly truncated: boolean;
}

export interface Bounds {
  readonly mostBytes: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** A server may say "not yet" a few times before it answers; one that says nothing else is broken. */
const mostInterimAnswers = 100;

/** Time was up; the message says how far the exchange had come. */
export class TooSlow extends Error {
  readonly phase: Phase;
  /** By how much we ourselves came too late to see whether it was. */
  readonly heldUpMs: number;
  constructor(phase: Phase, progress: string, heldUpMs: number) {
    super(progress);
    this.phase = phase;
    this.heldUpMs = heldUpMs;
  }
}

/** More headers, or more answers before the answer, than anything that means well sends. */
export class NotHttp extends Error {}

/** Makes one request and reads the answer up to its bound. Redirects are answers. Rejects as undici does, with TooSlow, or with the signal's reason. */
export function exchangeOnce(wanted: RawRequest, line: Line, { mostBytes, limitMs, signal }: Bounds): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const { watch } = line;
  const body = collectBody(mostBytes);
  let answer: Pick<RawAnswer, 'status' | 'headers'> | undefined;
  let interim = 0;
  let settled = false;
  const settle = (): boolean => {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    return true;
  };
  const give = (truncated: boolean): void => {
    watch.stop();
    if (settle() && answer !== undefined) resolve({ ...answer, body: body.whole(), truncated });
  };
  const fail = (error: Error): void => {
    watch.giveUp();
    if (!settle()) return;
    reject(error);
    line.close(error);
  };
  const endsMs = watch.nowMs() + limitMs;
  const tooSlow = (heldUpMs = 0): void => fail(new TooSlow(line.watch.phase, progressOf(line, answer !== undefined, body.bytes), heldUpMs));
  const stop = (): void => (ranOutOfTime(signal) ? tooSlow() : fail(signal.reason as Error));
  // What arrived while we were busy is seen to after the timers.
  const timeUp = (): void => void setImmediate(tooSlow, watch.nowMs() - endsMs);
  const timer = setTimeout(timeUp, Math.ceil(limitMs));
  signal.addEventListener('abort', stop, { once: true });
  watch.begin('wait');
  line.client.dispatch(
    { path: `${wanted.url.pathname}${wanted.url.search}`, method: wanted.method, headers: wanted.headers, body: wanted.body },
    {
      onRequestStart: () => undefined,
      onResponseStarted: () => {
        if (watch.phase === 'wait') watch.next('transfer');
      },
      onResponseStart: (_controller, status, headers) => {
        if (status >= 200) answer = { status, headers };
        else if ((interim += 1) > mostInterimAnswers)
          fail(new NotHttp(`more than ${String(mostInterimAnswers)} answers with status 1xx and no other`));
      },
      onResponseData: (_controller, piece) => {
        body.add(piece);
        if (!body.truncated) return;
        give(true);
        line.close();
      },
      onResponseEnd: () => {
        give(false);
        if (!line.kept) line.close();
      },
      onResponseError: (_controller, error) => fail(error),
    },
  );
  if (signal.aborted) stop();
  return promise;
}

function progressOf({ watch }: Line, hasHeaders: boolean, bytes: number): string {
  switch (watch.phase) {
    case 'dns':
      return 'the resolver gave no address';
    case 'connect':
      return 'no connection';
    case 'tls':
      return 'connected, and no TLS handshake';
    case 'wait':
      return 'connected, and not a byte came';
    case 'transfer':
      return hasHeaders ? `the headers came, and ${String(bytes)} bytes of the body` : 'the headers began to come';
  }
}
