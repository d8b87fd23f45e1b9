import { globSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { nothingSkipped } from './nothing-skipped.ts';
import { findK6 } from './probes/k6/find-k6.ts';
import { findMysql } from './probes/sql/find-mysql.ts';

/** The kinds of test, told apart by the end of the file's name: `decide.test.ts` is a unit test, `gate.stack.test.ts` needs the real stack. */
export const kinds = ['contract', 'cli', 'stack', 'browser', 'sabotage', 'whole', 'k6', 'mysql'] as const;

/** Whole stacks want the machine for themselves: they come one kind after the other, when everything else is done. */
const turns: Readonly<Partial<Record<(typeof kinds)[number], { readonly groupOrder: number; readonly workers: number }>>> = {
  sabotage: { groupOrder: 1, workers: 3 },
  whole: { groupOrder: 2, workers: 2 },
};

/** Kinds that need a program which is no Debian package: an extra where it is, and reported by name where it is not. */
const extras: Readonly<Partial<Record<(typeof kinds)[number], { readonly name: string; readonly find: () => string | undefined }>>> = {
  k6: { name: 'k6', find: findK6 },
  mysql: { name: 'MySQL', find: findMysql },
};
const lacking = kinds.filter((kind) => extras[kind] !== undefined && extras[kind].find() === undefined);
const root = `${import.meta.dirname}/..`;
const notRun = lacking.flatMap((kind) =>
  globSync(`test/**/*.${kind}.test.ts`, { cwd: root }).map((file) => `${file} (there is no ${extras[kind]?.name ?? kind} on this machine)`),
);

const minutes = 60_000;

export default defineConfig({
  test: {
    root,
    reporters: ['default', nothingSkipped(notRun)],
    // Tests that run side by side in one file start real servers.
    maxConcurrency: 3,
    // The same on every machine: one focused test would hide all others.
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          // Only against tests that hang: a busy machine is slow.
          testTimeout: minutes,
          hookTimeout: minutes,
          include: ['test/**/*.test.ts'],
          exclude: kinds.map((kind) => `test/**/*.${kind}.test.ts`),
        },
      },
      ...kinds
        .filter((kind) => !lacking.includes(kind))
        .map((kind) => ({
          test: {
            name: kind,
            include: [`test/**/*.${kind}.test.ts`],
            testTimeout: 10 * minutes,
            hookTimeout: 2 * minutes,
            ...(turns[kind] === undefined ? {} : { maxWorkers: turns[kind].workers, sequence: { groupOrder: turns[kind].groupOrder } }),
          },
        })),
    ],
  },
});
