import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { collectBody } from './body.ts';

export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress, zstd: createZstdDecompress };

export function isEncoding(name: string): name is Encoding {
  return Object.hasOwn(decoders, name);
}

/**
 * Reads at most so much of what was compressed: a thousand bytes can stand for a million. `isPart` says that the end was cut off;
 * otherwise what is cut short is an error, as is what was never compressed so.
 */
export async function decompress(
  compressed: Buffer,
  encoding: Encoding,
  { mostBytes, isPart, signal }: { readonly mostBytes: number; readonly isPart: boolean; readonly signal: AbortSignal },
): Promise<{ readonly body: Buffer; readonly truncated: boolean }> {
  const body = collectBody(mostBytes);
  const decoder = decoders[encoding]();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  decoder.on('data', (piece: Buffer) => {
    body.add(piece);
    if (body.truncated) resolve(undefined);
  });
  decoder.on('end', () => resolve(undefined));
  decoder.on('error', (error: Error) => (isPart ? resolve(undefined) : reject(error)));
  decoder.end(compressed);
  try {
    signal.throwIfAborted();
    await promise;
    return { body: body.whole(), truncated: body.truncated || isPart };
  } finally {
    signal.removeEventListener('abort', stop);
    decoder.destroy();
  }
}
