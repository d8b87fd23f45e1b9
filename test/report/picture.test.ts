import { expect, it } from 'vitest';
import { pictureOf } from '../../src/report/picture.ts';
import { png } from '../reporters/rich.ts';

it('knows a picture by its own first bytes, and its size', () => {
  expect(pictureOf(png(640, 360))).toEqual({ widthPx: 640, heightPx: 360 });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('a picture of the hall, in words only')],
  ['one that was cut off', png(640, 360).subarray(0, 20)],
  ['one without a header', Buffer.concat([png(4, 4).subarray(0, 12), Buffer.from('IDAT'), Buffer.alloc(20)])],
  ['one without a width', png(0, 4)],
  ['one larger than any screen', png(4, 4).fill(0xff, 16, 20)],
])('takes %s for no picture', (_name, bytes) => {
  expect(pictureOf(bytes)).toBeUndefined();
});
