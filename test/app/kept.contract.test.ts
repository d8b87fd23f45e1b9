import { describe, expect, it } from 'vitest';
import { keepParts, type KeptEvent } from '../../src/app/kept.ts';
import { systemClock } from '../../src/base/clock.ts';

function parts(options: { readonly openWithinMs?: number; readonly closeWithinMs?: number } = {}) {
  const events: KeptEvent[] = [];
  const kept = keepParts({ clock: systemClock, tell: (event) => events.push(event), ...options });
  return { kept, types: () => events.map(({ type }) => type), events };
}

function part(name: string, closed: string[]): AsyncDisposable & { readonly name: string } {
  return { name, [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(name)) };
}

describe('what is kept between runs', () => {
  it('is opened once, also for those who ask at the same time, and closed at the end', async () => {
    const { kept, types } = parts();
    const closed: string[] = [];
    let opened = 0;
    const open = () => Promise.resolve(part(`browser ${String((opened += 1))}`, closed));
    const [one, other] = await Promise.all([kept.get('browser', open), kept.get('browser', open)]);
    expect(one).toBe(other);
    expect(await kept.get('browser', open)).toBe(one);
    expect(kept.open()).toEqual({ browser: 1 });
    await kept[Symbol.asyncDispose]();
    expect(closed).toEqual(['browser 1']);
    expect(kept.open()).toEqual({});
    expect(types()).toEqual(['opened', 'closed']);
  });

  it('is opened anew after it was dropped', async () => {
    const { kept } = parts();
    const closed: string[] = [];
    await kept.get('browser', () => Promise.resolve(part('first', closed)));
    await kept.drop('browser');
    expect(closed).toEqual(['first']);
    const second = await kept.get('browser', () => Promise.resolve(part('second', closed)));
    expect(second.name).toBe('second');
    await kept[Symbol.asyncDispose]();
  });

  it('is tried again by the next run when it could not be opened', async () => {
    const { kept, events } = parts();
    await expect(kept.get('browser', () => Promise.reject(new Error('no Chromium')))).rejects.toThrow('no Chromium');
    const second = await kept.get('browser', () => Promise.resolve(part('second', [])));
    expect(second.name).toBe('second');
    expect(events).toEqual([
      { type: 'not-opened', part: 'browser', because: 'no Chromium' },
      { type: 'opened', part: 'browser' },
    ]);
    await kept[Symbol.asyncDispose]();
  });

  it('is given up when it does not open in time, and closed when it comes after all', async () => {
    const { kept } = parts({ openWithinMs: 20 });
    const late = Promise.withResolvers<AsyncDisposable>();
    const isClosed = Promise.withResolvers<void>();
    await expect(kept.get('browser', () => late.promise)).rejects.toThrow('the kept browser did not open within 0.02 s');
    const second = await kept.get('browser', () => Promise.resolve(part('second', [])));
    late.resolve({ [Symbol.asyncDispose]: () => Promise.resolve(isClosed.resolve()) });
    await isClosed.promise;
    expect(await kept.get('browser', () => Promise.reject(new Error('not asked')))).toBe(second);
    await kept[Symbol.asyncDispose]();
  });

  it('is closed when it was dropped while it was being opened', async () => {
    const { kept } = parts();
    const coming = Promise.withResolvers<AsyncDisposable>();
    const isClosed = Promise.withResolvers<void>();
    const asked = kept.get('browser', () => coming.promise);
    await kept.drop('browser');
    coming.resolve({ [Symbol.asyncDispose]: () => Promise.resolve(isClosed.resolve()) });
    await asked;
    await isClosed.promise;
    expect(kept.open()).toEqual({});
    await kept[Symbol.asyncDispose]();
  });

  it('does not keep the end from coming when it never closes, and that is told', async () => {
    const { kept, events } = parts({ closeWithinMs: 20 });
    await kept.get('browser', () => Promise.resolve({ [Symbol.asyncDispose]: () => new Promise<void>(() => undefined) }));
    await kept[Symbol.asyncDispose]();
    expect(events.at(-1)).toEqual({ type: 'not-closed', part: 'browser', because: 'did not close within 0.02 s' });
  });

  it('is not opened any more when the run is over', async () => {
    const { kept } = parts();
    await kept[Symbol.asyncDispose]();
    await expect(kept.get('browser', () => Promise.resolve(part('late', [])))).rejects.toThrow('the run is over');
  });
});
