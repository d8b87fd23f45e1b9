import { createServer, type Server } from 'node:http';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');

let folder: Awaited<ReturnType<typeof createTempFolder>>;
let server: Server;

beforeEach(async () => {
  folder = await createTempFolder('reports');
  server = createServer((_request, response) => void response.writeHead(500).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const files = {
    'gate.yaml': 'gate: one\nchecks: [health.yaml]\ninclude: [items/more.yaml]\n',
    'items/more.yaml': 'items:\n  - id: health\n    proof: check\n    check: health\n',
    'health.yaml': `check: health\nprobe: http\nsteps: [{ url: '${url}' }]\n`,
  };
  await mkdir(path.join(folder.path, 'items'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder.path, name), text);
});
afterEach(async () => {
  server.close();
  await folder[Symbol.asyncDispose]();
});

async function gate(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, 'gate', 'gate.yaml', ...args], {
    cwd: folder.path,
    reject: false,
    env,
  });
  const [name = ''] = (await readdir(path.join(folder.path, 'reports/one'))).toSorted().toReversed();
  return { exitCode, stdout, stderr, files: (await readdir(path.join(folder.path, 'reports/one', name))).toSorted() };
}

const files = ['ctrf.json', 'evidence', 'junit.xml', 'report.html', 'report.json', 'report.md'];

it('prints the report where there is a browser', async () => {
  const ran = await gate([]);
  expect(ran.files).toEqual([...files, 'report.pdf'].toSorted());
  expect(ran.stderr).toBe('');
});

it('says so where there is none, and decides all the same', async () => {
  const ran = await gate([], { LIVEPROOF_CHROMIUM: '/nowhere/chromium' });
  expect(ran.stderr).toContain('report.pdf was not printed: there is no Chromium at /nowhere/chromium');
  expect({ exitCode: ran.exitCode, files: ran.files }).toEqual({ exitCode: 1, files });
});

it('does not look for a browser when nobody wants a PDF', async () => {
  const ran = await gate(['--no-pdf'], { LIVEPROOF_CHROMIUM: '/nowhere/chromium' });
  expect({ stderr: ran.stderr, files: ran.files }).toEqual({ stderr: '', files });
});

it('points GitHub at the line of an item, also of one in an included file, and leaves standard output to --json', async () => {
  const summary = path.join(folder.path, 'summary.md');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: path.dirname(folder.path), GITHUB_STEP_SUMMARY: summary };
  const ran = await gate(['--no-pdf', '--json'], env);
  const file = `${path.basename(folder.path)}/items/more.yaml`;
  expect(ran.stderr).toContain(`::error file=${file},line=2,title=health%3A disproven::health: `);
  expect(JSON.parse(ran.stdout)).toMatchObject({ decision: 'do-not-proceed' });
  expect(await readFile(summary, 'utf8')).toContain('**Decision**: **DO NOT PROCEED**');
});

it('shows what changed since the run before', async () => {
  await gate(['--no-pdf']);
  server.removeAllListeners('request');
  server.on('request', (_request, response) => void response.end());
  await gate(['--no-pdf']);
  const [name = ''] = (await readdir(path.join(folder.path, 'reports/one'))).toSorted().toReversed();
  const page = await readFile(path.join(folder.path, 'reports/one', name, 'report.html'), 'utf8');
  expect(page).toContain('Since the run before');
  expect(page).toContain('<td>Better</td>');
});
