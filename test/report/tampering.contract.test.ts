import { mkdir, readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SigningKey } from '../../src/attest/keys.ts';
import { readFolder } from '../../src/report/verify/files.ts';
import { alan, approve, gateKey, grace, signedReport, strict } from './approved.ts';
import { dark, healthy, p256, refusals, sampleRun, temporaryFolder, verify, writeSample, type SampleItem } from './sample.ts';

/** Always the same numbers, so that a failure can be repeated: xorshift32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('one byte of an approved report', () => {
  it('changed anywhere is refused by name, 500 times of 500', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    await approve(report.folder, alan, 'Alan Turing');
    const byPolicy = () => verify(report.folder, undefined, { policy: strict });
    const byKey = () => verify(report.folder, gateKey.publicPem);
    expect([(await byPolicy()).exitCode, (await byKey()).exitCode]).toEqual([0, 0]);

    const names = await filesOf(report.folder);
    expect(names.filter((name) => name.includes('approval-'))).toHaveLength(2);
    const random = randomFrom(2026);
    const missed: string[] = [];
    for (let round = 0; round < 500; round++) {
      const file = names[round % names.length] ?? '';
      const original = await readFile(file);
      const changed = Buffer.from(original);
      const at = random(changed.length);
      changed[at] = ((changed[at] ?? 0) + 1 + random(255)) % 256;
      await writeFile(file, changed);
      const name = file.slice(report.folder.length + 1);
      // Without a policy an approver is unknown, and an approval still cannot be changed.
      const results = [await byPolicy(), ...(name.startsWith('approval-') ? [await byKey()] : [])];
      for (const result of results) {
        const isNamed = result.checks.some(({ holds, says }) => holds === 'no' && says.includes(name));
        if (!isNamed || result.exitCode !== 1) missed.push(`${name} at ${String(at)}: ${JSON.stringify(result.checks)}`);
      }
      await writeFile(file, original);
    }
    expect(missed).toEqual([]);
    expect([(await byPolicy()).exitCode, (await byKey()).exitCode]).toEqual([0, 0]);
  });

  it('too many or too few is refused in every file', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    for (const file of await filesOf(report.folder)) {
      const original = await readFile(file);
      for (const changed of [Buffer.concat([original, Buffer.from('\n')]), original.subarray(0, -1), Buffer.alloc(0)]) {
        await writeFile(file, changed);
        const result = await verify(report.folder, gateKey.publicPem);
        expect([file, result.exitCode]).toEqual([file, 1]);
        expect(refusals(result).join('\n')).toContain(file.slice(report.folder.length + 1));
      }
      await writeFile(file, original);
    }
  });
});

describe('a refusal whose evidence was rewritten into a pass, all digests with it,', () => {
  const lit: readonly SampleItem[] = dark.map(({ id, needs }) => ({ id, lit: ['red', 'green'], needs: needs ?? [] }));

  /** What a forger leaves: the report that the gate would have written, had all lamps been lit. */
  async function forge(key?: SigningKey) {
    const root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(lit), key);
    return { folder, [Symbol.asyncDispose]: () => root.remove() };
  }

  const outcomes = async (folder: string) => {
    const [withKey, withPolicy, without] = [
      await verify(folder, gateKey.publicPem),
      await verify(folder, undefined, { policy: { ...strict, approvals: undefined } }),
      await verify(folder),
    ];
    return { codes: [withKey.exitCode, withPolicy.exitCode, without.exitCode], says: refusals(withKey).join('\n') };
  };

  it('is refused unsigned', async () => {
    await using forged = await forge();
    const { codes, says } = await outcomes(forged.folder);
    expect(codes).toEqual([1, 1, 3]);
    expect(says).toBe('signature no: attestation.sigstore.json is missing: the report is not signed');
  });

  it('is refused with the attestation of the refusal', async () => {
    await using forged = await forge();
    await using refusal = await signedReport(dark);
    await writeFile(join(forged.folder, 'attestation.sigstore.json'), await readFile(join(refusal.folder, 'attestation.sigstore.json')));
    const { codes, says } = await outcomes(forged.folder);
    expect(codes).toEqual([1, 1, 1]);
    expect(says).toContain('subjects no: report.json was changed after it was signed');
  });

  it('is refused when it was signed with another key, under its own name or under the gate’s', async () => {
    const forger = p256();
    await using open = await forge(forger.signing);
    const { codes, says } = await outcomes(open.folder);
    expect(codes).toEqual([1, 1, 3]);
    expect(says).toContain('signature no: attestation.sigstore.json was signed with another key');
    await using masked = await forge({ ...forger.signing, keyId: gateKey.signing.keyId });
    const disguised = await outcomes(masked.folder);
    expect(disguised.codes).toEqual([1, 1, 3]);
    expect(disguised.says).toBe(
      'signature no: attestation.sigstore.json was changed after it was signed: its signature does not fit its content',
    );
  });

  it('would be accepted with the gate’s own signature, so that nothing else than the signature kept it out', async () => {
    await using forged = await forge(gateKey.signing);
    expect((await outcomes(forged.folder)).codes).toEqual([0, 0, 3]);
  });
});

describe('what does not belong into the folder', () => {
  const verified = async (folder: string): Promise<readonly string[]> => {
    const result = await verify(folder, gateKey.publicPem);
    expect(result.exitCode).toBe(1);
    return refusals(result);
  };

  it('is refused: a second bundle, an approval of no key, a folder of approvals', async () => {
    await using report = await signedReport();
    const { folder } = report;
    const bundle = await readFile(join(folder, 'attestation.sigstore.json'));
    await writeFile(join(folder, 'attestation-2.sigstore.json'), bundle);
    expect((await verified(folder)).join('\n')).toContain('files no: attestation-2.sigstore.json does not belong to the report');
    await unlink(join(folder, 'attestation-2.sigstore.json'));
    await writeFile(join(folder, 'approval-0123456789abcdef.sigstore.json'), bundle);
    expect(await verified(folder)).toEqual([
      'approvals no: approval-0123456789abcdef.sigstore.json does not hold an in-toto statement of an approval',
    ]);
    await unlink(join(folder, 'approval-0123456789abcdef.sigstore.json'));
    await mkdir(join(folder, 'approval-0123456789abcdef.sigstore.json'));
    expect(await verified(folder)).toEqual(['files no: approval-0123456789abcdef.sigstore.json is not a regular file']);
  });

  it('is refused: an approval in place of the attestation', async () => {
    await using report = await signedReport();
    await approve(report.folder, grace, 'Grace Hopper');
    const approval = (await readdir(report.folder)).find((name) => name.startsWith('approval-')) ?? '';
    await writeFile(join(report.folder, 'attestation.sigstore.json'), await readFile(join(report.folder, approval)));
    expect(await verified(report.folder)).toContain(
      'signature no: attestation.sigstore.json does not hold an in-toto statement of a test result',
    );
  });

  it('is refused unread when it is huge', async () => {
    await using report = await signedReport(healthy);
    await truncate(join(report.folder, 'attestation.sigstore.json'), 64 * 1024 ** 2);
    expect((await verified(report.folder)).join('\n')).toContain(
      'signature no: attestation.sigstore.json is larger than 33554432 bytes, which no attestation is',
    );
    const evidence = join(report.folder, 'evidence');
    await truncate(join(evidence, (await readdir(evidence))[0] ?? ''), 2 ** 40);
    expect((await verified(report.folder)).join('\n')).toMatch(/files no: evidence\/[0-9a-f]{64} is larger than 268435456 bytes/);
  });

  it('is read up to a number of files and of bytes, and refused beyond', async () => {
    await using report = await signedReport();
    const byCount = await readFolder(report.folder, { files: 6, bytes: 1024 ** 2 });
    expect(byCount.top.size + byCount.evidence.size).toBe(6);
    expect(byCount.troubles.map(({ says }) => says)).toEqual([
      expect.stringMatching(/^evidence\/\w+ and what follows was not read: there are more files than any report has$/),
    ]);
    const bySize = await readFolder(report.folder, { files: 100, bytes: 3000 });
    expect(bySize.troubles.map(({ says }) => says)).toContain('report.json was not read: the folder is larger than any report');
    expect((await readFolder(report.folder)).troubles).toEqual([]);
  });
});
