import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const gate = `
gate: small
boards: [board.yaml]
items: [{ id: kept, proof: retention, atLeast: 30d }]
`;
const board = `
board: ops
title: Operations
refresh: 10s
access: { roles: [engineering] }
panels: [{ panel: up, title: Up, show: stat, queries: [{ query: up }] }]
`;

async function run(args: readonly string[], files: Readonly<Record<string, string>> = { 'gate.yaml': gate, 'board.yaml': board }) {
  const folder = await createTempFolder('generate');
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder.path, name), text);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
    cwd: folder.path,
    reject: false,
    timeout: 120_000,
  });
  return {
    exitCode,
    stdout,
    stderr,
    read: (file: string) => readFile(path.join(folder.path, file), 'utf8'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('generate grafana', () => {
  it('writes a file for each board and says which', async () => {
    await using done = await run(['generate', 'grafana', 'gate.yaml']);
    expect([done.exitCode, done.stdout]).toEqual([0, 'dashboards/ops.json']);
    expect(JSON.parse(await done.read('dashboards/ops.json'))).toMatchObject({ uid: 'ops', title: 'Operations', refresh: '10s' });
  });

  it('writes one board to standard output, for the data source that is named', async () => {
    await using done = await run(['generate', 'grafana', 'gate.yaml', '--board', 'ops', '--datasource', 'prom-1']);
    expect(JSON.parse(done.stdout)).toMatchObject({ uid: 'ops', panels: [{ datasource: { uid: 'prom-1' } }] });
  });

  it('says where it cannot write', async () => {
    await using done = await run(['generate', 'grafana', 'gate.yaml', '--out', 'gate.yaml/x']);
    expect([done.exitCode, done.stderr]).toEqual([2, expect.stringContaining('gate.yaml/x/ops.json cannot be written')]);
  });

  it('refuses a board that is not there, and a board file with a mistake, by its place', async () => {
    await using unknown = await run(['generate', 'grafana', 'gate.yaml', '--board', 'opps']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('its boards are ops')]);
    await using wrong = await run(['generate', 'grafana', 'gate.yaml'], {
      'gate.yaml': gate,
      'board.yaml': board.replace('show: stat', 'show: stats'),
    });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringMatching(/board\.yaml:6:/)]);
  });
});

describe('a gate without boards', () => {
  const files = { 'gate.yaml': gate.replace('boards: [board.yaml]', "stack: { prometheus: { url: 'http://127.0.0.1:9' } }") };

  it.each([
    ['has nothing to generate', ['generate', 'grafana', 'gate.yaml']],
    ['has nothing to serve', ['boards', 'gate.yaml', '--listen', '127.0.0.1:0']],
  ])('%s, and is told so', async (_, args) => {
    await using done = await run(args, files);
    expect([done.exitCode, done.stderr]).toEqual([2, expect.stringContaining('small has no boards')]);
  });
});

describe('boards', () => {
  it.each(['0.0.0.0:9096', '[::]:9096', '127.boards.example:9096'])(
    'does not listen on %s, where others can reach it, unless told to',
    async (listen) => {
      await using done = await run(['boards', 'gate.yaml', '--listen', listen]);
      expect([done.exitCode, done.stderr]).toEqual([2, expect.stringContaining('--exposed')]);
    },
  );

  it('needs to know where Prometheus is', async () => {
    await using done = await run(['boards', 'gate.yaml', '--listen', '127.0.0.1:0']);
    expect([done.exitCode, done.stderr]).toEqual([2, expect.stringContaining('does not say where Prometheus is')]);
  });
});

const watched = `
gate: watched
channels: { hook: { kind: webhook, url: 'http://127.0.0.1:9/hook', listen: '127.0.0.1:9' } }
items:
  - { id: down, proof: alert, rule: Down, expression: up == 0, labels: { severity: page }, receivers: [ops], channels: [hook] }
`;

describe('generate prometheus and alertmanager', () => {
  it('print what they write, or write it to a file and say so', async () => {
    await using printed = await run(['generate', 'prometheus', 'gate.yaml'], { 'gate.yaml': watched });
    expect([printed.exitCode, printed.stdout]).toEqual([0, expect.stringContaining('- alert: Down')]);
    await using filed = await run(['generate', 'alertmanager', 'gate.yaml', '--out', 'am/alertmanager.yml'], { 'gate.yaml': watched });
    expect([filed.exitCode, filed.stdout]).toEqual([0, 'am/alertmanager.yml']);
    expect(await filed.read('am/alertmanager.yml')).toContain('receiver: ops');
  });

  it('keep a file that is there and differs, unless they are told to replace it', async () => {
    const files = { 'gate.yaml': watched, 'rules.yml': 'mine' };
    await using kept = await run(['generate', 'prometheus', 'gate.yaml', '--out', 'rules.yml'], files);
    expect([kept.exitCode, kept.stderr]).toEqual([2, expect.stringMatching(/rules\.yml is there already and differs[^]*--force/)]);
    expect(await kept.read('rules.yml')).toBe('mine');
    await using replaced = await run(['generate', 'prometheus', 'gate.yaml', '--out', 'rules.yml', '--force'], files);
    expect([replaced.exitCode, await replaced.read('rules.yml')]).toEqual([0, expect.stringContaining('- alert: Down')]);
  });

  it('say what the gate lacks, at its place', async () => {
    const files = { 'gate.yaml': watched.replace(' expression: up == 0,', '') };
    await using done = await run(['generate', 'prometheus', 'gate.yaml'], files);
    expect([done.exitCode, done.stderr]).toEqual([2, expect.stringMatching(/does not say what the rule Down asks[^]*gate\.yaml:5:/)]);
  });
});

describe('generate schema', () => {
  it('needs no gate, and knows its parts', async () => {
    await using done = await run(['generate', 'schema'], {});
    expect(JSON.parse(done.stdout)).toMatchObject({ title: 'liveproof: gate file' });
    await using wrong = await run(['generate', 'schema', '--of', 'gates'], {});
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('gate, items, environment, check, board')]);
  });
});

describe('generate --help', () => {
  it('teaches all four', async () => {
    await using done = await run(['generate', '--help'], {});
    for (const what of ['prometheus', 'alertmanager', 'grafana', 'schema']) expect(done.stdout).toContain(`  liveproof generate ${what} `);
  });
});
