import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration } from '../../../src/base/duration.ts';
import { formatBytes, parseRetention } from '../../../src/proofs/retention/limits.ts';

/** As Prometheus 2.42 printed them for flags given to it. */
test.each([
  ['15d', { timeMs: 1_296_000_000 }],
  ['1y', { timeMs: 31_536_000_000 }],
  ['4d4h', { timeMs: 360_000_000 }],
  ['512MiB', { bytes: 536_870_912 }],
  ['30d or 512MiB', { timeMs: 2_592_000_000, bytes: 536_870_912 }],
  ['400d or 1GiB476MiB', { timeMs: 34_560_000_000, bytes: 1_572_864_000 }],
  ['953MiB690KiB513B', { bytes: 1_000_000_001 }],
  ['30d or 1TiB or 80%', { timeMs: 2_592_000_000, bytes: 2 ** 40, percentOfDisk: 80 }],
])('%s is read', (text, limits) => {
  expect(parseRetention(text)).toEqual({ ...limits, unreadable: [] });
});

test.each([
  ['', ['']],
  ['for ever', ['for ever']],
  ['30d or so', ['so']],
  ['30d or 1.5GiB', ['1.5GiB']],
  ['30d and 5GB', ['30d and 5GB']],
])('%j is reported as unreadable', (text, unreadable) => {
  expect(parseRetention(text).unreadable).toEqual(unreadable);
});

const units = ['EiB', 'PiB', 'TiB', 'GiB', 'MiB', 'KiB', 'B'];

/** As Prometheus' library prints sizes: the largest unit first, none that is 0. */
function printed(bytes: bigint): string {
  let left = bytes;
  return units
    .map((unit, index) => {
      const size = 1024n ** BigInt(units.length - 1 - index);
      const count = left / size;
      left %= size;
      return count === 0n ? '' : `${String(count)}${unit}`;
    })
    .join('');
}

test('every pair of limits that Prometheus prints is read back', () => {
  const time = fc.integer({ min: 1, max: 200 * 365 * 86_400_000 });
  const size = fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) });
  fc.assert(
    fc.property(time, size, (timeMs, bytes) => {
      expect(parseRetention(`${formatDuration(timeMs)} or ${printed(bytes)}`)).toEqual({ timeMs, bytes: Number(bytes), unreadable: [] });
    }),
  );
});

test('any other text is either read or reported, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,3}[a-zA-Z%]{1,3}( or [0-9a-zA-Z%]{1,6})?$/)), (text) => {
      const { unreadable, ...limits } = parseRetention(text);
      expect(unreadable.length + Object.keys(limits).length).toBeGreaterThan(0);
    }),
  );
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [536_870_912, '512 MiB'],
  [684_288_000, '652.6 MiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
])('%d bytes are shown as %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});
