import type { Duplex } from 'node:stream';

/** What a connection has brought and nobody has read yet, as text, up to a bound. */
export interface Incoming extends Disposable {
  /** What came so far and was not taken. */
  text(): string;
  /** Takes away so many characters from its beginning. */
  take(length: number): void;
  /** Whether more came than is kept; the connection is not read any further then. */
  isFull(): boolean;
  isClosed(): boolean;
  /** Why it was closed, when it was not closed in order. */
  error(): Error | undefined;
  /** Resolves when something came, or when nothing will come any more. */
  next(): Promise<void>;
}

/** In latin1 every byte is one character, for protocols that count bytes. */
export function incoming(stream: Duplex, mostBytes: number, encoding: 'utf-8' | 'latin1' = 'utf-8'): Incoming {
  const decoder = new TextDecoder(encoding);
  let kept = '';
  let bytes = 0;
  let closed = false;
  let wrong: Error | undefined;
  let news = Promise.withResolvers<undefined>();
  const tell = (): void => {
    news.resolve(undefined);
    news = Promise.withResolvers();
  };
  const onData = (chunk: Buffer): void => {
    kept += decoder.decode(chunk.subarray(0, Math.max(0, mostBytes - bytes)), { stream: true });
    bytes += chunk.length;
    if (bytes > mostBytes) stream.pause();
    tell();
  };
  const onEnd = (): void => {
    closed = true;
    tell();
  };
  const onError = (error: Error): void => {
    wrong ??= error;
    onEnd();
  };
  stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
  return {
    text: () => kept,
    take: (length) => {
      kept = kept.slice(length);
    },
    isFull: () => bytes > mostBytes,
    isClosed: () => closed,
    error: () => wrong,
    next: async () => {
      await news.promise;
    },
    [Symbol.dispose]: () => {
      stream.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
    },
  };
}
