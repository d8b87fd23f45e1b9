import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const dayMs = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

let folder: Awaited<ReturnType<typeof createTempFolder>>;
let server: Server;

beforeAll(async () => {
  folder = await createTempFolder('waivers');
  server = createServer((request, response) => response.writeHead(request.url === '/broken' ? 500 : 200).end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  for (const name of ['broken', 'well']) await write(`${name}.yaml`, `check: ${name}\nprobe: http\nsteps: [{ url: '${url}/${name}' }]\n`);
});
afterAll(async () => {
  server.close();
  await folder[Symbol.asyncDispose]();
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(path.join(folder.path, name), text);
}

async function gate(expires: string, ...args: readonly string[]) {
  await write(
    'gate.yaml',
    `gate: two
policy: { waivers: { severities: [low] } }
checks: [broken.yaml, well.yaml]
items:
  - { id: broken, severity: low, proof: check, check: broken }
  - { id: well, proof: check, check: well, needs: [broken] }
waivers:
  - { item: broken, by: Ada Lovelace, reason: repaired with the next release, expires: ${expires} }
`,
  );
  const { exitCode, all } = await execa(process.execPath, [main, 'gate', 'gate.yaml', ...args], {
    cwd: folder.path,
    reject: false,
    all: true,
  });
  const reports = path.join(folder.path, 'reports/two');
  const newest = path.join(reports, (await readdir(reports)).toSorted().at(-1) ?? '');
  return { exitCode, all, newest };
}

it('proceeds with a waiver: it and what was found come first, and what rests on the item is tried', async () => {
  const expires = inDays(3);
  const { exitCode, all, newest } = await gate(expires);
  expect(all).toContain('✓ well    passed');
  expect(all).toMatch(
    new RegExp(
      `~ broken: waived by Ada Lovelace until the end of ${expires} \\(UTC\\): repaired\\n  with the next release \\(it is disproven\\)\\n    failed: step 1 GET .*status 500, expected 2xx\\n\\nPROCEED WITH WAIVERS  1 proven, 1 waived`,
    ),
  );
  expect(exitCode).toBe(0);
  expect(await readFile(path.join(newest, 'report.md'), 'utf8')).toContain(`waived by Ada Lovelace until the end of ${expires}`);
  expect(await readFile(path.join(newest, 'junit.xml'), 'utf8')).toContain('<property name="waiver" value="broken: waived by Ada Lovelace');
  const verified = await execa(process.execPath, [main, 'verify', newest], { cwd: folder.path, reject: false });
  expect(verified.stdout).toContain('✓ waivers');
  expect(verified.exitCode).toBe(3);
});

it('does not proceed on a waiver that has ended, or that lasts too long', async () => {
  const ended = await gate(inDays(-2));
  expect(ended.all).toContain('broken: the waiver by Ada Lovelace does not count');
  expect(ended.all).toContain('its waiver by Ada Lovelace ended at');
  expect(ended.exitCode).toBe(1);
  const long = await gate(inDays(40));
  expect(long.all).toContain('its waiver by Ada Lovelace lasts too long');
  expect(long.exitCode).toBe(1);
});

it('does not waive what was left out of the run', async () => {
  await write('other.yaml', 'check: other\nprobe: http\nsteps: [{ url: http://127.0.0.1:9 }]\n');
  const { exitCode, all } = await gate(inDays(3), '--only', 'broken');
  expect({ exitCode, says: all?.includes('left out of this run') }).toEqual({ exitCode: 3, says: true });
});
