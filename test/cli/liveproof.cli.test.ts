import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const launcher = join(import.meta.dirname, '../../src/cli/liveproof.js');

const onNode = (version: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
  )}`;

test.each(['12.22.12', '20.20.2', '23.11.0'])('on Node %s says in one line what is needed and what to do, and exits 2', async (version) => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [onNode(version), launcher, '--help'], { reject: false });
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '',
    stderr: `liveproof needs Node 24 or newer, but this is Node ${version} (${process.execPath}): install it from https://nodejs.org/en/download`,
    exitCode: 2,
  });
});

test('is written so that a Node of years ago can read it', async () => {
  const source = await readFile(launcher, 'utf8');
  // Optional chaining, nullish operators, private fields, top-level await and prefixed built-ins all came after Node 12.
  expect(source).not.toMatch(/\?\.|\?\?|\|\|=|&&=|#\w+\s*[=(]|^\s*await\b|from 'node:/m);
});

test.each([
  ['in a checkout runs the TypeScript beside it', { 'src/cli/main.ts': "const says: string = 'source'; console.log(says);" }, 'source'],
  ['in the npm package runs what was built', { 'dist/cli/main.js': "console.log('built');" }, 'built'],
  [
    'prefers the source to an older build',
    { 'src/cli/main.ts': "console.log('source' as string);", 'dist/cli/main.js': "console.log('built');" },
    'source',
  ],
])('%s', async (_, contents, says) => {
  await using folder = await createTempFolder('launcher');
  const copy = await copyTo(folder.path, contents);
  expect(await execa(process.execPath, [copy])).toMatchObject({ stdout: says, stderr: '' });
});

test('passes the arguments and the exit code of the command through', async () => {
  await using folder = await createTempFolder('launcher');
  const copy = await copyTo(folder.path, { 'src/cli/main.ts': 'console.log(process.argv.slice(2).join(" ")); process.exitCode = 3;' });
  const { stdout, exitCode } = await execa(process.execPath, [copy, 'gate', '--plan'], { reject: false });
  expect({ stdout, exitCode }).toEqual({ stdout: 'gate --plan', exitCode: 3 });
});

test('ends with 70 when the command breaks before it can say why', async () => {
  await using folder = await createTempFolder('launcher');
  const copy = await copyTo(folder.path, { 'src/cli/main.ts': "throw new Error('a bug');" });
  const { stderr, exitCode } = await execa(process.execPath, [copy], { reject: false });
  expect(stderr).toContain('Error: a bug');
  expect(exitCode).toBe(70);
});

test('ends with 70 when something breaks that nobody waits for', async () => {
  const lost = `const look = setInterval(() => {
    if (process.listenerCount('uncaughtException') === 0) return;
    clearInterval(look);
    Promise.reject(new Error('nobody waits for this'));
  });`;
  const loading = `--import=data:text/javascript,${encodeURIComponent(lost)}`;
  const { stderr, exitCode } = await execa(process.execPath, [loading, launcher, '--version'], { reject: false, timeout: 60_000 });
  expect(stderr).toContain('This is a bug in liveproof');
  expect(stderr).toContain('nobody waits for this');
  expect(exitCode).toBe(70);
});

/** The launcher among other files than our own. */
async function copyTo(folder: string, contents: Readonly<Record<string, string>>): Promise<string> {
  const copy = join(folder, 'src/cli/liveproof.js');
  await cp(launcher, copy);
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}', ...contents })) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return copy;
}
