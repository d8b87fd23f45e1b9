import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import type { Inbox } from '../../wire/await-message.ts';

const mostKept = 1_000;
/** The longest event. */
const mostCharacters = 256 * 1024;

export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** The events of a body as they come; `wasTooMuch` tells whether the connection was ended because of what it brought. */
export function eventsOf(body: Readable, wasTooMuch: () => boolean): Inbox<StreamEvent> {
  const kept: StreamEvent[] = [];
  let count = 0;
  let isTooLong = false;
  let isClosed = false;
  let news = Promise.withResolvers<undefined>();
  const tell = (): void => {
    news.resolve(undefined);
    news = Promise.withResolvers();
  };
  const parser = createParser({
    maxBufferSize: mostCharacters,
    onEvent: ({ event = 'message', data }) => {
      count += 1;
      if (count <= mostKept) kept.push({ name: event, data });
    },
    // What is no field is to be ignored (HTML, 9.2.6).
    onError: ({ type }) => {
      isTooLong ||= type === 'max-buffer-size-exceeded';
    },
  });
  const decoder = new TextDecoder();
  const isFull = (): boolean => isTooLong || count > mostKept || wasTooMuch();
  const onEnd = (): void => {
    isClosed = true;
    tell();
  };
  body
    .on('data', (chunk: Buffer) => {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (isFull()) body.destroy();
      tell();
    })
    .on('end', onEnd)
    .on('close', onEnd)
    .on('error', onEnd);
  return {
    take: () => kept.shift(),
    isFull,
    isClosed: () => isClosed,
    next: async () => {
      await news.promise;
    },
  };
}
