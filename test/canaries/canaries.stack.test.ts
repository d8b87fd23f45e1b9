import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../probes/loopback.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { copyAccubooks, plantInAccubooks } from './accubooks.ts';
import { startEchoServers, type EchoMode } from './echo.ts';
import { everyField, type EveryField } from './every-field.ts';
import { runLiveproof } from './run-liveproof.ts';

const modes: readonly EchoMode[] = ['refuses', 'fails', 'answers', 'redirects'];

it.concurrent.each(modes)('no secret of the gate of AccuBooks is stored or shown when every server %s and says it back', async (mode) => {
  const { canaries, env } = await plantInAccubooks();
  await using folder = await createTempFolder('canaries');
  await using echo = await startEchoServers(mode, canaries);
  const file = await copyAccubooks(folder.path);
  const args = ['gate', file, '--env', 'canary', ...(mode === 'answers' ? ['--json'] : [])];
  const ran = await runLiveproof({ folder: folder.path, args, env: env(echo), canaries });
  expect([1, 3], ran.said).toContain(ran.exitCode);
  // Nothing that could leak would be as good as nothing that does.
  expect(echo.echoes()).toBeGreaterThan(20);
  expect(ran.files.length).toBeGreaterThan(20);
  expect(ran.leaks).toEqual([]);
  expect(ran.said).toContain('[redacted]');
});

async function write(folder: string, { files }: EveryField): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

it.concurrent.each(modes)('no field of a gate is stored or shown when every server %s and says it back', async (mode) => {
  // The servers have to be there before the gate, which names them, and must know its canaries all the same.
  const canaries: EveryField['canaries'][number][] = [];
  await using folder = await createTempFolder('canaries');
  await using echo = await startEchoServers(mode, canaries);
  const planted = everyField(echo, mode !== 'refuses');
  canaries.push(...planted.canaries);
  await write(folder.path, planted);
  const ran = await runLiveproof({ folder: folder.path, args: ['gate', 'gate.yaml'], canaries });
  expect([1, 3], ran.said).toContain(ran.exitCode);
  expect(echo.echoes()).toBeGreaterThan(15);
  expect(ran.leaks).toEqual([]);
});

it.concurrent('no field of a gate is stored or shown when nobody answers', async () => {
  await using folder = await createTempFolder('canaries');
  const port = await freePort();
  const planted = everyField({ url: `http://127.0.0.1:${String(port)}`, smtpPort: port, imapPort: port }, true);
  await write(folder.path, planted);
  const ran = await runLiveproof({ folder: folder.path, args: ['gate', 'gate.yaml', '--json'], canaries: planted.canaries });
  expect([1, 3], ran.said).toContain(ran.exitCode);
  expect(ran.files.length).toBeGreaterThan(15);
  expect(ran.leaks).toEqual([]);
});

it.concurrent('no field of a gate is stored or shown when the run is stopped', async () => {
  await using folder = await createTempFolder('canaries');
  await using echo = await startEchoServers('answers', []);
  const planted = everyField(echo, true);
  await write(folder.path, planted);
  const options = { folder: folder.path, args: ['gate', 'gate.yaml'], canaries: planted.canaries };
  const ran = await runLiveproof({ ...options, stopAt: 'retention' });
  expect(ran.exitCode, ran.said).toBe(3);
  expect(ran.said).toContain('Stopped');
  expect(ran.leaks).toEqual([]);
});
