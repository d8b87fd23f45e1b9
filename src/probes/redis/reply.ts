import { ExchangeError } from '../../wire/trouble.ts';
import { excerptOf } from '../../wire/excerpt.ts';

/** An answer in Redis' protocol (RESP2), of the kinds that our questions get. */
export type Reply = { readonly type: 'text' | 'error'; readonly text: string } | { readonly type: 'nothing' };

const longestShown = 100;

/** Writes a command as servers expect it from clients: a list of texts with their lengths in bytes. */
export function commandOf(words: readonly string[]): string {
  return `*${String(words.length)}\r\n${words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`).join('')}`;
}

/** The first reply in `text`, of which every character is one byte, and where it ends; undefined when it is not complete. */
export function firstReply(text: string, mostBytes: number): { readonly reply: Reply; readonly end: number } | undefined {
  const [kind] = text;
  if (kind === undefined) return undefined;
  const lineEnd = text.indexOf('\r\n');
  if (!'+-:$'.includes(kind)) {
    // The rest of a line that is still on its way is as good as cut away.
    const came = lineEnd === -1 ? `${text}…` : text.slice(0, lineEnd);
    throw new ExchangeError('protocol', `no Redis: ${JSON.stringify(excerptOf(came, longestShown))}`);
  }
  if (lineEnd === -1) return undefined;
  const line = text.slice(1, lineEnd);
  const end = lineEnd + 2;
  if (kind !== '$') return { reply: { type: kind === '-' ? 'error' : 'text', text: line }, end };
  if (line === '-1') return { reply: { type: 'nothing' }, end };
  if (!/^\d{1,15}$/.test(line)) throw new ExchangeError('protocol', `no length: ${JSON.stringify(excerptOf(line, longestShown))}`);
  const length = Number(line);
  if (length > mostBytes) throw new ExchangeError('too-much', `an answer of ${line} bytes`);
  if (text.length < end + length + 2) return undefined;
  return { reply: { type: 'text', text: text.slice(end, end + length) }, end: end + length + 2 };
}
