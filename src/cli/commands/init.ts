import { access, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { makeFolder } from '../../base/make-folder.ts';
import type { Io } from '../io.ts';
import { ignoredPaths, newProject } from './init/files.ts';

export interface InitCommandOptions {
  /** The folder of the project; the current one when left out. */
  readonly folder?: string | undefined;
}

const ignoreFile = '.gitignore';

/** Makes a project that runs as it stands. Never overwrites a file: when one is there already, nothing is written. */
export async function initCommand({ folder: named = '.' }: InitCommandOptions, io: Io): Promise<0> {
  const folder = resolve(io.cwd, named);
  const name =
    basename(folder)
      .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+|-+$/g, '') || 'project';
  const files = newProject(name);
  const there = await existing(
    folder,
    files.map(({ path }) => path),
  );
  if (there.length > 0) {
    const shown = there.map((path) => shownFrom(io.cwd, join(folder, path))).join(', ');
    throw new Fault('usage/bad-argument', `${shown} ${there.length === 1 ? 'is' : 'are'} there already, and nothing is overwritten`, {
      hint: 'name another folder: liveproof init FOLDER',
    });
  }
  for (const { path, text } of files) await create(join(folder, path), text);
  const isIgnored = (await existing(folder, [ignoreFile])).length === 0;
  if (isIgnored) await create(join(folder, ignoreFile), `${ignoredPaths.join('\n')}\n`);

  const listed = [...files, ...(isIgnored ? [{ path: ignoreFile, says: 'keys, results and reports stay out of version control' }] : [])];
  const width = Math.max(...listed.map(({ path }) => path.length));
  const here = shownFrom(io.cwd, folder);
  const lines = [
    here === '' ? `A new project, ${name}, in this folder:` : `A new project in ${here}:`,
    '',
    ...listed.map(({ path, says }) => `  ${path.padEnd(width)}  ${says}`),
    '',
    ...(isIgnored ? [] : [`Add to your ${ignoreFile}: ${ignoredPaths.join(' ')}`, '']),
    'Next:',
    ...(here === '' ? [] : [`  cd ${/^[\w./-]+$/.test(here) ? here : `'${here}'`}`]),
    ...nextSteps,
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

const nextSteps = [
  '  node example/app.mjs                  in a terminal of its own',
  '  liveproof check                       its check passes; stop it, and it fails',
  '  liveproof gate gates/first/gate.yaml  breaks it for a moment: PROCEED, or not',
  '  liveproof watch                       runs its check for ever, with /metrics',
  '',
  'Then try your own application: APP_URL=https://… liveproof check',
];

function shownFrom(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return shown.startsWith('..') ? path : shown;
}

async function existing(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(join(folder, path)).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}

async function create(file: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new Fault('usage/bad-argument', `${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
