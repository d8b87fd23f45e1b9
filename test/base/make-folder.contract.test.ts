import { rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../src/base/make-folder.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

it('makes a folder with those above it, also when several do so at once', async () => {
  await using folder = await createTempFolder('make');
  const wanted = join(folder.path, 'a/b/c');
  await Promise.all([makeFolder(wanted), makeFolder(wanted), makeFolder(wanted)]);
  expect((await stat(wanted)).isDirectory()).toBe(true);
  await makeFolder(wanted);
});

it('tells the topmost that it made, so that it can be taken away again', async () => {
  await using folder = await createTempFolder('make');
  expect(await makeFolder(join(folder.path, 'a/b/c'))).toBe(join(folder.path, 'a'));
  expect(await makeFolder(join(folder.path, 'a/b/d/e'))).toBe(join(folder.path, 'a/b/d'));
  expect(await makeFolder(join(folder.path, 'a/b'))).toBeUndefined();
});

it('makes those above again that somebody else takes away meanwhile', async () => {
  await using folder = await createTempFolder('make');
  const parent = join(folder.path, 'a');
  const makeOften = async (name: string): Promise<void> => {
    for (let round = 0; round < 100; round++) {
      await makeFolder(join(parent, name));
      await rmdir(join(parent, name));
      await rmdir(parent).catch(() => undefined);
    }
  };
  await expect(Promise.all(['x', 'y', 'z'].map(makeOften))).resolves.toHaveLength(3);
});

it('rejects where a file is in the way', async () => {
  await using folder = await createTempFolder('make');
  const plain = join(folder.path, 'plain');
  await writeFile(plain, '');
  await expect(makeFolder(plain)).rejects.toMatchObject({ code: 'EEXIST', path: plain });
  await expect(makeFolder(join(plain, 'a'))).rejects.toMatchObject({ code: 'EEXIST', path: plain });
});

it('rejects where the system makes no folders and says that there is none', async () => {
  await expect(makeFolder('/proc/x/a')).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/x' });
});
