import { expect, test } from 'vitest';
import { families } from './families/index.ts';

test('there are at least 120 sabotages, each said in words of its own', () => {
  const says = families.flatMap(({ rows }) => rows.map((row) => row.says));
  expect(new Set(says).size).toBe(says.length);
  expect(says.length).toBeGreaterThanOrEqual(120);
});
