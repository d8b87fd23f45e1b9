import { expect, test } from 'vitest';
import { skewNote } from '../../src/stack/clocks.ts';
import { formatMeasured, gapsMs, median, newestMs } from '../../src/stack/samples.ts';

test('gaps lie between samples that follow each other', () => {
  expect(
    gapsMs({
      labels: {},
      samples: [
        [1_000, 1],
        [2_500, 'NaN'],
        [3_000, 1],
      ],
    }),
  ).toEqual([1_500, 500]);
  expect(gapsMs({ labels: {}, samples: [[1_000, 1]] })).toEqual([]);
  expect(gapsMs({ labels: {}, samples: [] })).toEqual([]);
});

test('the newest sample is that of all series', () => {
  expect(
    newestMs([
      {
        labels: {},
        samples: [
          [1, 1],
          [5, 1],
        ],
      },
      { labels: {}, samples: [[3, 1]] },
      { labels: {}, samples: [] },
    ]),
  ).toBe(5);
  expect(newestMs([])).toBeUndefined();
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], undefined],
])('the median of %j is %s', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test.each([
  [0, '0 ms'],
  [412.4, '412 ms'],
  [15_003, '15.0 s'],
  [59_940, '59.9 s'],
  [90_400, '1m30s'],
])('%d ms are shown as %s', (ms, shown) => {
  expect(formatMeasured(ms)).toBe(shown);
});

test('a difference between the clocks is told, in its direction, when it is more than the time of an answer', () => {
  expect(skewNote({ oursMs: 10_000, prometheusMs: 11_500 })).toBe('');
  expect(skewNote({ oursMs: 10_000, prometheusMs: 52_000 })).toContain('42.0 s ahead of ours');
  expect(skewNote({ oursMs: 52_000, prometheusMs: 10_000 })).toContain('42.0 s behind ours');
});
