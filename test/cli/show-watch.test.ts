import { expect, it } from 'vitest';
import { watchLine } from '../../src/cli/show-watch.ts';

it('names the checks that nothing runs in one line', () => {
  expect(watchLine({ type: 'without-interval', checks: ['a', 'b'] }, { color: false })).toBe(
    '? these checks have no interval and are not run here: a, b',
  );
});
