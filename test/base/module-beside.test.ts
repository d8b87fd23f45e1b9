import { expect, it } from 'vitest';
import { moduleBeside } from '../../src/base/module-beside.ts';

it.each([
  ['file:///app/src/sql/workers.ts', 'file:///app/src/sql/thread.ts'],
  ['file:///app/dist/sql/workers.js', 'file:///app/dist/sql/thread.js'],
  ['file:///a%20b/workers.js?v=2.ts', 'file:///a%20b/thread.js'],
])('beside %s stands %s', (from, beside) => {
  expect(moduleBeside(from, 'thread').href).toBe(beside);
});
