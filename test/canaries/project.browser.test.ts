import { expect, it } from 'vitest';
import { writeFiles } from '../cli/project.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import type { Canary } from './canary.ts';
import { startEchoServers, type EchoMode } from './echo.ts';
import { everyCheck } from './every-check.ts';
import { runLiveproof, type RunOptions } from './run-liveproof.ts';

/** What comes of a command in a project of checks whose targets say back whatever they are told. */
async function runEvery(mode: EchoMode, args: readonly string[], options: Pick<RunOptions, 'stopAt'> = {}) {
  const canaries: Canary[] = [];
  await using folder = await createTempFolder('canaries');
  await using echo = await startEchoServers(mode, canaries);
  const planted = everyCheck(echo);
  canaries.push(...planted.canaries);
  await writeFiles(folder.path, planted.files);
  const ran = await runLiveproof({ folder: folder.path, args, canaries, ...options });
  return { ...ran, echoes: echo.echoes() };
}

const modes: readonly EchoMode[] = ['refuses', 'fails', 'answers', 'redirects'];

it.concurrent.each(modes)('no secret of a project is stored or shown by check when every server %s and says it back', async (mode) => {
  const ran = await runEvery(mode, ['check', ...(mode === 'answers' ? ['--reporter', 'json'] : [])]);
  expect(ran.exitCode, ran.said).toBe(1);
  expect(ran.echoes).toBeGreaterThan(5);
  expect(ran.said).toContain('[redacted]');
  expect(ran.leaks).toEqual([]);
});

it.concurrent.each(modes)('no secret of a project is stored or shown by watch when every server %s and says it back', async (mode) => {
  const ran = await runEvery(mode, ['watch'], { stopAt: 'browser ' });
  expect(ran.exitCode, ran.said).toBe(0);
  expect(
    ran.files.some((file) => file.endsWith('results.sqlite')),
    ran.files.join(', '),
  ).toBe(true);
  expect(ran.said).toContain('[redacted]');
  expect(ran.leaks).toEqual([]);
});
