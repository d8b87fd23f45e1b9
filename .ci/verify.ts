// `npm run verify`: everything that can be checked without servers, side by side. Only what failed is printed in full.
import { execa } from 'execa';

const longestMs = 10 * 60_000;

const steps = {
  format: ['prettier', '--check', '--log-level=warn', '.'],
  lint: ['oxlint'],
  types: ['tsc'],
  'dead code': ['knip'],
  tests: ['vitest', 'run', '--config', 'test/vitest.config.ts', '--project', 'unit'],
} satisfies Record<string, [string, ...string[]]>;

const run = async ([name, [program, ...words]]: [string, [string, ...string[]]]): Promise<boolean> => {
  const result = await execa(program, words, { all: true, reject: false, preferLocal: true, timeout: longestMs });
  const took = `${(result.durationMs / 1000).toFixed(1)} s`;
  console.log(result.failed ? `FAILED  ${name}  ${took}\n\n${result.all || result.shortMessage}\n` : `ok      ${name}  ${took}`);
  return result.failed;
};

const failures = (await Promise.all(Object.entries<[string, ...string[]]>(steps).map(run))).filter(Boolean).length;
console.log(`${Object.keys(steps).length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
