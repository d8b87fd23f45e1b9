import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLiveWatchdog, type LiveWatchdog } from './watchdog/live.ts';

let live: LiveWatchdog;
beforeAll(async () => {
  live = await startLiveWatchdog();
});
afterAll(async () => await live.stop());

describe('a watchdog', () => {
  test('is proven when its silence is noticed outside, told, and over again', async () => {
    const { verdict } = await live.prove();
    expect(verdict).toMatchObject({ state: 'proven', grade: 'noticed' });
  });
});
