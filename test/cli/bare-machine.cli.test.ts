import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { startBareMachine, type BareMachine } from './bare-machine.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');

const policy = `
policy: production
gate: shop
environment: default
keys: [gate.pub.pem]
maxAge: 1h
approvals:
  from: [{ name: Grace Hopper, key: grace.pub.pem }]
grades:
  critical: { check: steady }
items: [health]
`;

/** Proves a small gate on a real server, and has it approved. Returns the report's folder. */
async function proveAndApprove(folder: string): Promise<string> {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  await writeFile(path.join(folder, 'health.yaml'), `check: health\nprobe: http\nsteps: [{ url: '${url}' }]\n`);
  const item = '{ id: health, severity: critical, proof: check, check: health, grade: steady, times: 2 }';
  await writeFile(path.join(folder, 'gate.yaml'), `gate: shop\nchecks: [health.yaml]\nitems:\n  - ${item}\n`);
  const liveproof = (...args: readonly string[]) => execa(process.execPath, [main, ...args], { cwd: folder, timeout: 60_000 });
  try {
    await liveproof('keys', 'new', '--out', 'gate');
    await liveproof('keys', 'new', '--out', 'grace');
    await liveproof('gate', 'gate.yaml', '--key', 'gate/gate.pem');
    const [name = ''] = await readdir(path.join(folder, 'reports/shop'));
    const report = path.join(folder, 'reports/shop', name);
    await liveproof('sign', report, '--key', 'grace/gate.pem', '--as', 'Grace Hopper', '--gate-key', 'gate/gate.pub.pem');
    return report;
  } finally {
    server.close();
  }
}

describe('a machine that has only the report’s folder, the public key and the package', () => {
  let machine: BareMachine;
  beforeAll(async () => {
    await using folder = await createTempFolder('shop');
    const [started, report] = await Promise.all([startBareMachine(), proveAndApprove(folder.path)]);
    machine = started;
    await cp(report, path.join(machine.path, 'report'), { recursive: true });
    for (const name of ['gate', 'grace'])
      await cp(path.join(folder.path, name, 'gate.pub.pem'), path.join(machine.path, `${name}.pub.pem`));
    await writeFile(path.join(machine.path, 'policy.yaml'), policy);
  });
  afterAll(() => machine[Symbol.asyncDispose]());

  it('derives the decision from the evidence alone', async () => {
    const { exitCode, text } = await machine.liveproof('verify', 'report', '--key', 'gate.pub.pem');
    expect(text).toContain('  ✓ judgement   1 items, judged again from their evidence, have the same verdicts\n');
    expect(text).toContain('  ✓ decision    the evidence leads to the same decision: proceed\n');
    expect(text).toMatch(/\nPROCEED: the report is authentic, and this is its decision\.$/);
    expect(exitCode).toBe(0);
  });

  it('holds it against a policy', async () => {
    const { exitCode, text } = await machine.liveproof('verify', 'report', '--policy', 'policy.yaml');
    expect(text).toMatch(/\nIt is all that the policy "production" asks for\.$/);
    expect(exitCode).toBe(0);
    await writeFile(path.join(machine.path, 'stricter.yaml'), policy.replace('steady', 'shown-to-fail'));
    const refused = await machine.liveproof('verify', 'report', '--policy', 'stricter.yaml');
    expect(refused.text).toContain('✗ policy-grades       item "health" was proven up to "steady": the policy asks for "shown-to-fail"');
    expect(refused.exitCode).toBe(1);
  });

  it('refuses a report whose evidence says something else than the report', async () => {
    await cp(path.join(machine.path, 'report'), path.join(machine.path, 'changed'), { recursive: true });
    const evidence = path.join(machine.path, 'changed/evidence');
    for (const name of await readdir(evidence)) {
      const text = await readFile(path.join(evidence, name), 'utf8');
      await writeFile(path.join(evidence, name), text.replace('"status":200', '"status":500'));
    }
    const { exitCode, text } = await machine.liveproof('verify', 'changed', '--key', 'gate.pub.pem');
    expect(text).toContain('REFUSED: do not rely on this report.');
    expect(exitCode).toBe(1);
  });
});
