import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { loadProject } from '../../src/config/load-project.ts';
import { probes } from '../../src/probes/index.ts';
import { reservePort } from '../sandbox/free-port.ts';
import { startProcess } from '../sandbox/process.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');

async function liveproof(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { all, exitCode } = await execa(process.execPath, [main, ...args], { cwd, env, all: true, reject: false, timeout: 60_000 });
  return { said: all, exitCode };
}

it('makes a project whose check passes and whose gate proceeds, and that fails when its application is gone', async () => {
  await using folder = await createTempFolder('init');
  const made = await liveproof(folder.path, ['init', 'my shop']);
  expect(made).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "said": "A new project in my shop:

      liveproof.yaml         what runs, and where results are kept
      checks/app.yaml        a check of an application
      gates/first/gate.yaml  a first gate: it proves that this check can fail
      example/app.mjs        an application to try it on, until it is yours
      .gitignore             keys, results and reports stay out of version control

    Next:
      cd 'my shop'
      node example/app.mjs                  in a terminal of its own
      liveproof check                       its check passes; stop it, and it fails
      liveproof gate gates/first/gate.yaml  breaks it for a moment: PROCEED, or not
      liveproof watch                       runs its check for ever, with /metrics

    Then try your own application: APP_URL=https://… liveproof check",
    }
  `);
  const project = path.join(folder.path, 'my shop');

  const loaded = await loadProject({ file: path.join(project, 'liveproof.yaml'), env: {}, probes });
  expect(loaded).toMatchObject({
    ok: true,
    project: { name: 'my-shop', checks: [{ name: 'app', schedule: { type: 'every', everyMs: 30_000 } }] },
  });

  await using port = await reservePort();
  const env = { APP_URL: `http://127.0.0.1:${String(port.port)}` };
  const application = await startProcess({
    name: 'the example',
    command: process.execPath,
    args: ['example/app.mjs'],
    folder: project,
    environment: { PORT: String(port.port) },
    ready: async () => (await fetch(`${env.APP_URL}/health`)).ok,
  });
  try {
    expect(await liveproof(project, ['check'], env)).toMatchObject({ exitCode: 0, said: expect.stringContaining('1 passed') });
    const gate = await liveproof(project, ['gate', 'gates/first/gate.yaml', '--no-pdf'], env);
    expect(gate).toMatchObject({ exitCode: 0, said: expect.stringMatching(/✓ app-is-watched {2}shown-to-fail[\s\S]*^PROCEED/m) });
  } finally {
    await application.stop();
  }
  expect(await liveproof(project, ['check'], env)).toMatchObject({ exitCode: 1, said: expect.stringContaining('connection refused') });
});

it('overwrites nothing: when a file is there already, no other one is written', async () => {
  await using folder = await createTempFolder('init');
  await writeFile(path.join(folder.path, 'liveproof.yaml'), 'mine\n');
  expect(await liveproof(folder.path, ['init'])).toMatchInlineSnapshot(`
    {
      "exitCode": 2,
      "said": "error: liveproof.yaml is there already, and nothing is overwritten (usage/bad-argument)
      name another folder: liveproof init FOLDER",
    }
  `);
  expect(await readdir(folder.path)).toEqual(['liveproof.yaml']);
  expect(await readFile(path.join(folder.path, 'liveproof.yaml'), 'utf8')).toBe('mine\n');
});

it('leaves a .gitignore as it is, and says what belongs into it', async () => {
  await using folder = await createTempFolder('init');
  await writeFile(path.join(folder.path, '.gitignore'), 'dist/\n');
  const { said, exitCode } = await liveproof(folder.path, ['init', '.']);
  expect(said).toContain('Add to your .gitignore: .liveproof/ reports/ *.pem !*.pub.pem\n');
  expect(exitCode).toBe(0);
  expect(await readFile(path.join(folder.path, '.gitignore'), 'utf8')).toBe('dist/\n');
});

it('says where nothing can be written: a file is in the way', async () => {
  await using folder = await createTempFolder('init');
  await writeFile(path.join(folder.path, 'plain'), '');
  const { said, exitCode } = await liveproof(folder.path, ['init', 'plain']);
  expect(said).toMatch(/^error: \S+plain\/liveproof\.yaml cannot be written: EEXIST: /);
  expect(exitCode).toBe(2);
});

it('says where nothing can be written, and does not try for ever', async () => {
  await using folder = await createTempFolder('init');
  const { said, exitCode } = await liveproof(folder.path, ['init', '/proc/x']);
  expect(said).toMatch(/^error: \/proc\/x\/liveproof\.yaml cannot be written: ENOENT: /);
  expect(exitCode).toBe(2);
});
