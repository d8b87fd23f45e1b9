import { abortable } from './abortable.ts';

/** Runs work with the others that go through the same gate, so many at a time; the rest waits its turn, first come, first served. */
export type InTurn = <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>;

export function atMost(limit: number): InTurn {
  let running = 0;
  const waiting: (() => void)[] = [];
  const next = (): void => {
    while (running < limit) {
      const start = waiting.shift();
      if (start === undefined) return;
      running += 1;
      start();
    }
  };
  return async (signal, work) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const begin = (): void => resolve(undefined);
    waiting.push(begin);
    next();
    try {
      await abortable(promise, signal);
    } catch (error) {
      const place = waiting.indexOf(begin);
      // Its turn may have come in the same moment: then it goes to the next one.
      if (place >= 0) waiting.splice(place, 1);
      else {
        running -= 1;
        next();
      }
      throw error;
    }
    try {
      return await work();
    } finally {
      running -= 1;
      next();
    }
  };
}
