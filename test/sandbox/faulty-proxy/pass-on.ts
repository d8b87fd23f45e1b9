import type { IncomingMessage } from 'node:http';
import { request, type Dispatcher } from 'undici';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** Asks `target` what we were asked. When nobody answers there, that is a 503, as behind any load balancer. */
export async function passOn(dispatcher: Dispatcher, target: string, asked: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk as Buffer);
  try {
    const answer = await request(`${target}${asked.url ?? '/'}`, {
      method: asked.method ?? 'GET',
      dispatcher,
      // Compressed answers could not be changed.
      headers: { ...endToEnd(asked.headers), 'accept-encoding': 'identity' },
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
    });
    return { status: answer.statusCode, headers: endToEnd(answer.headers), body: Buffer.from(await answer.body.arrayBuffer()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 503, headers: { 'content-type': 'text/plain' }, body: Buffer.from(`nobody answers at ${target}: ${reason}`) };
  }
}

/** Headers of one connection (RFC 9110, section 7.6.1), and those that depend on the body. */
const perHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'content-length',
  'accept-encoding',
  'expect',
]);

function endToEnd(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && !perHop.has(entry[0]),
  );
  return Object.fromEntries(kept);
}
