import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { execa } from 'execa';
import { Hono } from 'hono';
import { listenOnLoopback } from '../sandbox/listen.ts';
import { createTempFolder, type TempFolder } from '../sandbox/temp-folder.ts';

export const liveproof = path.join(import.meta.dirname, '../../src/cli/liveproof.js');

/** A folder with a project: its files by name. */
export async function projectFolder(files: Readonly<Record<string, string>>): Promise<TempFolder> {
  const folder = await createTempFolder('project');
  await writeFiles(folder.path, files);
  return folder;
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** A target whose status can be changed; it counts how often it was asked. */
export async function startTarget(status = 200) {
  const app = new Hono();
  const target = { status, asked: 0, hold: Promise.resolve() };
  app.all('*', async (context) => {
    target.asked += 1;
    await target.hold;
    return context.text('hello', target.status as 200);
  });
  const part = await listenOnLoopback(createAdaptorServer({ fetch: app.fetch }), 0);
  return Object.assign(target, part);
}

/** Runs a command in a folder and returns what came out; addresses of loopback servers stand without their ports. */
export async function run(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [liveproof, ...args], {
    cwd: folder,
    env: { CI: '1', ...env },
    reject: false,
  });
  return { stdout: steady(stdout), stderr: steady(stderr), exitCode };
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replaceAll(/\([\dms]+\)$/gm, '(N)')
    .replaceAll(/(time=")[\d.]+/g, '$1N')
    .replaceAll(/("(?:durationMs|duration|start|stop)": )[\d.]+/g, '$1N')
    .replaceAll(/^(\S+ \S+ +\w+ +)[\d.]+m?s(?: +|$)/gm, '$1N  ');
}
