import { copyFile, readdir, readFile, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approvalOf, approvalFile } from '../../src/report/approval.ts';
import { approverOf } from '../../src/attest/approval.ts';
import { signStatement } from '../../src/attest/sign.ts';
import { openApproval } from '../../src/attest/verify.ts';
import { sha256 } from '../../src/base/digest.ts';
import { report as reportSchema } from '../../src/report/report.ts';
import { alan, approve, gateKey, grace, signedReport } from './approved.ts';
import { dark, ed25519, healthy, now, p256, refusals, sampleRun, temporaryFolder, verify, writeSample, type Pair } from './sample.ts';

const minuteMs = 60_000;

/** An approval as somebody else than liveproof might write it. */
async function forged(folder: string, pair: Pair, change: Partial<Parameters<typeof approvalOf>[0]> = {}): Promise<Buffer> {
  const report = reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
  const attestation = sha256(await readFile(join(folder, 'attestation.sigstore.json')));
  const approver = approverOf(pair.signing, 'Grace Hopper');
  const parts = {
    report: { ...report, decision: 'proceed' as const },
    attestation,
    approver,
    at: now.toISOString(),
    checkedSignature: true,
  };
  return signStatement(approvalOf({ ...parts, ...change }), pair.signing);
}

describe('signReport', () => {
  it.each([
    ['ECDSA P-256', p256],
    ['Ed25519', ed25519],
  ])('writes an approval with %s whose subject is the attestation, and the report still holds', async (_name, make) => {
    await using report = await signedReport();
    const approver = make();
    const signing = await approve(report.folder, approver, 'Grace Hopper');
    const file = approvalFile(approver.signing.keyId);
    expect(signing).toMatchObject({ outcome: 'signed', approval: { file, name: 'Grace Hopper', at: now.toISOString() } });

    const opened = openApproval(await readFile(join(report.folder, file)));
    expect(opened).toMatchObject({
      opened: true,
      keyId: approver.signing.keyId,
      statement: {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [
          {
            name: 'attestation.sigstore.json',
            digest: { sha256: sha256(await readFile(join(report.folder, 'attestation.sigstore.json'))) },
          },
        ],
        predicateType: 'https://in-toto.io/attestation/svr/v0.2',
        predicate: {
          verifier: {
            id: `ni:///sha-256;${Buffer.from(approver.signing.keyId, 'base64').toString('base64url')}`,
            policies: [{ name: 'gates/lamps/gate.yaml' }],
            liveproofApprover: { name: 'Grace Hopper', publicKey: approver.publicPem },
          },
          timeCreated: now.toISOString(),
          properties: [
            'LIVEPROOF_EVIDENCE_JUDGED_AGAIN',
            'LIVEPROOF_SIGNATURE_VERIFIED',
            'LIVEPROOF_DECISION_PROCEED',
            'LIVEPROOF_RELEASE_APPROVED',
          ],
        },
      },
    });
    const result = await verify(report.folder, gateKey.publicPem);
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ exitCode: 0, approvals: [{ file, name: 'Grace Hopper' }] });
    expect(result.checks.at(-1)).toEqual({
      check: 'approvals',
      holds: 'yes',
      says: `unchanged, and of this report: "Grace Hopper" with key ${approver.signing.keyId} at ${now.toISOString()}; whose keys they are, a policy says`,
    });
  });

  it('leaves out that the signature was verified when the gate’s key was not given', async () => {
    await using report = await signedReport();
    expect(await approve(report.folder, grace, 'Grace Hopper', { publicKey: undefined })).toMatchObject({ outcome: 'signed' });
    const opened = openApproval(await readFile(join(report.folder, approvalFile(grace.signing.keyId))));
    expect(opened.opened && opened.statement.predicate.properties).toEqual([
      'LIVEPROOF_EVIDENCE_JUDGED_AGAIN',
      'LIVEPROOF_DECISION_PROCEED',
      'LIVEPROOF_RELEASE_APPROVED',
    ]);
    expect(refusals(await verify(report.folder, gateKey.publicPem))).toEqual([]);
  });

  it('puts several approvals side by side, one for each key', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await approve(report.folder, alan, 'Alan Turing');
    const before = await readFile(join(report.folder, approvalFile(grace.signing.keyId)));
    const later = new Date(now.getTime() + minuteMs);
    expect(await approve(report.folder, grace, 'Somebody', { now: later })).toMatchObject({
      outcome: 'signed-before',
      approval: { name: 'Grace Hopper', at: now.toISOString() },
    });
    expect(await readFile(join(report.folder, approvalFile(grace.signing.keyId)))).toEqual(before);
    expect((await readdir(report.folder)).filter((name) => name.startsWith('approval-'))).toHaveLength(2);
    expect((await verify(report.folder, gateKey.publicPem)).approvals.map(({ name }) => name).toSorted()).toEqual([
      'Alan Turing',
      'Grace Hopper',
    ]);
  });

  const refused: readonly (readonly [string, (folder: string) => Promise<unknown>, string])[] = [
    ['was changed', (folder) => writeFile(join(folder, 'report.md'), 'PROCEED'), 'does not hold'],
    ['holds a link', (folder) => symlink('/etc/passwd', join(folder, 'passwd')), 'does not hold'],
    ['was cut off', (folder) => truncate(join(folder, 'report.json'), 300), 'does not hold'],
    [
      'has lost its attestation',
      (folder) => rename(join(folder, 'attestation.sigstore.json'), join(folder, '..', 'away')),
      'is not signed',
    ],
    [
      'has a link in place of the approval',
      (folder) => symlink('../elsewhere', join(folder, approvalFile(grace.signing.keyId))),
      'does not hold',
    ],
  ];
  it.each(refused)('does not sign a report that %s', async (_name, change, says) => {
    await using report = await signedReport();
    await change(report.folder);
    const signing = await approve(report.folder, grace, 'Grace Hopper');
    expect(signing).toMatchObject({ outcome: 'refused', because: expect.stringContaining(says) as string });
    expect(signing.verification.exitCode).toBe(1);
    expect(
      (await readdir(report.folder, { withFileTypes: true })).filter((each) => each.isFile() && each.name.startsWith('approval-')),
    ).toEqual([]);
  });

  it('does not sign a report that is not signed, has expired, says DO NOT PROCEED, or was signed by somebody else', async () => {
    await using root = await temporaryFolder();
    const unsigned = await writeSample(root.path, sampleRun(healthy));
    expect(await approve(unsigned, grace, 'Grace', { publicKey: undefined })).toMatchObject({
      outcome: 'refused',
      because: 'The report is not signed, and an approval is of a signature: run the gate with --key.',
    });
    await using report = await signedReport();
    const tomorrow = new Date(now.getTime() + 25 * 60 * minuteMs);
    expect(await approve(report.folder, grace, 'Grace', { now: tomorrow })).toMatchObject({ outcome: 'refused' });
    expect(await approve(report.folder, grace, 'Grace', { publicKey: p256().publicPem })).toMatchObject({ outcome: 'refused' });
    await using refusal = await signedReport(dark);
    expect(await approve(refusal.folder, grace, 'Grace')).toMatchObject({
      outcome: 'refused',
      because: expect.stringContaining('The report says DO NOT PROCEED') as string,
    });
  });
});

describe('an approval', () => {
  const place = (folder: string, pair: Pair, bytes: Uint8Array): Promise<void> =>
    writeFile(join(folder, approvalFile(pair.signing.keyId)), bytes);
  const said = async (folder: string): Promise<string> => refusals(await verify(folder, gateKey.publicPem)).join('\n');

  it('of another report is refused', async () => {
    await using report = await signedReport();
    await using other = await signedReport([{ id: 'hall', lit: ['red', 'green'] }]);
    await approve(other.folder, grace, 'Grace Hopper');
    const file = approvalFile(grace.signing.keyId);
    await copyFile(join(other.folder, file), join(report.folder, file));
    expect(await said(report.folder)).toBe(`approvals no: ${file} approves another report`);
  });

  it('of a report that was signed anew is refused', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await using again = await signedReport();
    for (const name of ['attestation.sigstore.json', 'report.json', 'report.md'])
      await copyFile(join(again.folder, name), join(report.folder, name));
    expect(await said(report.folder)).toBe(`approvals no: ${approvalFile(grace.signing.keyId)} approves another report`);
  });

  it('under another name than its key’s is refused, so that nobody counts twice', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    const own = approvalFile(grace.signing.keyId);
    const copy = approvalFile(alan.signing.keyId);
    await copyFile(join(report.folder, own), join(report.folder, copy));
    expect(await said(report.folder)).toBe(
      `approvals no: ${copy} holds the approval of key ${grace.signing.keyId}, which belongs into ${own}`,
    );
    await rename(join(report.folder, copy), join(report.folder, 'approval-copy.sigstore.json'));
    expect(await said(report.folder)).toContain('files no: approval-copy.sigstore.json does not belong to the report');
  });

  it('is refused when it says more, is too early or too late, or was signed with another key than the one it encloses', async () => {
    await using report = await signedReport();
    const { folder } = report;
    const file = approvalFile(grace.signing.keyId);
    const expectRefusal = async (bytes: Promise<Buffer>, says: string): Promise<void> => {
      await place(folder, grace, await bytes);
      expect(await said(folder)).toBe(`approvals no: ${file} ${says}`);
    };
    await expectRefusal(
      forged(folder, grace, { at: '2026-03-01T08:00:00.000Z' }),
      'is from 2026-03-01T08:00:00.000Z, before the report was there',
    );
    await expectRefusal(
      forged(folder, grace, { at: '2026-03-01T10:00:00.000Z' }),
      `is from the future: 2026-03-01T10:00:00.000Z, and it is ${now.toISOString()}`,
    );
    await expectRefusal(
      forged(folder, grace, { approver: approverOf(alan.signing, 'Alan') }),
      `was signed with another key: ${grace.signing.keyId}, while the one given is ${alan.signing.keyId}`,
    );
    await expectRefusal(
      forged(folder, grace, { approver: { ...approverOf(grace.signing, 'Grace'), publicKey: 'none' } }),
      'encloses no public key that can be read',
    );
    const report2 = reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
    await expectRefusal(
      forged(folder, grace, { report: { ...report2, decision: 'proceed-with-waivers' } }),
      'says something else of the report than an approval does',
    );
    await place(folder, grace, await forged(folder, grace));
    expect(await said(folder)).toBe('');
  });

  it('of a refusal, of an unsigned report, or too large to be one, is refused', async () => {
    await using refusal = await signedReport(dark);
    const file = approvalFile(grace.signing.keyId);
    await place(refusal.folder, grace, await forged(refusal.folder, grace));
    expect(await said(refusal.folder)).toBe(`approvals no: ${file} approves a report that says DO NOT PROCEED`);
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await rename(join(report.folder, 'attestation.sigstore.json'), join(report.root, 'away'));
    expect(await said(report.folder)).toContain(`approvals no: ${file} approves a report that is not signed`);
    await using large = await signedReport();
    await approve(large.folder, grace, 'Grace Hopper');
    await truncate(join(large.folder, file), 2 ** 20);
    expect(await said(large.folder)).toBe(`approvals no: ${file} is larger than 65536 bytes, which no approval is`);
  });
});
