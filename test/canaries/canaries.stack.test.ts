import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { allCommands } from '../docs/definition.ts';
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
  expect(echo.echoes()).toBeGreaterThan(5);
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
  expect(echo.echoes()).toBeGreaterThan(5);
  expect(ran.leaks).toEqual([]);
});

// Also by commands and options that do not exist yet: whatever takes a gate file or a report's folder is tried.
it.concurrent('no field of a gate is stored or shown when nobody answers, by no command', async () => {
  await using folder = await createTempFolder('canaries');
  const port = await freePort();
  const planted = everyField({ url: `http://127.0.0.1:${String(port)}`, smtpPort: port, imapPort: port }, true);
  await write(folder.path, planted);
  const run = async (...args: readonly string[]) => await runLiveproof({ folder: folder.path, args, canaries: planted.canaries });
  const ran = await run('gate', 'gate.yaml', '--json');
  expect([1, 3], ran.said).toContain(ran.exitCode);
  expect(ran.files.length).toBeGreaterThan(15);
  const report = path.dirname(ran.files.find((file) => file.endsWith('report.json')) ?? '');
  const lines = allCommands().flatMap(([words, command]) =>
    argumentLists(command, { file: 'gate.yaml', folder: report }).map((list) => [...words, ...list]),
  );
  // The one serves until it is stopped; the other was run above.
  const others = lines.filter(([name, , ...options]) => name !== 'boards' && (name !== 'gate' || options.length > 0));
  expect(others.length).toBeGreaterThan(1);
  const leaks = (await Promise.all(others.map(async (args) => await run(...args)))).flatMap((each) => each.leaks);
  expect([...ran.leaks, ...leaks]).toEqual([]);
});

/** The command with what it takes, and once more with each of its switches. */
function argumentLists({ registeredArguments, options }: Command, known: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  const [first] = registeredArguments;
  if (first === undefined) return [];
  const given = known[first.name()] ?? (/dir|report/i.test(first.name()) ? known['folder'] : undefined);
  if (given === undefined) return [];
  const switches = options.filter((option) => option.isBoolean()).map(({ long }) => long ?? '');
  return [[given], ...switches.filter((each) => each !== '--json').map((each) => [given, each])];
}

it.concurrent('no field of a gate is stored or shown when the run is stopped', async () => {
  await using folder = await createTempFolder('canaries');
  await using echo = await startEchoServers('answers', []);
  const { canaries, files } = everyField(echo, true);
  // However slow the machine is, channels still wait when the stop comes.
  const gate = files['gate.yaml']?.replaceAll('deliveredWithin: 1s, timeout: 15s', 'deliveredWithin: 2m, timeout: 3m') ?? '';
  await write(folder.path, { canaries, files: { ...files, 'gate.yaml': gate } });
  const ran = await runLiveproof({ folder: folder.path, args: ['gate', 'gate.yaml'], canaries, stopAt: 'retention' });
  expect(ran.exitCode, ran.said).toBe(3);
  expect(ran.said).toContain('Stopped');
  expect(ran.leaks).toEqual([]);
});
