import type { WebSocket } from 'undici';
import type { Inbox } from '../../wire/await-message.ts';

const mostKept = 1_000;

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export interface Messages extends Inbox<string> {
  closing(): Closing | undefined;
  /** Whether it was ever open: it may be over already when somebody asks. */
  wasOpened(): boolean;
}

/** `wasTooMuch` tells whether it was closed because of that. */
export function messagesOf(socket: WebSocket, wasTooMuch: () => boolean): Messages {
  const kept: string[] = [];
  let count = 0;
  let closing: Closing | undefined;
  let wasOpened = false;
  let news = Promise.withResolvers<undefined>();
  const tell = (): void => {
    news.resolve(undefined);
    news = Promise.withResolvers();
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    wasOpened = true;
    tell();
  });
  // An error is always followed by a close, which says more.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    count += 1;
    if (count > mostKept) socket.close(1000);
    else kept.push(typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer));
    tell();
  });
  socket.addEventListener('close', ({ code, reason }) => {
    closing = { code, reason };
    tell();
  });
  return {
    take: () => kept.shift(),
    isFull: () => count > mostKept || wasTooMuch(),
    closing: () => closing,
    isClosed: () => closing !== undefined,
    wasOpened: () => wasOpened,
    next: async () => {
      await news.promise;
    },
  };
}
