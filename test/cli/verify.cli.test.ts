import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysNewCommand } from '../../src/cli/commands/keys.ts';
import { verifyCommand, type VerifyCommandOptions } from '../../src/cli/commands/verify.ts';
import type { Io } from '../../src/cli/io.ts';
import { readSigningKey } from '../../src/attest/keys.ts';
import { reporters } from '../../src/reporters/index.ts';
import {
  dark,
  healthy,
  now,
  p256,
  proofs,
  sampleRun,
  temporaryFolder,
  toolVersion,
  writeSample,
  type SampleItem,
} from '../report/sample.ts';

/** A process that keeps what it is told. */
function processIn(cwd: string, color = false): Io & { readonly text: () => string } {
  let out = '';
  const stream = { write: (chunk: string) => ((out += chunk), true) };
  return { stdout: stream, stderr: stream, cwd, env: {}, now: () => now, color, text: () => out };
}

/** Writes a report under `reports/` of a new folder beside `gate.pub.pem`, and says what verifying it prints. */
async function workspace(items: readonly SampleItem[]) {
  const root = await temporaryFolder();
  const pair = p256();
  await writeFile(join(root.path, 'gate.pub.pem'), pair.publicPem);
  const folder = await writeSample(join(root.path, 'reports'), sampleRun(items), pair.signing);
  const shown = (text: string): string => text.replaceAll(pair.verifying.keyId, 'KEY');
  const verify = async (options: Partial<VerifyCommandOptions> = {}, color = false) => {
    const io = processIn(root.path, color);
    const exitCode = await verifyCommand({ folder: 'reports/lamps/2026-03-01T09-00-00Z', key: 'gate.pub.pem', ...options }, io, {
      proofs,
      reporters,
      toolVersion,
    });
    return { exitCode, text: shown(io.text()) };
  };
  return { root: root.path, folder, verify, [Symbol.asyncDispose]: () => root.remove() };
}

describe('liveproof verify', () => {
  it('says what was checked, and the decision last', async () => {
    await using work = await workspace(healthy);
    const { exitCode, text } = await work.verify();
    expect(text).toBe(`Verifying reports/lamps/2026-03-01T09-00-00Z

  ✓ files       the folder holds what belongs to the report, and nothing else
  ✓ report      report.json: gate lamps, environment none, 2 items, by liveproof 0.1.0
  ✓ signature   attestation.sigstore.json was signed with key KEY
  ✓ subjects    gates/lamps/gate.yaml, ctrf.json, junit.xml, report.html, report.json, report.md are what was signed
  ✓ evidence    5 files in evidence/ are the ones that report.json names, unchanged
  ✓ renderings  ctrf.json, junit.xml, report.html and report.md say what report.json says
  ✓ judgement   2 items, judged again from their evidence, have the same verdicts
  ✓ decision    the evidence leads to the same decision: proceed
  ✓ age         its oldest evidence is from 2026-03-01T09:02:30.500Z, 2m29s ago; 1d are allowed

PROCEED: the report is authentic, and this is its decision.
`);
    expect(exitCode).toBe(0);
  });

  it('says of an authentic refusal that it is authentic, and why it refuses', async () => {
    await using work = await workspace(dark);
    const { exitCode, text } = await work.verify();
    expect(text.slice(text.indexOf('DO NOT PROCEED'))).toBe(`DO NOT PROCEED: the report is authentic, and this is its decision.
  hall: disproven: red is dark
  stairs: blocked: not tried: it rests on "hall", which is not proven
  cellar: inconclusive: the cellar cannot be reached
`);
    expect(exitCode).toBe(1);
  });

  it('refuses a changed report and says which file was changed', async () => {
    await using work = await workspace(healthy);
    const file = join(work.folder, 'report.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('Ada', 'Bob'));
    const { exitCode, text } = await work.verify();
    expect(text).toContain('  ✗ subjects    report.json was changed after it was signed (SHA-256 is ');
    expect(text).toContain('  ✗ renderings  report.md does not say what report.json says\n');
    expect(text).toMatch(/\nREFUSED: do not rely on this report\.\nIt states PROCEED, but what is marked ✗ above does not hold\.\n$/);
    expect(exitCode).toBe(1);
  });

  it('does not call a report verified without a key', async () => {
    await using work = await workspace(healthy);
    const { exitCode, text } = await work.verify({ key: undefined });
    expect(text).toContain(
      '  ? signature   attestation.sigstore.json says that key KEY signed it, which cannot be checked without --key\n',
    );
    expect(text).toMatch(/\nNOT VERIFIED: the report states PROCEED, but what is marked \? above could not be told\.\n$/);
    expect(exitCode).toBe(3);
  });

  it('refuses an expired report', async () => {
    await using work = await workspace(healthy);
    const { exitCode, text } = await work.verify({ maxAge: '2m' });
    expect(text).toContain(
      '  ✗ age         the report has expired: its oldest evidence is from 2026-03-01T09:02:30.500Z, 2m29s ago, and 2m are allowed\n',
    );
    expect(exitCode).toBe(1);
  });

  it('refuses a report.json that was cut off, in so many words', async () => {
    await using work = await workspace(healthy);
    const file = join(work.folder, 'report.json');
    await writeFile(file, (await readFile(file)).subarray(0, 700));
    const { exitCode, text } = await work.verify();
    expect(text).toContain('  ✗ report     report.json is not JSON: it was cut off or changed\n');
    expect(text).toContain('It states nothing that can be read, but');
    expect(exitCode).toBe(1);
  });

  it('prints JSON for programs', async () => {
    await using work = await workspace(dark);
    await appendFile(join(work.folder, 'junit.xml'), ' ');
    const { exitCode, text } = await work.verify({ json: true });
    const result = JSON.parse(text) as { checks: object[] };
    expect(result).toMatchObject({
      folder: 'reports/lamps/2026-03-01T09-00-00Z',
      authentic: 'no',
      decision: 'do-not-proceed',
      exitCode: 1,
      report: { gate: 'lamps', environment: 'none', decision: 'do-not-proceed', finishedAt: '2026-03-01T09:02:30.500Z' },
    });
    expect(result.checks).toContainEqual({ check: 'renderings', holds: 'no', says: 'junit.xml does not say what report.json says' });
    expect(exitCode).toBe(1);
  });

  it('lets no file name or text of the report act on the terminal', async () => {
    await using work = await workspace(dark);
    await writeFile(join(work.folder, '\u001b[32m✓ all is well\u001b[0m'), '');
    const { text } = await work.verify();
    expect(text).toContain('  ✗ files       \\u{1b}[32m✓ all is well\\u{1b}[0m does not belong to the report\n');
    expect(text).not.toContain('\u001b');
    expect((await work.verify({}, true)).text).toContain('\u001b[31m✗\u001b[39m files');
  });

  it('explains what is wrong with its arguments', async () => {
    await using work = await workspace(healthy);
    await expect(work.verify({ maxAge: 'soon' })).rejects.toMatchObject({
      code: 'usage/bad-argument',
      message: '--max-age "soon" is not a duration',
    });
    await expect(work.verify({ key: 'missing.pem' })).rejects.toMatchObject({ code: 'key/unreadable' });
    await expect(work.verify({ folder: 'reports/nowhere' })).rejects.toMatchObject({ code: 'report/unreadable' });
  });
});

describe('liveproof keys new', () => {
  it('writes a pair, says which half is secret, and how to go on', async () => {
    await using root = await temporaryFolder();
    const io = processIn(root.path);
    expect(await keysNewCommand({ out: 'keys' }, io)).toBe(0);
    const { keyId } = await readSigningKey(join(root.path, 'keys/gate.pem'));
    expect(io.text()).toBe(`A new key pair, ECDSA P-256, key ${keyId}

  keys/gate.pem      private: signs reports. Keep it secret and out of version control; only you can read the file.
  keys/gate.pub.pem  public: verifies them. Give it to everybody who reads your reports.

Next:
  liveproof gate FILE --key keys/gate.pem
  liveproof verify REPORT_DIR --key keys/gate.pub.pem
`);
    expect((await stat(join(root.path, 'keys/gate.pem'))).mode & 0o777).toBe(0o600);
    expect(io.text()).not.toContain('PRIVATE KEY');
  });

  it('never overwrites a key, and leaves no half pair', async () => {
    await using root = await temporaryFolder();
    await keysNewCommand({}, processIn(root.path));
    const before = await readFile(join(root.path, 'gate.pem'), 'utf8');
    await expect(keysNewCommand({}, processIn(root.path))).rejects.toMatchObject({ code: 'key/unwritable' });
    expect(await readFile(join(root.path, 'gate.pem'), 'utf8')).toBe(before);

    await mkdir(join(root.path, 'other'));
    await writeFile(join(root.path, 'other/gate.pub.pem'), 'somebody’s');
    await expect(keysNewCommand({ out: 'other' }, processIn(root.path))).rejects.toMatchObject({
      message: `${join(root.path, 'other/gate.pub.pem')} is there already, and a key is never overwritten`,
    });
    expect(await readdir(join(root.path, 'other'))).toEqual(['gate.pub.pem']);
  });

  it('says where it cannot write', async () => {
    await using root = await temporaryFolder();
    await writeFile(join(root.path, 'a-file'), '');
    for (const out of ['a-file/keys', '/proc/x/keys']) {
      await expect(keysNewCommand({ out }, processIn(root.path))).rejects.toMatchObject({ code: 'key/unwritable' });
    }
  });
});
