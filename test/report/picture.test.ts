import { expect, it } from 'vitest';
import { pictureOf } from '../../src/report/picture.ts';
import { jpeg, png } from '../reporters/rich.ts';

it('knows a picture by its own first bytes, and its size', () => {
  expect(pictureOf(png(640, 360))).toEqual({ type: 'image/png', widthPx: 640, heightPx: 360 });
  expect(pictureOf(jpeg)).toEqual({ type: 'image/jpeg', widthPx: 12, heightPx: 7 });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('a picture of the hall, in words only')],
  ['one that was cut off', png(640, 360).subarray(0, 20)],
  ['a JPEG that was cut off', jpeg.subarray(0, 30)],
  ['a JPEG without a height', Buffer.from(jpeg).fill(0, 94, 96)],
  ['one without a header', Buffer.concat([png(4, 4).subarray(0, 12), Buffer.from('IDAT'), Buffer.alloc(20)])],
  ['one without a width', png(0, 4)],
  ['one larger than any screen', png(4, 4).fill(0xff, 16, 20)],
])('takes %s for no picture', (_name, bytes) => {
  expect(pictureOf(bytes)).toBeUndefined();
});
