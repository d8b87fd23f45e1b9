import { defineConfig } from 'vitest/config';

/** The kinds of test, told apart by the end of the file's name: `decide.test.ts` is a unit test, `gate.stack.test.ts` needs the real stack. */
const special = ['contract', 'cli', 'stack', 'browser', 'examples'] as const;

const minutes = 60_000;

export default defineConfig({
  test: {
    root: import.meta.dirname + '/..',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: special.map((kind) => `test/**/*.${kind}.test.ts`),
        },
      },
      ...special.map((kind) => ({
        test: {
          name: kind,
          include: [`test/**/*.${kind}.test.ts`],
          testTimeout: 10 * minutes,
          hookTimeout: 2 * minutes,
        },
      })),
    ],
  },
});
