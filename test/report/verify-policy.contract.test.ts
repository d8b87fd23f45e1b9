import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { approvalFile } from '../../src/report/approval.ts';
import { alan, approve, gateKey, grace, signedReport, strict } from './approved.ts';
import { dark, now, p256, refusals, verify } from './sample.ts';

const minuteMs = 60_000;
const inMinutes = (minutes: number): Date => new Date(now.getTime() + minutes * minuteMs);

describe('verifyReport with a policy', () => {
  it('trusts the keys that the policy names, and accepts what two people approved', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await approve(report.folder, alan, 'Alan Turing');
    const other = p256();
    const result = await verify(report.folder, undefined, { policy: { ...strict, keys: [other.verifying, gateKey.verifying] } });
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'proceed', exitCode: 0 });
  });

  it('refuses a report of a key that the policy does not name, whichever key is given beside it', async () => {
    await using report = await signedReport();
    const policy = { ...strict, approvals: undefined, keys: [p256().verifying] };
    const byPolicy = await verify(report.folder, undefined, { policy });
    expect(byPolicy.exitCode).toBe(1);
    expect(refusals(byPolicy)[0]).toContain('signature no: attestation.sigstore.json was signed with another key');
    const several = { ...policy, keys: [p256().verifying, p256().verifying] };
    expect(refusals(await verify(report.folder, undefined, { policy: several }))[0]).toContain(
      `signature no: attestation.sigstore.json was signed with key ${gateKey.signing.keyId}, which is none of those trusted: `,
    );
    const byKey = await verify(report.folder, gateKey.publicPem, { policy });
    expect(byKey.exitCode).toBe(1);
    expect(refusals(byKey)).toEqual([expect.stringContaining(`policy-key no: key ${gateKey.signing.keyId} signed the report`)]);
  });

  it('refuses it again when an approval is taken away, or grows too old', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await approve(report.folder, alan, 'Alan Turing', { now: inMinutes(30) });
    const policy = { ...strict, maxAgeMs: undefined };
    const at = (minutes: number) => verify(report.folder, undefined, { policy, now: inMinutes(minutes) });
    expect((await at(60)).exitCode).toBe(0);
    const late = await at(61);
    expect(late.exitCode).toBe(1);
    expect(refusals(late)).toEqual([
      expect.stringMatching(/^policy-approvals no: 1 of 2 approvals, Alan Turing at .*; "Grace Hopper" does not count/),
    ]);
    await rm(join(report.folder, approvalFile(alan.signing.keyId)));
    expect(refusals(await at(60))).toEqual([expect.stringContaining('policy-approvals no: 1 of 2 approvals, Grace Hopper at')]);
  });

  it('cannot be talked into accepting a refusal', async () => {
    await using report = await signedReport(dark);
    const result = await verify(report.folder, undefined, { policy: { ...strict, approvals: undefined } });
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'do-not-proceed', exitCode: 1 });
  });

  it('names what --only left out', async () => {
    const leftOut = { code: 'run/left-out', says: 'left out of this run' } as const;
    await using report = await signedReport([
      { id: 'hall', lit: ['red', 'green'] },
      { id: 'cellar', failure: leftOut },
    ]);
    const result = await verify(report.folder, undefined, { policy: { ...strict, approvals: undefined } });
    expect(refusals(result)).toEqual([
      'policy-whole no: item "cellar" was left out of the run with --only: the policy asks for the whole gate',
    ]);
    expect(result.exitCode).toBe(1);
  });

  it('names what was not tried because it could have woken somebody', async () => {
    const asleep = { code: 'run/may-not-page', says: 'not run: it would wake Ada' } as const;
    await using report = await signedReport([
      { id: 'hall', lit: ['red', 'green'] },
      { id: 'cellar', failure: asleep },
    ]);
    const result = await verify(report.folder, undefined, { policy: { ...strict, approvals: undefined } });
    expect(refusals(result)).toEqual([
      'policy-whole no: item "cellar" was not tried, for it could have woken somebody: the policy asks for the whole gate',
    ]);
  });

  it('refuses everything of a report that cannot be read', async () => {
    await using report = await signedReport();
    await rm(join(report.folder, 'report.json'));
    const result = await verify(report.folder, undefined, { policy: { ...strict, approvals: undefined } });
    expect(result).toMatchObject({ exitCode: 1, approvals: [] });
  });
});
