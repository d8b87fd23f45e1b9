import { expect, it } from 'vitest';
import { excerptOf } from '../../src/wire/excerpt.ts';

it('of a short text is the text, on one line', () => {
  expect(excerptOf('220 ready\r\nno\u001b[31mred ')).toBe('220 ready no [31mred');
});

it('ends with the sign wherever something was cut, also after signs that are not shown', () => {
  expect(excerptOf('x'.repeat(600))).toBe(`${'x'.repeat(500)}…`);
  expect(excerptOf(`${'\0'.repeat(990)}half a secret`)).toBe('half a sec…');
  expect(excerptOf('half a secret', 4)).toBe('half…');
});
