import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');

let folder: Awaited<ReturnType<typeof createTempFolder>>;
let server: Server;
let asked: string[];
let broken: boolean;

beforeEach(async () => {
  folder = await createTempFolder('resume');
  asked = [];
  broken = true;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(request.url === '/second' && broken ? 500 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  for (const name of ['first', 'second']) await write(`${name}.yaml`, `check: ${name}\nprobe: http\nsteps: [{ url: '${url}/${name}' }]\n`);
  await write('gate.yaml', gateFile(2));
});
afterEach(async () => {
  server.close();
  await folder[Symbol.asyncDispose]();
});

function gateFile(times: number): string {
  return `gate: two
checks: [first.yaml, second.yaml]
items:
  - { id: first, proof: check, check: first, times: ${String(times)} }
  - { id: second, proof: check, check: second }
`;
}

async function write(name: string, text: string): Promise<void> {
  await writeFile(path.join(folder.path, name), text);
}

async function gate(...args: readonly string[]) {
  const { exitCode, all } = await execa(process.execPath, [main, 'gate', 'gate.yaml', ...args], {
    cwd: folder.path,
    reject: false,
    all: true,
  });
  const names = (await readdir(path.join(folder.path, 'reports/two'))).toSorted();
  const report = path.join(folder.path, 'reports/two', names.at(-1) ?? '');
  const read = JSON.parse(await readFile(path.join(report, 'report.json'), 'utf8')) as Report;
  return { exitCode, all, report, carried: read.items.filter(({ carriedFrom }) => carriedFrom !== undefined).map(({ id }) => id) };
}

describe('resuming', () => {
  it('tries only what is not proven yet, and says from which report the rest is', async () => {
    expect((await gate()).exitCode).toBe(1);
    broken = false;
    asked = [];
    const { exitCode, all, carried } = await gate('--resume');
    expect({ exitCode, carried, asked }).toEqual({ exitCode: 0, carried: ['first'], asked: ['/second'] });
    expect(all).toContain('1 of 2 items are still proven by');
  });

  it('tries everything when the last report was tampered with', async () => {
    const { report } = await gate();
    const [evidence = ''] = await readdir(path.join(report, 'evidence'));
    await appendFile(path.join(report, 'evidence', evidence), ' ');
    const { all, carried } = await gate('--resume');
    expect(carried).toEqual([]);
    expect(all).toMatch(/cannot be relied on .*every item is tried/s);
  });

  it('tries an item again when the gate asks something else of it', async () => {
    await gate();
    await write('gate.yaml', gateFile(3));
    expect((await gate('--resume')).carried).toEqual([]);
  });

  it('tries an item again when the check that it names asks something else, and no other item', async () => {
    broken = false;
    await gate();
    asked = [];
    await appendFile(path.join(folder.path, 'first.yaml'), 'timeout: 29s\n');
    const { all, carried } = await gate('--resume');
    expect(carried).toEqual(['second']);
    expect([...new Set(asked)]).toEqual(['/first']);
    expect(all).toContain('first is proven again: the check first changed since');
  });

  it('tries an item again that is named with --only, and keeps the others', async () => {
    broken = false;
    await gate();
    asked = [];
    const { all, carried, exitCode } = await gate('--resume', '--only', 'second');
    expect({ exitCode, carried, asked }).toEqual({ exitCode: 0, carried: ['first'], asked: ['/second'] });
    expect(all).toContain('second is proven again: you ask for it');
  });

  it('tries everything again when the gate looks elsewhere, though it asks the same', async () => {
    const file = (prometheus: string): string => `${gateFile(2)}stack: { prometheus: { url: '${prometheus}' } }\n`;
    await write('gate.yaml', file('http://127.0.0.1:9'));
    await gate();
    expect((await gate('--resume')).carried).toEqual(['first']);
    await write('gate.yaml', file('http://127.0.0.1:10'));
    expect((await gate('--resume')).carried).toEqual([]);
  });

  it('does not let a signed report rest on an unsigned one', async () => {
    await gate();
    await execa(process.execPath, [main, 'keys', 'new'], { cwd: folder.path });
    expect((await gate('--resume', '--key', 'gate.pem')).carried).toEqual([]);
    expect((await gate('--resume', '--key', 'gate.pem')).carried).toEqual(['first']);
  });

  it('tries everything when there is no earlier report', async () => {
    const { all, carried } = await gate('--resume');
    expect(carried).toEqual([]);
    expect(all).toContain('there is no earlier report');
  });
});
