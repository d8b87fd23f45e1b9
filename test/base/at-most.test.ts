import { describe, expect, it } from 'vitest';
import { atMost } from '../../src/base/at-most.ts';

const never = new AbortController().signal;

describe('work that is limited', () => {
  it('runs so many at a time, in the order in which it came', async () => {
    const inTurn = atMost(2);
    const ends = Array.from({ length: 4 }, () => Promise.withResolvers<undefined>());
    const begun: number[] = [];
    const all = ends.map(({ promise }, index) =>
      inTurn(never, async () => {
        begun.push(index);
        await promise;
        return index;
      }),
    );
    await Promise.resolve();
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve(undefined);
    await all[1];
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve(undefined);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('gives its place to the next when it fails', async () => {
    const inTurn = atMost(1);
    const failing = inTurn(never, () => Promise.reject(new Error('broken')));
    const after = inTurn(never, () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    expect(await after).toBe('done');
  });

  it('that is stopped while it waits never begins, and keeps nobody waiting', async () => {
    const inTurn = atMost(1);
    const end = Promise.withResolvers<undefined>();
    const first = inTurn(never, () => end.promise);
    const controller = new AbortController();
    let hasBegun = false;
    const stopped = inTurn(controller.signal, () => {
      hasBegun = true;
      return Promise.resolve();
    });
    const last = inTurn(never, () => Promise.resolve('last'));
    controller.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    end.resolve(undefined);
    await first;
    expect(await last).toBe('last');
    expect(hasBegun).toBe(false);
  });
});
