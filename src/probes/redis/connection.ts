import type { Duplex } from 'node:stream';
import { abortable } from '../../base/abortable.ts';
import { excerptOf } from '../../wire/excerpt.ts';
import { incoming } from '../../wire/incoming.ts';
import { ExchangeError } from '../../wire/trouble.ts';
import { commandOf, firstReply, type Reply } from './reply.ts';

/** More in a whole run is more than any answer to our questions. */
const mostBytes = 256 * 1024;

/** Sends a command and gives its reply; a reply that is an error is thrown. */
export type Say = (...words: readonly string[]) => Promise<Exclude<Reply, { type: 'error' }>>;

export interface Conversation extends Disposable {
  readonly say: Say;
}

export function converse(stream: Duplex, signal: AbortSignal): Conversation {
  const inbox = incoming(stream, mostBytes, 'latin1');
  const next = async (): Promise<Reply> => {
    for (;;) {
      const found = firstReply(inbox.text(), mostBytes);
      if (found !== undefined) {
        inbox.take(found.end);
        return found.reply;
      }
      if (inbox.isFull()) throw new ExchangeError('too-much', `more than ${String(mostBytes)} bytes`);
      if (inbox.isClosed()) throw inbox.error() ?? new ExchangeError('closed', 'without a whole answer');
      await abortable(inbox.next(), signal);
    }
  };
  const say: Say = async (...words) => {
    stream.write(commandOf(words));
    const reply = await next();
    if (reply.type !== 'error') return reply;
    const isDenied = /^(NOAUTH|WRONGPASS|NOPERM|DENIED|ERR (invalid password|AUTH))/.test(reply.text);
    throw new ExchangeError(isDenied ? 'denied' : 'failed', excerptOf(reply.text));
  };
  return { say, [Symbol.dispose]: () => inbox[Symbol.dispose]() };
}
