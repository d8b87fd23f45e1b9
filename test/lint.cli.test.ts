import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createTempFolder } from './sandbox/temp-folder.ts';

const root = join(import.meta.dirname, '..');

/** Lints one file as if it stood in src/, and returns the names of the rules that it breaks. */
async function rulesBrokenBy(source: string): Promise<readonly string[]> {
  await using folder = await createTempFolder('lint');
  await mkdir(join(folder.path, 'src'));
  await Promise.all(['.oxlintrc.json', 'tsconfig.json'].map(async (file) => await copyFile(join(root, file), join(folder.path, file))));
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder.path, 'src/other.ts'), "export { a } from './planted.ts';");
  await writeFile(join(folder.path, 'src/planted.ts'), source);
  const { stdout } = await execa('oxlint', ['-f', 'json'], { cwd: folder.path, preferLocal: true, localDir: root, reject: false });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
  return diagnostics.map((each) => each.code);
}

const work = 'async function work(): Promise<boolean> { return await Promise.resolve(true); }';

test.each([
  ['typescript(no-floating-promises)', `${work} export function start(): void { work(); }`],
  ['typescript(no-misused-promises)', `${work} export const size = (): number => { if (work()) return 1; return 0; };`],
  ['typescript(await-thenable)', "export const text = async (): Promise<string> => { const it = 'a'; return await it; };"],
  [
    'typescript(switch-exhaustiveness-check)',
    "export function pick(kind: 'a' | 'b'): number { switch (kind) { case 'a': return 1; } return 0; }",
  ],
  ['typescript(no-explicit-any)', 'export const size = (value: any): number => Number(value);'],
  ['eslint(no-unused-vars)', 'const unused = 1; export {};'],
  ['eslint(eqeqeq)', 'export const same = (a: string, b: string): boolean => a == b;'],
  ['eslint(max-lines)', Array.from({ length: 301 }, (_, line) => `export const line${String(line)} = ${String(line)};`).join('\n')],
  ['import(no-cycle)', "export { a as b } from './other.ts'; export const a = 1;"],
])('the linter finds %s', async (rule, source) => {
  expect(await rulesBrokenBy(source)).toContain(rule);
});

test('the linter is content with code that breaks no rule', async () => {
  expect(await rulesBrokenBy(`${work} export async function start(): Promise<boolean> { return await work(); }`)).toEqual([]);
});
