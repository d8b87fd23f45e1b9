import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { removeLeftovers } from '../../src/app/leftover-folders.ts';
import { holdMark } from '../../src/base/process-mark.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

function deadMark(): string {
  const { mark, release } = holdMark();
  release();
  return mark;
}

it('removes the folders of runs that are over, and those alone', async () => {
  await using folder = await createTempFolder('leftovers');
  const running = holdMark();
  const elsewhere = deadMark().replace(/-[0-9a-f]{8}(-[0-9a-f]{8})$/, '-00000000$1');
  const linked = `lp-${deadMark()}`;
  const kept = [`lp-${running.mark}`, `lp-${elsewhere}`, `other-${deadMark()}`, 'lp-mine'];
  for (const name of [...kept, `lp-${deadMark()}`]) await mkdir(path.join(folder.path, name, 'within'), { recursive: true });
  await symlink(path.join(folder.path, 'lp-mine'), path.join(folder.path, linked));
  await writeFile(path.join(folder.path, 'lp-mine/a-file'), '');
  await writeFile(path.join(folder.path, `lp-${deadMark()}`), 'half an approval');
  await removeLeftovers(folder.path, 'lp-');
  running.release();
  expect((await readdir(folder.path)).toSorted()).toEqual([...kept, linked].toSorted());
  expect(await readdir(path.join(folder.path, 'lp-mine'))).toEqual(['a-file', 'within']);
});

it('ends a browser that hangs and would not end with its run', async () => {
  await using folder = await createTempFolder('leftovers');
  const home = path.join(folder.path, `lp-${deadMark()}`);
  await mkdir(home);
  const start = (profile: string) => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', `--user-data-dir=${profile}`]);
  const hanging = start(path.join(home, 'profile'));
  const other = start(path.join(folder.path, 'profile'));
  const ended = once(hanging, 'exit');
  try {
    await Promise.all([once(hanging, 'spawn'), once(other, 'spawn')]);
    hanging.kill('SIGSTOP');
    await removeLeftovers(folder.path, 'lp-');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(await readdir(folder.path)).toEqual([]);
  } finally {
    hanging.kill('SIGKILL');
    other.kill('SIGKILL');
  }
});
