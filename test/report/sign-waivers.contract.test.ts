import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approvalFile } from '../../src/report/approval.ts';
import { openApproval } from '../../src/attest/verify.ts';
import { approve, gateKey, grace, strict } from './approved.ts';
import { refusals, sampleRun, temporaryFolder, verify, writeSample } from './sample.ts';

const ada = { item: 'hall', by: 'Ada', reason: 'the lamp is ordered', expires: '2026-03-01' };
const policy = { maxAgeMs: 86_400_000, waivers: { items: ['hall'], severities: [], longestMs: 7 * 86_400_000 } };

describe('a report with a waiver', () => {
  it('can be approved as that, and passes only a policy that allows it', async () => {
    await using root = await temporaryFolder();
    const sample = sampleRun([{ id: 'hall', lit: ['green'], item: { severity: 'warning' } }], { waivers: [ada], policy });
    const folder = await writeSample(root.path, sample, gateKey.signing);
    expect(await approve(folder, grace, 'Grace Hopper')).toMatchObject({ outcome: 'signed' });
    const opened = openApproval(await readFile(join(folder, approvalFile(grace.signing.keyId))));
    expect(opened.opened && opened.statement.predicate.properties).toContain('LIVEPROOF_DECISION_PROCEED_WITH_WAIVERS');

    const approvals = { ...strict.approvals!, atLeast: 1 };
    const by = (waivers: typeof strict.waivers) => verify(folder, undefined, { policy: { ...strict, approvals, waivers } });
    expect(await by('allowed')).toMatchObject({ decision: 'proceed-with-waivers', exitCode: 0 });
    expect((await by({ severities: ['warning'] })).exitCode).toBe(0);
    expect((await by({ severities: ['low'] })).exitCode).toBe(1);
    const refused = await by('refused');
    expect(refusals(refused)).toEqual(['policy-waivers no: item "hall" is waived, and the policy allows no waivers']);
    expect(refused.exitCode).toBe(1);
    expect((await verify(folder, gateKey.publicPem)).exitCode).toBe(0);
  });

  it('cannot be approved from the end of the waiver on, nor count with an approval from before', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun([{ id: 'hall', lit: ['green'] }], { waivers: [ada], policy }), gateKey.signing);
    await approve(folder, grace, 'Grace Hopper');
    const late = new Date('2026-03-02T00:00:00.000Z');
    expect((await verify(folder, gateKey.publicPem, { now: late })).exitCode).toBe(1);
    expect(await approve(folder, grace, 'Grace Hopper', { now: late })).toMatchObject({ outcome: 'refused' });
  });

  it('passes no policy when what is waived was left out', async () => {
    await using root = await temporaryFolder();
    const leftOut = { code: 'run/left-out', says: 'left out of this run' } as const;
    const folder = await writeSample(root.path, sampleRun([{ id: 'hall', failure: leftOut }], { waivers: [ada], policy }), gateKey.signing);
    const result = await verify(folder, undefined, { policy: { ...strict, approvals: undefined, waivers: 'allowed' } });
    expect(result.exitCode).toBe(1);
    expect(refusals(result).join('\n')).toContain('policy-whole no: item "hall" was left out of the run with --only');
  });
});
