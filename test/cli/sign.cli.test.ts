import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signCommand, type SignCommandOptions } from '../../src/cli/commands/sign.ts';
import { verifyCommand, type VerifyCommandOptions } from '../../src/cli/commands/verify.ts';
import type { Io } from '../../src/cli/io.ts';
import { reporters } from '../../src/reporters/index.ts';
import { alan, gateKey, grace, signedReport } from '../report/approved.ts';
import { dark, healthy, now, proofs, toolVersion, type SampleItem } from '../report/sample.ts';

const parts = { proofs, reporters, toolVersion };

/** A report with the keys of its gate and of two approvers beside it. */
async function workspace(items: readonly SampleItem[] = healthy) {
  const report = await signedReport(items);
  const { root } = report;
  const files = {
    'gate.pub.pem': gateKey.publicPem,
    'gate.pem': gateKey.privatePem,
    'grace.pem': grace.privatePem,
    'grace.pub.pem': grace.publicPem,
    'alan.pem': alan.privatePem,
    'alan.pub.pem': alan.publicPem,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  const run = async (command: (io: Io) => Promise<number>) => {
    let text = '';
    const stream = { write: (chunk: string) => ((text += chunk), true) };
    const exitCode = await command({ stdout: stream, stderr: stream, cwd: root, env: {}, now: () => now, color: false });
    return {
      exitCode,
      text: text
        .replaceAll(gateKey.signing.keyId, 'GATE')
        .replaceAll(grace.signing.keyId, 'GRACE')
        .replaceAll(alan.signing.keyId, 'ALAN')
        .replaceAll(/approval-[0-9a-f]{16}/g, 'approval-ID'),
    };
  };
  const folder = 'lamps/2026-03-01T09-00-00Z';
  return {
    root,
    sign: (options: Partial<SignCommandOptions> = {}) =>
      run((io) => signCommand({ folder, key: 'grace.pem', as: 'Grace Hopper', gateKey: 'gate.pub.pem', ...options }, io, parts)),
    verify: (options: Partial<VerifyCommandOptions> = {}) => run((io) => verifyCommand({ folder, ...options }, io, parts)),
    [Symbol.asyncDispose]: () => report[Symbol.asyncDispose](),
  };
}

const policy = `
policy: opening
gate: lamps
environment: none
signedBy: [gate.pub.pem]
maxAge: 1h
approvals:
  atLeast: 1
  maxAge: 1h
  from:
    - { name: Grace Hopper, signsWith: grace.pub.pem }
    - { name: Alan Turing, signsWith: alan.pub.pem }
items: [hall, { id: stairs, grade: passed }]
`;

describe('liveproof sign', () => {
  it('verifies the report, approves it and says what comes next', async () => {
    await using work = await workspace();
    const { exitCode, text } = await work.sign();
    expect(text).toBe(`Verifying lamps/2026-03-01T09-00-00Z before it is signed

  ✓ files       the folder holds what belongs to the report, and nothing else
  ✓ report      report.json: gate lamps, environment none, 2 items, by liveproof 0.1.0
  ✓ signature   attestation.sigstore.json was signed with key GATE
  ✓ subjects    gates/lamps/gate.yaml, ctrf.json, junit.xml, report.html, report.json, report.md are what was signed
  ✓ evidence    5 files in evidence/ are the ones that report.json names, unchanged
  ✓ renderings  ctrf.json, junit.xml, report.html and report.md say what report.json says
  ✓ judgement   2 items, judged again from their evidence, have the same verdicts
  ✓ decision    the evidence leads to the same decision: proceed
  ✓ age         its oldest evidence is from 2026-03-01T09:02:30.500Z, 2m29s ago; 1d are allowed

APPROVED by "Grace Hopper" at 2026-03-01T09:05:00.000Z: PROCEED
  approval-ID.sigstore.json, with key GRACE

Next:
  liveproof verify lamps/2026-03-01T09-00-00Z --policy FILE
`);
    expect(exitCode).toBe(0);
  });

  it('says that a key has approved before, and writes nothing', async () => {
    await using work = await workspace();
    await work.sign();
    const { exitCode, text } = await work.sign({ as: 'G. H.' });
    expect(text).toMatch(
      /\nAPPROVED BEFORE, by "Grace Hopper" at 2026-03-01T09:05:00\.000Z: a key approves once, so nothing was written\.\n {2}approval-ID\.sigstore\.json\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it('says what was not checked without the gate’s key, and that the gate’s own key counts only where a policy says so', async () => {
    await using work = await workspace();
    const { exitCode, text } = await work.sign({ gateKey: undefined, key: 'gate.pem', as: 'The pipeline' });
    expect(text).toContain(
      '  ? signature   attestation.sigstore.json says that key GATE signed it, which cannot be checked without --key\n',
    );
    expect(text).toContain('  Who ran the gate was not checked, and the approval does not say so: give its public key with --gate-key.\n');
    expect(text).toContain('  This key signed the report as well: a policy counts it only if it says so.\n');
    expect(exitCode).toBe(0);
  });

  it('signs nothing that does not hold, is not signed or says DO NOT PROCEED', async () => {
    await using changed = await workspace();
    await writeFile(join(changed.root, 'lamps/2026-03-01T09-00-00Z/report.md'), 'PROCEED');
    const first = await changed.sign();
    expect(first.text).toMatch(/\nNOT SIGNED\. The report does not hold, so there is nothing that could be approved\.\n$/);
    expect(first.exitCode).toBe(1);

    await using refusal = await workspace(dark);
    const second = await refusal.sign();
    expect(second.text).toMatch(
      /\nNOT SIGNED\. The report says DO NOT PROCEED, and an approval cannot change that: prove what is missing, or have the gate waive it\.\n$/,
    );
    expect(second.exitCode).toBe(1);

    await using unsigned = await workspace();
    await rm(join(unsigned.root, 'lamps/2026-03-01T09-00-00Z/attestation.sigstore.json'));
    const third = await unsigned.sign();
    expect(third.text).toMatch(/\nNOT SIGNED\. The report is not signed, and an approval is of a signature: run the gate with --key\.\n$/);
    expect(third.exitCode).toBe(1);
  });

  it('prints JSON for programs', async () => {
    await using work = await workspace();
    const { text } = await work.sign({ json: true });
    expect(JSON.parse(text)).toMatchObject({
      folder: 'lamps/2026-03-01T09-00-00Z',
      outcome: 'signed',
      decision: 'proceed',
      approval: { name: 'Grace Hopper', keyId: 'GRACE', at: '2026-03-01T09:05:00.000Z', file: 'approval-ID.sigstore.json' },
    });
    await using refusal = await workspace(dark);
    const refused = await refusal.sign({ json: true });
    expect(JSON.parse(refused.text)).toMatchObject({ outcome: 'refused', because: expect.stringContaining('DO NOT PROCEED') as string });
  });

  it('explains what is wrong with its arguments', async () => {
    await using work = await workspace();
    await expect(work.sign({ as: '  ' })).rejects.toMatchObject({ code: 'usage/bad-argument' });
    await expect(work.sign({ as: 'Grace\u001b[2J' })).rejects.toMatchObject({ code: 'usage/bad-argument' });
    await expect(work.sign({ as: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'usage/bad-argument' });
    await expect(work.sign({ key: 'grace.pub.pem' })).rejects.toMatchObject({ code: 'key/unreadable' });
    await expect(work.sign({ folder: 'nowhere' })).rejects.toMatchObject({ code: 'report/unreadable' });
  });
});

describe('liveproof verify --policy', () => {
  it('says line by line what the policy asks for, and that it is there', async () => {
    await using work = await workspace();
    await writeFile(join(work.root, 'policy.yaml'), policy);
    await work.sign();
    const { exitCode, text } = await work.verify({ policy: 'policy.yaml' });
    expect(text.slice(text.indexOf('  ✓ approvals')))
      .toBe(`  ✓ approvals           unchanged, and of this report: "Grace Hopper" with key GRACE at 2026-03-01T09:05:00.000Z; whose keys they are, a policy says
  ✓ policy-gate         the gate is "lamps", as the policy asks
  ✓ policy-environment  the environment is "none", as the policy asks
  ✓ policy-key          key GATE is trusted to run the gate
  ✓ policy-age          its oldest evidence is 2m29s old, and the policy allows 1h
  ✓ policy-approvals    1 of 1 approval, Grace Hopper at 2026-03-01T09:05:00.000Z
  ✓ policy-items        hall, stairs proven as far as the policy asks
  ✓ policy-waivers      nothing is waived
  ✓ policy-whole        all 2 items were tried

PROCEED: the report is authentic, and this is its decision.
It is all that the policy "opening" asks for.
`);
    expect(exitCode).toBe(0);
  });

  it('refuses an authentic report that the policy does not accept, and says that it is authentic', async () => {
    await using work = await workspace();
    await writeFile(join(work.root, 'policy.yaml'), policy.replace('environment: none', 'environment: production'));
    const { exitCode, text } = await work.verify({ policy: 'policy.yaml' });
    expect(text).toContain('  ✗ policy-environment  the report is of the environment "none", and the policy asks for "production"\n');
    expect(text).toContain('  ✗ policy-approvals    0 of 1 approval\n');
    expect(text).toMatch(/\nREFUSED: the report is authentic and states PROCEED, but it is not what the policy "opening" asks for\.\n$/);
    expect(exitCode).toBe(1);
    const json = JSON.parse((await work.verify({ policy: 'policy.yaml', json: true })).text) as object;
    expect(json).toMatchObject({ authentic: 'yes', policy: { name: 'opening', holds: 'no' }, approvals: [], exitCode: 1 });
  });

  it('shows what is wrong with the policy, with its places, and verifies nothing', async () => {
    await using work = await workspace();
    await writeFile(join(work.root, 'policy.yaml'), policy.replace('atLeast: 1', 'atLeast: 3').replace('maxAge: 1h', 'maxAgee: 1h'));
    const { exitCode, text } = await work.verify({ policy: 'policy.yaml' });
    expect(text).toBe(`error: unknown key "maxAgee" (config/unknown-key)
  --> policy.yaml:6:1
6 | maxAgee: 1h
  | ^^^^^^^ did you mean "maxAge"?
`);
    expect(exitCode).toBe(2);
  });
});
