import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../src/stack/board-server/frames.ts';

const frame = (times: readonly number[], values: readonly (number | null)[], interval?: number) => ({
  schema: { fields: [{ type: 'time', ...(interval === undefined ? {} : { config: { interval } }) }, { type: 'number' }] },
  data: { values: [[...times], [...values]] },
});

describe('data frames', () => {
  it('tell how many numbers there are, the newest of them and its time', () => {
    expect(readFrames([frame([1_000, 2_000, 3_000], [1, 5, null]), frame([1_000], [2])])).toEqual({
      values: 3,
      newestMs: 2_000,
      newestValue: 5,
      stepMs: 1_000,
    });
    expect(readFrames([frame([1_000], [7], 15_000)])).toEqual({ values: 1, newestMs: 1_000, newestValue: 7, stepMs: 15_000 });
  });

  it('without fields or numbers tell of none', () => {
    expect(readFrames([])).toEqual({ values: 0 });
    expect(readFrames([{ schema: { fields: [] }, data: { values: [] } }])).toEqual({ values: 0 });
    expect(readFrames([frame([1_000], [null])])).toEqual({ values: 0 });
  });

  it('without a schema have times first', () => {
    expect(readFrames([{ data: { values: [[5], [1]] } }])).toEqual({ values: 1, newestMs: 5, newestValue: 1 });
  });

  it('of tables take no text for a number', () => {
    const schema = { fields: [{ type: 'time' }, { type: 'string' }, { type: 'number' }] };
    expect(readFrames([{ schema, data: { values: [[5], ['9'], [1]] } }])).toMatchObject({ values: 1, newestValue: 1 });
  });
});
