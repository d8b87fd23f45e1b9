import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createPool, type Pooled } from '../../../src/probes/browser/pool.ts';
import { waitUntil } from '../../sandbox/wait-until.ts';

function things() {
  const log: string[] = [];
  const open =
    (name: string, isFit = true) =>
    async (): Promise<Pooled> => {
      log.push(`open ${name}`);
      return Promise.resolve({
        isFit: () => isFit,
        close: () => {
          log.push(`close ${name}`);
          return Promise.resolve();
        },
      });
    };
  return { log, open };
}
const limits = { mostIdle: 2, idleMs: 60_000 };

it('gives what came back to the next run of the same key, and to no other', async () => {
  const { log, open } = things();
  await using pool = createPool<Pooled>(limits);
  const a = await pool.take('a', open('a'));
  await pool.give('a', a);
  expect(await pool.take('b', open('b'))).not.toBe(a);
  expect(await pool.take('a', open('another a'))).toBe(a);
  expect(log).toEqual(['open a', 'open b']);
});

it('runs at the same time have one each', async () => {
  const { log, open } = things();
  await using pool = createPool<Pooled>(limits);
  await Promise.all([pool.take('a', open('1')), pool.take('a', open('2'))]);
  expect(log).toEqual(['open 1', 'open 2']);
});

it('closes what is not fit, what has waited longest, and all when it is over', async () => {
  const { log, open } = things();
  const pool = createPool<Pooled>(limits);
  for (const name of ['a', 'b', 'c']) await pool.give(name, await pool.take(name, open(name)));
  expect(log.splice(0)).toEqual(['open a', 'open b', 'open c', 'close a']);
  await pool.give('d', await pool.take('d', open('d', false)));
  expect(log.splice(0)).toEqual(['open d', 'close d']);
  const late = await pool.take('e', open('e'));
  await pool[Symbol.asyncDispose]();
  expect(log.splice(0).toSorted()).toEqual(['close b', 'close c', 'open e']);
  await pool.give('e', late);
  expect(log).toEqual(['close e']);
});

it('closes what nobody wants any more', async () => {
  const { log, open } = things();
  await using pool = createPool<Pooled>({ mostIdle: 2, idleMs: 1 });
  const closed = Promise.withResolvers<undefined>();
  const item = { ...(await open('a')()), close: () => Promise.resolve(closed.resolve(undefined)) };
  await pool.give('a', item);
  // The timer does not keep a process alive, so something else has to.
  const alive = setInterval(() => undefined, 1_000);
  await closed.promise;
  clearInterval(alive);
  expect(log).toEqual(['open a']);
});

it('goes on when something does not close, and says so when it is over', async () => {
  const { log, open } = things();
  const pool = createPool<Pooled>({ mostIdle: 1, idleMs: 1 });
  const failing = {
    isFit: vi.fn<() => boolean>(() => true),
    close: vi.fn<() => Promise<void>>(() => Promise.reject(new Error('the folder is busy'))),
  };
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on('unhandledRejection', note);
  await pool.give('a', failing);
  // Nobody is to get it: not the run that finds it unfit, not the one that pushes it out, not the timer.
  failing.isFit.mockReturnValue(false);
  await pool.give('b', await pool.take('a', open('b')));
  await pool.give('a', failing);
  failing.isFit.mockReturnValue(true);
  await pool.give('a', failing);
  await waitUntil('the timer has closed it', () => failing.close.mock.calls.length === 3);
  // By then Node has told what nobody has caught.
  await setImmediate();
  process.off('unhandledRejection', note);
  expect(uncaught).toEqual([]);
  expect(log).toEqual(['open b', 'close b']);
  await expect(pool[Symbol.asyncDispose]()).rejects.toThrow('the folder is busy');
});
