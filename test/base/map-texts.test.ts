import { expect, it } from 'vitest';
import { mapTexts } from '../../src/base/map-texts.ts';

it('turns every text, however deep, and nothing else', () => {
  const value = { a: 'x', x: [1, 'x', null, { b: true, c: ['y'] }], d: undefined };
  expect(mapTexts(value, (text) => `${text}!`)).toEqual({ a: 'x!', x: [1, 'x!', null, { b: true, c: ['y!'] }], d: undefined });
});

it('leaves what a text becomes as it is', () => {
  expect(mapTexts(['x'], () => ({ y: 'x' }))).toEqual([{ y: 'x' }]);
});
