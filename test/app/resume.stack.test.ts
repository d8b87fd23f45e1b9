import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveGate } from '../../src/app/prove-gate.ts';
import { systemClock } from '../../src/base/clock.ts';
import { channels } from '../../src/channels/index.ts';
import { loadGate, type LoadedGate } from '../../src/config/load-gate.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { reporters } from '../../src/reporters/index.ts';
import { startBoardServer, type RunningBoardServer } from '../../src/web/server.ts';
import { reservePort, type ReservedPort } from '../sandbox/free-port.ts';
import { startStack, type RunningStack } from '../sandbox/stack.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const rules = (forA: string) => `
groups:
  - name: lamps
    rules:
      - { alert: LampA, expr: 'lamp_a < 1', for: ${forA}, labels: { severity: warning } }
      - { alert: LampB, expr: 'lamp_b < 1', for: 1m, labels: { severity: page } }
`;

const routes = (waitOfA: string) => `
route:
  receiver: nobody
  routes:
    - { matchers: ['alertname="LampA"'], receiver: a, group_wait: ${waitOfA} }
    - { matchers: ['alertname="LampB"'], receiver: b }
receivers: [{ name: nobody }, { name: a }, { name: b }]
`;

const board = (warning: number) => `
board: lamps
title: Lamps
refresh: 10s
access: public
panels: [{ panel: lit, title: Lit, show: stat, warning: ${String(warning)}, queries: [{ query: lamp_a }] }]
`;

const flow = (name: string, title: string) => `
import { title } from './${name}-title.ts';
export default async ({ page, expect }) => {
  await page.setContent('<title>${title}</title>');
  await expect(page).toHaveTitle(title);
};
`;

let folder: Awaited<ReturnType<typeof createTempFolder>>;
let stack: RunningStack;
let boards: RunningBoardServer;
let boardsPort: ReservedPort;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder.path, name), text);
}

/** One line of each kind that a change can touch, and beside each another one that it must leave alone. */
const gate = () => `
gate: lamps
stack:
  prometheus: { url: '${stack.prometheus.url}' }
  alertmanager: { url: '${stack.alertmanager.url}' }
  boards: { url: 'http://127.0.0.1:${String(boardsPort.port)}' }
checks: [in.yaml, out.yaml]
boards: [lamps.yaml]
items:
  - { id: scrape, proof: scrape, job: exporter, interval: 1s, grade: up }
  - { id: alert-a, proof: alert, rule: LampA, grade: routed, receivers: [a], firesWhen: [{ say: dark, series: [{ series: 'lamp_a{job="exporter"}', value: 0.9 }] }], silentWhen: [{ say: lit, series: [{ series: 'lamp_a{job="exporter"}', value: 1 }] }] }
  - { id: alert-b, proof: alert, rule: LampB, grade: routed, receivers: [b], firesWhen: [{ say: dark, series: [{ series: 'lamp_b{job="exporter"}', value: 0.9 }] }], silentWhen: [{ say: lit, series: [{ series: 'lamp_b{job="exporter"}', value: 1 }] }] }
  - { id: board, proof: dashboard, board: lamps, grade: answering }
  - { id: way-in, proof: check, check: in }
  - { id: way-out, proof: check, check: out }
`;

const kinds = { proofs, channels, probes };

async function load(): Promise<LoadedGate> {
  const loaded = await loadGate({ file: path.join(folder.path, 'gate.yaml'), env: {}, kinds });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  return loaded;
}

/** Serves the board, at the same address as before. */
async function serveBoard(warning: number): Promise<void> {
  const { gate: declared } = await load();
  await boards?.stop();
  const [only] = declared.boards;
  if (only === undefined) throw new Error('no board');
  const gateOfServer = { ...declared, boards: [{ ...only, panels: only.panels.map((panel) => ({ ...panel, warning })) }] };
  boards = await startBoardServer({
    gate: gateOfServer,
    host: '127.0.0.1',
    port: boardsPort.port,
    clock: systemClock,
    toolVersion: 'test',
  });
}

async function prove(resume: boolean) {
  let said = '';
  const { report } = await proveGate({
    loaded: await load(),
    kinds,
    reporters,
    reportRoot: path.join(folder.path, 'reports'),
    resume,
    operator: 'test',
    toolVersion: 'test',
    clock: systemClock,
    signal: AbortSignal.timeout(240_000),
    tell: () => undefined,
    allowPaging: true,
    tellCarried: (says) => (said = says),
  });
  const unproven = report.items.filter(({ state }) => state !== 'proven').map(({ id, reasons }) => `${id}: ${reasons[0]?.says ?? ''}`);
  return {
    unproven,
    again: report.items.filter(({ carriedFrom }) => carriedFrom === undefined).map(({ id }) => id),
    because: said.split('\n').slice(1),
  };
}

beforeAll(async () => {
  folder = await createTempFolder('resume');
  stack = await startStack({
    metrics: 'lamp_a 1\nlamp_b 1\n',
    rules: rules('1m'),
    alertmanagerConfig: routes('10s'),
  });
  boardsPort = await reservePort();
  await write({
    'lamps.yaml': board(5),
    'in.yaml': 'check: in\nprobe: browser\nscript: in.ts\n',
    'out.yaml': 'check: out\nprobe: browser\nscript: out.ts\n',
    'in.ts': flow('in', 'Welcome'),
    'in-title.ts': "export const title = 'Welcome';\n",
    'out.ts': flow('out', 'Goodbye'),
    'out-title.ts': "export const title = 'Goodbye';\n",
    'gate.yaml': gate(),
  });
  await serveBoard(5);
  expect((await prove(false)).unproven).toEqual([]);
});
afterAll(async () => {
  await boards?.stop();
  await boardsPort?.[Symbol.asyncDispose]();
  await stack?.stop();
  await folder?.[Symbol.asyncDispose]();
});

describe('resuming on a live stack', () => {
  it('proves nothing again as long as nothing changed', async () => {
    expect(await prove(true)).toEqual({ unproven: [], again: [], because: [] });
  });

  it.each([
    [
      'a rule has another `for`',
      'alert-a',
      'the rule LampA changed since',
      () => stack.prometheus.reload({ rules: { 'stack.rules.yml': rules('2m') } }),
    ],
    ['an alert has another route', 'alert-a', 'the route of LampA changed since', () => stack.alertmanager.reload(routes('20s'))],
    [
      'a browser script is another one',
      'way-in',
      `the script in.ts changed since`,
      () => write({ 'in.ts': `// The same, in other words.${flow('in', 'Welcome')}` }),
    ],
    [
      'a module that a browser script imports is another one',
      'way-out',
      'the script out.ts changed since',
      () => write({ 'out-title.ts': "export const title = 'Good' + 'bye';\n" }),
    ],
    ['a board is another one on its server', 'board', 'the board lamps on its server changed since', () => serveBoard(6)],
  ])('proves again exactly what it is about when %s', async (_, item, because, change) => {
    await change();
    const { again, because: said } = await prove(true);
    expect({ again, said }).toEqual({
      again: [item],
      said: [expect.stringMatching(`^${item} is proven again: ${because.replace('script ', 'script .*')}$`)],
    });
    expect((await prove(true)).again.filter((id) => id !== item)).toEqual([]);
  });

  it('proves again what a server that does not answer keeps it from knowing', async () => {
    await stack.alertmanager.crash();
    const { again, because } = await prove(true);
    expect(again).toEqual(['alert-a', 'alert-b']);
    expect(because.join('\n')).toMatch(/alert-b is proven again: what it rests on cannot be read \(Alertmanager at .* cannot be reached/);
    await stack.alertmanager.resume();
  });
});
