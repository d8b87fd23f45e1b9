import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
let folder: Awaited<ReturnType<typeof createTempFolder>>;
beforeAll(async () => void (folder = await createTempFolder('bad-input')));
afterAll(async () => folder[Symbol.asyncDispose]());

async function liveproof(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { cwd: folder.path, env, reject: false });
  expect(stdout + stderr).not.toMatch(/^\s+at /m);
  return { exitCode, said: stdout + stderr };
}

async function gateOf(text: string, env = {}) {
  await writeFile(path.join(folder.path, 'gate.yaml'), text);
  return liveproof(['gate', 'gate.yaml', '--no-pdf'], env);
}

const items = `items:
  - id: scrape
    statement: Prometheus scrapes the app
    proof: scrape
    job: app
    interval: 15s
`;

function gateAt(url: string, more = ''): string {
  return `gate: small\nstack:\n  prometheus:\n    url: ${url}\n${more}${items}`;
}

describe('a gate file with a mistake', () => {
  it.each([
    [
      'an unknown key',
      `gate: small\n${items.replace('interval', 'intervall')}`,
      `error: unknown key "intervall" (config/unknown-key)
  --> gate.yaml:7:5
7 |     intervall: 15s
  |     ^^^^^^^^^ did you mean "interval"?`,
    ],
    [
      'a wrong type',
      `gate: small\n${items.replace('15s', '15')}`,
      `error: "interval" must be a duration such as 15s, not 15 (config/wrong-type)
  --> gate.yaml:7:15
7 |     interval: 15
  |               ^^`,
    ],
    [
      'a missing variable',
      gateAt("'${NOWHERE}'"),
      `error: the variable "NOWHERE" is not set (config/missing-variable)
  --> gate.yaml:4:11
4 |     url: '\${NOWHERE}'
  |           ^^^^^^^^^^`,
    ],
    ['a tab for an indent', 'gate: small\nitems:\n\t- id: a\n', 'config/invalid-yaml'],
    ['an unknown kind of proof', `gate: small\n${items.replace('proof: scrape', 'proof: scrap')}`, 'config/unknown-kind'],
    ['nothing in it', '', 'gate.yaml'],
  ])('%s is shown with its place, exit 2', async (_, text, said) => {
    const result = await gateOf(text);
    expect(result.said).toContain(said);
    expect(result.exitCode).toBe(2);
  });

  it('with several mistakes shows all of them at once', async () => {
    const { said, exitCode } = await gateOf(`gate: small\nextra: 1\n${items.replace('15s', '15').replace('job', 'jbo')}`);
    expect(said.match(/^error: /gm)?.length).toBeGreaterThanOrEqual(3);
    expect(exitCode).toBe(2);
  });
});

describe('a command that cannot be carried out', () => {
  it.each([
    ['a gate file that is not there', ['gate', 'nowhere.yaml'], 'config/not-found'],
    ['an unknown environment', ['gate', 'gate.yaml', '--env', 'moon'], 'moon'],
    ['a key that is not there', ['gate', 'gate.yaml', '--key', 'no.pem'], 'key/unreadable'],
    ['a report that is not there', ['verify', 'no-report'], 'report/unreadable'],
    ['a duration that is none', ['verify', '.', '--max-age', 'soon'], 'usage/bad-argument'],
    ['an unknown option', ['gate', 'gate.yaml', '--hurry'], "unknown option '--hurry'"],
    ['an unknown command', ['gaet'], "unknown command 'gaet'"],
    ['no argument where one is needed', ['gate'], "missing required argument 'file'"],
  ])('says so for %s, exit 2', async (_, args, said) => {
    await writeFile(path.join(folder.path, 'gate.yaml'), gateAt('http://127.0.0.1:9'));
    const result = await liveproof(args);
    expect(result.said).toContain(said);
    expect(result.exitCode).toBe(2);
  });

  it('says so for a folder that no report can be written to, and does not call it a verdict', async () => {
    await writeFile(path.join(folder.path, 'gate.yaml'), gateAt('http://127.0.0.1:9'));
    await writeFile(path.join(folder.path, 'a-file'), '');
    const result = await liveproof(['gate', 'gate.yaml', '--report-dir', 'a-file/reports']);
    expect(result.said).toContain('report/unwritable');
    expect(result.exitCode).toBe(2);
  });
});

describe('a server that gives no answer', () => {
  it('makes the item inconclusive, names the line that names the server, and exits with 3', async () => {
    const { said, exitCode } = await gateOf(gateAt('http://127.0.0.1:9'));
    expect(said).toContain('gate.yaml:4:10');
    expect(said.replace(/\s+/g, ' ')).toContain('Prometheus at http://127.0.0.1:9 cannot be reached');
    expect(said).toContain('DO NOT PROCEED');
    expect(exitCode).toBe(3);
  });

  it('makes a wrong token inconclusive, keeps it to itself, and exits with 3', async () => {
    const server = createServer((_, response) => response.writeHead(401).end('no')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const { said, exitCode } = await gateOf(gateAt(url, "    token: '${SOME_TOKEN}'\n"), { SOME_TOKEN: 'a-wrong-token-1234' });
    server.close();
    expect(said).toContain('HTTP 401');
    expect(said).toContain('gate.yaml:4:10');
    expect(said).not.toContain('a-wrong-token');
    expect(exitCode).toBe(3);
  });
});

it('does not mind that nobody reads its output to the end', async () => {
  const { exitCode, stderr } = await execa('bash', ['-c', 'set -o pipefail; "$0" "$1" --help | head -n 1', process.execPath, main], {
    reject: false,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

it.each([
  ['Ctrl-C', 'SIGINT'],
  ['a kill', 'SIGTERM'],
  ['a terminal that is closed', 'SIGHUP'],
] as const)('stops on %s in the middle of a check, says so, and writes no report', async (_, signal) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    // Never answers the question that the run waits for.
    if (request.url === '/slow') return;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const own = path.join(folder.path, `stopped-${signal}`);
  await mkdir(own);
  await writeFile(path.join(own, 'slow.yaml'), `check: slow\nprobe: http\ntimeout: 10m\nsteps: [{ url: '${url}/slow', timeout: 10m }]\n`);
  await writeFile(path.join(own, 'gate.yaml'), 'gate: stopped\nchecks: [slow.yaml]\nitems:\n  - { id: slow, proof: check, check: slow }\n');
  const running = execa(process.execPath, [main, 'gate', 'gate.yaml'], { cwd: own, reject: false, all: true });
  await waitUntil('the run waits for its answer', () => asked.includes('GET /slow'), { withinMs: 240_000 });
  running.kill(signal);
  const { exitCode, all } = await running;
  server.closeAllConnections();
  server.close();
  expect(all).toContain('Stopped.');
  expect(exitCode).toBe(3);
  expect(await readdir(own)).not.toContain('reports');
});
