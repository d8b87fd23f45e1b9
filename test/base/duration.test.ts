import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/base/duration.ts';

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

it('reads back whatever it writes', () => {
  fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms)) === ms));
});
