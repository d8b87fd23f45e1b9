import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createModuleReader } from '../../src/config/modules/reader.ts';
import { valueOf } from '../../src/config/node.ts';
import { createTempFolder, type TempFolder } from '../sandbox/temp-folder.ts';

let folder: TempFolder;
beforeEach(async () => void (folder = await createTempFolder('modules')));
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const at = (name: string): string => path.join(folder.path, name);

async function read(text: string, options?: Parameters<typeof createModuleReader>[0]) {
  await writeFile(at('a.check.ts'), text);
  await using reader = createModuleReader(options);
  const { nodes, refused } = await reader.read(at('a.check.ts'));
  return { values: nodes.map(valueOf), refused: refused.map(({ message }) => message) };
}

it('reads a module as it is now, and so what it imports', async () => {
  await writeFile(at('url.ts'), "export const url: string = 'http://one';\n");
  const text = "import { url } from './url.ts';\nexport default { check: 'a', url };\n";
  expect((await read(text)).values).toEqual([{ check: 'a', url: 'http://one' }]);
  await writeFile(at('url.ts'), "export const url: string = 'http://two';\n");
  expect((await read(text)).values).toEqual([{ check: 'a', url: 'http://two' }]);
  expect((await read("throw new Error('x');\n")).refused).toEqual(['this module cannot be loaded: x']);
  expect((await read(text)).values).toEqual([{ check: 'a', url: 'http://two' }]);
});

it.each([
  ['throws', "throw new Error('no\\nway');", 'this module cannot be loaded: no'],
  ['throws no error', "throw 'a tantrum';", 'this module cannot be loaded: a tantrum'],
  ['ends the process', 'process.exit(0);', 'this module cannot be loaded: it ends the process that loads it'],
  ['has a getter that throws', "export default { get check() { throw new Error('no'); } };", 'this module cannot be loaded: no'],
])('one that %s is refused', async (_, text, reason) => {
  expect((await read(text)).refused).toEqual([reason]);
});

it('one that exports a promise is refused, by whichever is noticed first', async () => {
  const { refused } = await read("export default Promise.reject(new Error('late'));");
  expect(refused).toEqual([expect.stringMatching(/: late$|is a Promise, which cannot stand in a check/)]);
});

it.each([
  ['waits for ever', 'await new Promise(() => {});'],
  ['computes for ever', 'for (;;);'],
])('one that %s is given up', async (_, text) => {
  const { refused } = await read(text, { withinMs: 500 });
  expect(refused).toEqual(['this module cannot be loaded: it did not come to its end within 500ms']);
});

it('one that is being read is given up when nobody wants it any more', async () => {
  const stop = new AbortController();
  const reading = read('for (;;);', { signal: stop.signal });
  stop.abort(new Error('stopped'));
  expect((await reading).refused).toEqual(['this module cannot be loaded: stopped']);
});

it('what a module leaves behind ends with the reading', async () => {
  const lasting = "setInterval(() => {}, 10);\nexport default { check: 'a' };\n";
  expect(await read(lasting)).toEqual({ values: [{ check: 'a' }], refused: [] });
});

it('goes on with the next one when a module has ended its thread', async () => {
  await writeFile(at('bad.check.ts'), "setTimeout(() => { throw new Error('later'); });\nexport default { check: 'bad' };\n");
  await writeFile(at('good.check.ts'), "export default { check: 'good' };\n");
  await using reader = createModuleReader();
  await reader.read(at('bad.check.ts'));
  // What it left behind may end the thread in the middle of the next one.
  const good = await vi.waitUntil(async () => (await reader.read(at('good.check.ts'))).nodes[0], { timeout: 30_000 });
  expect(valueOf(good)).toEqual({ check: 'good' });
});
