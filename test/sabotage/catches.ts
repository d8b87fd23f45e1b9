import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccubooksStack } from '../sandbox/accubooks-stack.ts';
import type { Family } from './row.ts';
import { startStackFor, tryRow, unprovenWhenMended } from './try-row.ts';

/** Tests that every sabotage of a family is caught by the right items, on one live stack that is sabotaged and mended row by row. */
export function catches(family: Family): void {
  describe(`sabotage of ${family.name}`, () => {
    let stack: AccubooksStack;
    beforeAll(async () => {
      stack = await startStackFor(family);
    });
    afterAll(async () => {
      await stack.stop();
    });

    it.each(family.rows)('is caught when $says', async (row) => {
      expect((await tryRow(stack, family, row)).wrong).toEqual([]);
    });

    // A table that is red whatever is wrong would show nothing, and neither would a stack that stays broken.
    it('is none when the stack is mended', async () => {
      expect(await unprovenWhenMended(stack, family)).toEqual([]);
    });
  });
}
