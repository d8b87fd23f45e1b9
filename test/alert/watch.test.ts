import { expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { watch } from '../../src/alert/watch.ts';
import { Fault } from '../../src/base/fault.ts';

const channel: Channel = {
  name: 'oncall',
  kind: 'slack',
  readBackEveryMs: 1_000,
  send: () => Promise.reject(new Error('nothing is sent')),
  readBack: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};

/** Every look takes 100 ms. */
function context() {
  let nowMs = 0;
  const passes = (ms: number): void => void (nowMs += ms);
  const clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms: number) => Promise.resolve(passes(ms)),
  };
  return { clock, passes, signal: new AbortController().signal };
}

function looks(...results: readonly (string | undefined | Fault)[]) {
  const left = [...results];
  const inside = context();
  const look = (): Promise<string | undefined> => {
    inside.passes(100);
    const next = left.shift();
    return next instanceof Fault ? Promise.reject(next) : Promise.resolve(next);
  };
  return watch(channel, inside, 10_000, look);
}

const unreachable = new Fault('channel/unreachable', 'nobody answers');

it('what is found came in after the last look that did not find it had begun', async () => {
  await expect(looks(undefined, undefined, 'here')).resolves.toStrictEqual({ seen: 'here', newForMs: 1_200 });
});

it('what the first look finds came in since the watch began', async () => {
  await expect(looks('here')).resolves.toStrictEqual({ seen: 'here', newForMs: 100 });
});

it('a look that failed did not show that nothing was there', async () => {
  await expect(looks(undefined, unreachable, 'here')).resolves.toStrictEqual({ seen: 'here', newForMs: 2_300 });
});

it('nothing in time is told with the last trouble', async () => {
  await expect(looks(...Array.from({ length: 20 }, () => unreachable))).resolves.toMatchObject({
    trouble: { code: 'channel/unreachable' },
  });
});
