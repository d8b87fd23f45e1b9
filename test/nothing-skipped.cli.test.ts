import { glob, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createTempFolder } from './sandbox/temp-folder.ts';
import { kinds } from './vitest.config.ts';

const root = join(import.meta.dirname, '..');

test.each([
  ['every test ran', "test('works', () => {});", [], ['1 passed, 0 failed'], 0],
  [
    'tests were skipped or only planned',
    `test('works', () => {});
     test.skip('left out', () => {});
     test('leaves itself out', (context) => context.skip());
     test.todo('comes later');
     describe.skip('group', () => { test('inner', () => {}); });`,
    [],
    [
      'not run: a.test.ts > left out',
      'not run: a.test.ts > leaves itself out',
      'not run: a.test.ts > comes later',
      'not run: a.test.ts > group > inner',
      '1 passed, 4 failed',
    ],
    1,
  ],
  [
    'tests were left out by name, on purpose',
    "test('works', () => {}); test('other', () => {});",
    ['-t', 'works'],
    ['1 passed, 0 failed'],
    0,
  ],
  ['a test failed', "test('fails', () => { throw new Error('x'); });", [], ['0 passed, 1 failed'], 1],
  ['a file broke before its tests', "throw new Error('x');", [], ['0 passed, 1 failed'], 1],
])('a run in which %s closes with the figures and the right exit code', async (_, source, options, lines, exitCode) => {
  await using folder = await createTempFolder('skipped');
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  await writeFile(join(folder.path, 'a.test.ts'), `import { describe, test } from 'vitest';\nvoid describe;\n${source}\n`);
  await writeFile(
    join(folder.path, 'vitest.config.ts'),
    `import { nothingSkipped } from ${JSON.stringify(join(root, 'test/nothing-skipped.ts'))};
     export default { test: { reporters: [nothingSkipped()] } };`,
  );
  const run = await execa('vitest', ['run', ...options], { cwd: folder.path, preferLocal: true, localDir: root, reject: false });
  expect({ stdout: run.stdout.trim().split('\n'), exitCode: run.exitCode }).toEqual({ stdout: lines, exitCode });
});

test('a run that lacks something for an extra names it beside the figures, and is no failure', async () => {
  await using folder = await createTempFolder('skipped');
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  await writeFile(join(folder.path, 'a.test.ts'), "import { test } from 'vitest';\ntest('works', () => {});\n");
  await writeFile(
    join(folder.path, 'vitest.config.ts'),
    `import { nothingSkipped } from ${JSON.stringify(join(root, 'test/nothing-skipped.ts'))};
     export default { test: { reporters: [nothingSkipped(['b.k6.test.ts (there is no k6 on this machine)'])] } };`,
  );
  const run = await execa('vitest', ['run'], { cwd: folder.path, preferLocal: true, localDir: root, reject: false });
  expect({ stdout: run.stdout.trim().split('\n'), exitCode: run.exitCode }).toEqual({
    stdout: ['extra, not run: b.k6.test.ts (there is no k6 on this machine)', '1 passed, 0 failed'],
    exitCode: 0,
  });
});

test.each(kinds)('there are %s tests, so that a run without any would be noticed', async (kind) => {
  expect(await Array.fromAsync(glob(`test/**/*.${kind}.test.ts`, { cwd: root }))).not.toEqual([]);
});
