import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duration, formatDuration, parseDuration, timeLimit } from '../../src/base/duration.ts';

it.each([
  ['15s', 15_000],
  ['1h30m', 5_400_000],
  ['30d', 2_592_000_000],
  ['250ms', 250],
  ['1w', 604_800_000],
  ['0s', 0],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '15', '15 s', '5m1h', '-5s', '1.5h', '15sec'])('refuses %j', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it('takes no duration in configuration that no calendar holds', () => {
  expect(duration.safeParse('100y').success).toBe(true);
  expect(duration.safeParse('99999999999d').error?.issues).toEqual([
    expect.objectContaining({ message: '"99999999999d" is too long: at most 100y' }),
  ]);
});

it('takes no time limit that no timer holds', () => {
  expect(timeLimit.parse('24d')).toBe(2_073_600_000);
  expect(timeLimit.safeParse('25d').error?.issues).toEqual([expect.objectContaining({ message: 'a timer waits at most 24d' })]);
  expect(timeLimit.safeParse('soon').error?.issues).toHaveLength(1);
});

it('reads back whatever it writes', () => {
  fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms)) === ms));
});
