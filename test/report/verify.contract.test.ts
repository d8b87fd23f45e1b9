import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { signStatement } from '../../src/attest/sign.ts';
import { openBundle } from '../../src/attest/verify.ts';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { sha256 } from '../../src/base/digest.ts';
import { ladders } from '../../src/gate/grade.ts';
import { writeReport } from '../../src/report/folder.ts';
import { report as reportSchema, reportText, type Report, type ReportItem } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { png } from '../reporters/rich.ts';
import {
  dark,
  ed25519,
  healthy,
  now,
  p256,
  proofs,
  refusals,
  sampleReport,
  sampleRun,
  sources,
  temporaryFolder,
  verify,
  writeSample,
  type Sample,
  type SampleItem,
} from './sample.ts';

const run = promisify(execFile);
const pair = p256();

/** A signed report of `items` in a folder of its own, possibly changed before it was signed. */
async function signed(items: readonly SampleItem[] = healthy, change?: (report: Report) => Report) {
  const root = await temporaryFolder();
  const folder = await writeSample(root.path, sampleRun(items), pair.signing, change);
  return { folder, [Symbol.asyncDispose]: () => root.remove() };
}

/** The same with one observation replaced, and the report written to fit it, as whoever holds the key could. */
function rewritten(sample: Sample, from: string, to: string): Sample {
  const evidence = new Map(sample.evidence);
  const items = sample.run.items.map((item) => {
    const [name = '', ...others] = item.evidence;
    const text = Buffer.from(evidence.get(name) ?? '').toString();
    if (!text.includes(from)) return item;
    const changed = text.replace(from, to);
    evidence.delete(name);
    evidence.set(sha256(changed), Buffer.from(changed));
    return { ...item, evidence: [sha256(changed), ...others] };
  });
  return { run: { ...sample.run, items }, evidence };
}

describe('verifyReport', () => {
  it('refuses a folder that its run did not finish, however whole it looks', async () => {
    await using report = await signed();
    const unfinished = join(dirname(report.folder), '.unfinished-4711');
    await rename(report.folder, unfinished);
    expect(refusals(await verify(unfinished, pair.publicPem))).toEqual([
      'files no: the run that wrote this report was ended before it was finished',
    ]);
  });

  it.each([
    ['ECDSA P-256', p256],
    ['Ed25519', ed25519],
  ])('accepts a report signed with %s and all that it says', async (_name, make) => {
    await using root = await temporaryFolder();
    const own = make();
    const result = await verify(await writeSample(root.path, sampleRun(healthy), own.signing), own.publicPem);
    expect(result.checks.map(({ check, holds }) => `${check} ${holds}`)).toEqual([
      'files yes',
      'report yes',
      'signature yes',
      'subjects yes',
      'evidence yes',
      'renderings yes',
      'judgement yes',
      'decision yes',
      'age yes',
    ]);
    expect(result).toMatchObject({ decision: 'proceed', exitCode: 0 });
  });

  it('accepts an authentic report that says do-not-proceed as authentic, with the exit code of its decision', async () => {
    await using report = await signed(dark);
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toEqual([]);
    expect(result).toMatchObject({ decision: 'do-not-proceed', exitCode: 1 });

    await using untold = await signed([{ id: 'cellar', failure: { code: 'stack/unreachable', says: 'the cellar cannot be reached' } }]);
    expect(await verify(untold.folder, pair.publicPem)).toMatchObject({ decision: 'do-not-proceed', exitCode: 3 });
  });

  it('cannot tell without a key, whatever else holds', async () => {
    await using report = await signed();
    const result = await verify(report.folder);
    expect(refusals(result)).toEqual([
      `signature unknown: attestation.sigstore.json says that key ${pair.verifying.keyId} signed it, which cannot be checked without --key`,
    ]);
    expect(result.exitCode).toBe(3);
  });

  it('cannot tell who wrote an unsigned report, and refuses it when a key is given', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy));
    const without = await verify(folder);
    expect(refusals(without)).toEqual(['signature unknown: the report is not signed: anybody may have written it']);
    expect(without.exitCode).toBe(3);
    const withKey = await verify(folder, pair.publicPem);
    expect(refusals(withKey)).toEqual(['signature no: attestation.sigstore.json is missing: the report is not signed']);
    expect(withKey.exitCode).toBe(1);
  });

  it('gives 1 for an unsigned report in which something is disproven', async () => {
    await using root = await temporaryFolder();
    expect(await verify(await writeSample(root.path, sampleRun(dark)))).toMatchObject({ exitCode: 1 });
  });

  it('notices that the attestation was taken away, even without a key', async () => {
    await using report = await signed();
    await unlink(join(report.folder, 'attestation.sigstore.json'));
    const result = await verify(report.folder);
    expect(refusals(result)[0]).toBe(
      `signature no: attestation.sigstore.json is missing, although the report was signed with key ${pair.verifying.keyId}`,
    );
    expect(result.exitCode).toBe(1);
  });

  it('refuses a report of another signer', async () => {
    await using report = await signed();
    const result = await verify(report.folder, p256().publicPem);
    expect(refusals(result)[0]).toContain('signature no: attestation.sigstore.json was signed with another key');
    expect(result.exitCode).toBe(1);
  });

  it('refuses the attestation of another report of the same signer', async () => {
    await using report = await signed();
    await using other = await signed(dark);
    await rename(join(other.folder, 'attestation.sigstore.json'), join(report.folder, 'attestation.sigstore.json'));
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toEqual([
      expect.stringContaining('subjects no: ctrf.json was changed after it was signed'),
      expect.stringContaining('subjects no: junit.xml was changed after it was signed'),
      expect.stringContaining('subjects no: report.html was changed after it was signed'),
      expect.stringContaining('subjects no: report.json was changed after it was signed'),
      expect.stringContaining('subjects no: report.md was changed after it was signed'),
      'subjects no: attestation.sigstore.json states another result (FAILED) or other tests or configuration than report.json',
    ]);
    expect(result.exitCode).toBe(1);
  });

  it('refuses a report that names another signer than the one who signed it', async () => {
    await using report = await signed();
    const other = p256();
    const file = join(report.folder, 'attestation.sigstore.json');
    const opened = openBundle(await readFile(file));
    if (!opened.opened) throw new Error(opened.says);
    await writeFile(file, await signStatement(opened.statement, other.signing));
    const result = await verify(report.folder, other.publicPem);
    expect(refusals(result)).toEqual([`signature no: report.json says that it was signed with another key: ${pair.signing.keyId}`]);
  });

  it('refuses a readable file that was put beside the signed ones', async () => {
    await using root = await temporaryFolder();
    const sample = sampleRun(healthy);
    const markdown = reporters.filter(({ kind }) => kind === 'markdown');
    const folder = await writeSample(root.path, sample, pair.signing, undefined, markdown);
    const junit = reporters.find(({ kind }) => kind === 'junit');
    await writeFile(join(folder, 'junit.xml'), junit?.render(sampleReport(sample, { keyId: pair.signing.keyId })) ?? '');
    expect(refusals(await verify(folder, pair.publicPem))).toEqual(['subjects no: junit.xml is not named in attestation.sigstore.json']);
  });

  it('throws a fault when there is no such folder', async () => {
    await expect(verify('/nowhere/at/all')).rejects.toMatchObject({
      code: 'report/unreadable',
      message: 'there is no report folder /nowhere/at/all',
    });
  });
});

describe('a change of one byte', () => {
  it('is refused in every file of the report, naming the file, 300 times of 300', async () => {
    await using report = await signed(dark);
    const names = (await readdir(report.folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(names).toHaveLength(11);
    // Always the same numbers, so that a failure can be repeated: xorshift32.
    let state = 2026;
    const random = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    const missed: string[] = [];
    for (let round = 0; round < 300; round++) {
      const file = names[round % names.length] ?? '';
      const original = await readFile(file);
      const changed = Buffer.from(original);
      const at = random(changed.length);
      changed[at] = ((changed[at] ?? 0) + 1 + random(255)) % 256;
      await writeFile(file, changed);
      const result = await verify(report.folder, pair.publicPem);
      const name = file.slice(report.folder.length + 1);
      const named = result.checks.some(({ holds, says }) => holds === 'no' && says.includes(name));
      if (!named || result.exitCode !== 1) missed.push(`${name} at ${String(at)}: ${JSON.stringify(result.checks)}`);
      await writeFile(file, original);
    }
    expect(missed).toEqual([]);
    expect(refusals(await verify(report.folder, pair.publicPem))).toEqual([]);
  });

  it('is noticed in an unsigned report wherever something else depends on it', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(dark));
    for (const name of [
      'report.html',
      'report.md',
      'junit.xml',
      ...(await readdir(join(folder, 'evidence'))).map((each) => `evidence/${each}`),
    ]) {
      const original = await readFile(join(folder, name));
      await writeFile(join(folder, name), Buffer.concat([original.subarray(0, 10), Buffer.from('~'), original.subarray(11)]));
      const result = await verify(folder);
      expect(result.exitCode).toBe(1);
      expect(refusals(result).join('\n')).toContain(name);
      await writeFile(join(folder, name), original);
    }
  });
});

describe('what is in the folder', () => {
  const changes: readonly (readonly [string, (folder: string) => Promise<unknown>, string])[] = [
    ['an extra file', (folder) => writeFile(join(folder, 'notes.txt'), 'hi'), 'files no: notes.txt does not belong to the report'],
    ['an extra folder', (folder) => mkdir(join(folder, 'more')), 'files no: more is not a regular file'],
    ['a missing report.json', (folder) => unlink(join(folder, 'report.json')), 'files no: report.json is missing'],
    ['a missing report.md', (folder) => unlink(join(folder, 'report.md')), 'subjects no: report.md was signed, but is missing'],
    ['no evidence at all', (folder) => rm(join(folder, 'evidence'), { recursive: true }), 'is missing or cannot be read'],
    [
      'a report.json that was cut off',
      (folder) => truncate(join(folder, 'report.json'), 500),
      'report no: report.json is not JSON: it was cut off or changed',
    ],
    [
      'an empty report.json',
      (folder) => truncate(join(folder, 'report.json'), 0),
      'report no: report.json is not JSON: it was cut off or changed',
    ],
    [
      'a report.json of something else',
      (folder) => writeFile(join(folder, 'report.json'), '{}'),
      'report no: report.json is not a report: ',
    ],
    [
      'a report.json nested without end',
      async (folder) => {
        const text = await readFile(join(folder, 'report.json'), 'utf8');
        const lamps = /"lamps": \[[^\]]*\]/;
        await writeFile(join(folder, 'report.json'), text.replace(lamps, `"lamps": ${'['.repeat(100_000)}${']'.repeat(100_000)}`));
      },
      'report no: report.json is not a report: it is nested too deeply',
    ],
    [
      'a report.json that is not UTF-8',
      async (folder) =>
        writeFile(
          join(folder, 'report.json'),
          (await readFile(join(folder, 'report.json'), 'latin1')).replace('Ada', '\u00c4da'),
          'latin1',
        ),
      'report no: report.json is not JSON: it was cut off or changed',
    ],
    [
      'a link in place of report.md',
      async (folder) => {
        await rename(join(folder, 'report.md'), join(folder, '..', 'report.md'));
        await symlink('../report.md', join(folder, 'report.md'));
      },
      'files no: report.md is a symbolic link',
    ],
    [
      'a link in place of the evidence',
      async (folder) => {
        await rename(join(folder, 'evidence'), join(folder, '..', 'elsewhere'));
        await writeFile(join(folder, 'evidence'), '');
      },
      'files no: evidence is not a folder',
    ],
    [
      'its evidence in another folder, behind a link',
      async (folder) => {
        await rename(join(folder, 'evidence'), join(folder, '..', 'elsewhere'));
        await symlink('../elsewhere', join(folder, 'evidence'));
      },
      'files no: evidence is a symbolic link',
    ],
    [
      'a pipe that nobody writes to',
      async (folder) => {
        await unlink(join(folder, 'junit.xml'));
        await run('mkfifo', [join(folder, 'junit.xml')]);
      },
      'files no: junit.xml is not a regular file',
    ],
    [
      'a file too large to be of a report',
      (folder) => truncate(join(folder, 'junit.xml'), 2 ** 40),
      'files no: junit.xml is larger than 268435456 bytes',
    ],
    ['an endless device', (folder) => symlink('/dev/zero', join(folder, 'zero')), 'files no: zero is a symbolic link'],
  ];
  it.each(changes)('is refused with %s', async (_name, change, says) => {
    await using report = await signed();
    await change(report.folder);
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result).join('\n')).toContain(says);
    expect(result.exitCode).toBe(1);
  });

  it('is refused with evidence missing, altered, unnamed or linked, by name', async () => {
    await using report = await signed();
    const folder = join(report.folder, 'evidence');
    const [missing = '', altered = '', linked = ''] = await readdir(folder);
    await unlink(join(folder, missing));
    await writeFile(join(folder, altered), 'something else');
    await rename(join(folder, linked), join(report.folder, '..', linked));
    await symlink(join(report.folder, '..', linked), join(folder, linked));
    const extra = sha256('extra');
    await writeFile(join(folder, extra), 'extra');
    const said = refusals(await verify(report.folder, pair.publicPem));
    expect(said).toContain(`evidence no: evidence/${missing} is missing or cannot be read`);
    expect(said).toContain(`evidence no: evidence/${altered} was changed: its SHA-256 is ${sha256('something else')}`);
    expect(said).toContain(`files no: evidence/${linked} is a symbolic link`);
    expect(said).toContain(`evidence no: evidence/${extra} is not named in report.json`);
  });

  it('never leads out of the folder, whatever report.json names', async () => {
    await using report = await signed();
    const file = join(report.folder, 'report.json');
    const text = await readFile(file, 'utf8');
    const [name = ''] = reportSchema.parse(JSON.parse(text)).items[0]?.evidence ?? [];
    await writeFile(file, text.replaceAll(name, '../../../../etc/passwd'));
    expect(refusals(await verify(report.folder, pair.publicPem)).join('\n')).toContain(
      'report no: report.json is not a report: items.0.evidence.0: not a SHA-256 digest',
    );
  });
});

describe('judging again', () => {
  it('refuses a report whose observation was rewritten with all digests made to fit, for want of a signature', async () => {
    await using report = await signed([{ id: 'hall', lit: ['green'] }]);
    // The forger makes the hall's lamps lit and everything in the folder agree; only the key is not theirs.
    await using root = await temporaryFolder();
    const forged = await writeSample(root.path, sampleRun([{ id: 'hall', lit: ['red', 'green'] }]));
    expect((await verify(forged)).exitCode).toBe(3);
    expect(await verify(forged, pair.publicPem)).toMatchObject({ exitCode: 1 });
    // Also with the honest report's attestation put beside it.
    await writeFile(join(forged, 'attestation.sigstore.json'), await readFile(join(report.folder, 'attestation.sigstore.json')));
    const result = await verify(forged, pair.publicPem);
    expect(result.exitCode).toBe(1);
    expect(refusals(result).join('\n')).toContain('subjects no: report.json was changed after it was signed');
  });

  const lies: readonly (readonly [string, (report: Report) => Report, string])[] = [
    [
      'the decision',
      (report) => ({ ...report, decision: 'proceed' }),
      'decision no: the report decides proceed, its evidence decides do-not-proceed',
    ],
    [
      'a state',
      (report) => ({ ...report, decision: 'do-not-proceed', items: report.items.map((item) => ({ ...item, state: 'proven' as const })) }),
      'judgement no: item "hall": the report says proven, its evidence says disproven',
    ],
    [
      'a grade',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, grade: 'steady' })) }),
      'judgement no: item "hall": the report says "steady" was reached, its evidence says "declared"',
    ],
    [
      'a subject',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, subjects: item.subjects.slice(1) })) }),
      'judgement no: item "hall": the report says other things of its subjects than its evidence',
    ],
    [
      'a reason',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, reasons: [] })) }),
      'judgement no: item "hall": the report gives other reasons than its evidence',
    ],
    [
      'a requirement',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, requirement: { lamps: [] } })) }),
      'judgement no: item "hall": the report says disproven, its evidence says inconclusive',
    ],
    [
      'a requirement that no loader would let through',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, requirement: {} })) }),
      'judgement no: item "hall" cannot be judged from evidence/',
    ],
    [
      'the grade that is asked for',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, requiredGrade: 'perfect' })) }),
      'judgement no: item "hall" asks for "perfect", which a lamps proof cannot reach',
    ],
    [
      'what an item rests on',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, needs: ['cellar'] })) }),
      'judgement no: item "hall": the report says disproven, its evidence says blocked',
    ],
    [
      'the evidence of an item',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, evidence: [] })) }),
      'judgement no: item "hall" is disproven without evidence, and nothing that it rests on explains why',
    ],
    [
      'the time of an item',
      (report) => ({ ...report, items: report.items.map((item) => ({ ...item, startedAt: '2026-03-01T09:00:02.000Z' })) }),
      'was observed at 2026-03-01T09:00:01.000Z, not at 2026-03-01T09:00:02.000Z',
    ],
    [
      'the time of the run',
      (report) => ({ ...report, startedAt: '2026-03-01T09:00:02.000Z' }),
      'was observed before the run, which began at 2026-03-01T09:00:02.000Z',
    ],
    [
      'the end of the run',
      (report) => ({ ...report, finishedAt: '2026-03-01T09:00:02.000Z', expiresAt: '2026-03-02T09:00:02.000Z' }),
      'was observed after the run ended at 2026-03-01T09:00:02.000Z',
    ],
    [
      'the order of its times',
      (report) => ({ ...report, items: [], startedAt: '2026-03-01T09:04:00.000Z' }),
      'age no: the report ended before it began',
    ],
    ['its expiry', (report) => ({ ...report, expiresAt: '2036-03-02T09:00:02.000Z' }), 'age no: report.json gives a wrong time of expiry'],
  ];
  it.each(lies)('refuses a properly signed report that lies about %s', async (_name, lie, says) => {
    await using report = await signed([{ id: 'hall', lit: ['green'] }], lie);
    const result = await verify(report.folder, pair.publicPem);
    expect(result.checks.find(({ check }) => check === 'signature')?.holds).toBe('yes');
    expect(refusals(result).join('\n')).toContain(says);
    expect(result.exitCode).toBe(1);
  });

  it('refuses a properly signed report whose observation says otherwise', async () => {
    await using root = await temporaryFolder();
    const sample = rewritten(sampleRun(healthy), '"lit":["red","green"]', '"lit":["green"]');
    const result = await verify(await writeSample(root.path, sample, pair.signing), pair.publicPem);
    expect(refusals(result)).toContain('judgement no: item "hall": the report says proven, its evidence says disproven');
    expect(result).toMatchObject({ decision: 'do-not-proceed', exitCode: 1 });
  });

  it('refuses an observation that ended before it began', async () => {
    const observedAt = ['2026-03-01T09:00:13.000Z', '2026-03-01T09:00:01.000Z'] as const;
    await using report = await signed([{ id: 'hall', lit: ['red', 'green'], observedAt }]);
    expect(refusals(await verify(report.folder, pair.publicPem)).join()).toMatch(
      /judgement no: item "hall": evidence\/\w+ ended before it began/,
    );
  });

  it('refuses an observation that belongs to another item', async () => {
    await using root = await temporaryFolder();
    const sample = rewritten(sampleRun(healthy), '"item":"stairs"', '"item":"hall"');
    const result = await verify(await writeSample(root.path, sample, pair.signing), pair.publicPem);
    expect(refusals(result)).toContain('judgement no: item "stairs": the report says proven, its evidence says inconclusive');
  });

  it('refuses an observation that is none', async () => {
    await using root = await temporaryFolder();
    for (const broken of ['"nonce":1,"x', `"deep":${'['.repeat(50_000)}`]) {
      const sample = rewritten(sampleRun(healthy), '"nonce"', broken);
      const result = await verify(await writeSample(root.path, sample, pair.signing), pair.publicPem);
      expect(refusals(result).join('\n')).toContain('is not an observation');
      expect(result.exitCode).toBe(1);
    }
  });

  it('refuses a blocked item that rests on nothing unproven', async () => {
    const lie = (report: Report): Report => ({
      ...report,
      items: report.items.map((item) => (item.id === 'stairs' ? { ...item, needs: [] } : item)),
    });
    await using report = await signed(dark, lie);
    expect(refusals(await verify(report.folder, pair.publicPem))).toContain(
      'judgement no: item "stairs" is blocked without evidence, and nothing that it rests on explains why',
    );
  });

  it('refuses an item proven although what it rests on is not, or is not there', async () => {
    const lie = (report: Report): Report => ({ ...report, items: report.items.filter(({ id }) => id === 'stairs') });
    await using report = await signed(healthy, lie);
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toContain('judgement no: item "stairs": the report says proven, its evidence says blocked');
  });

  it('refuses a properly signed report.md or junit.xml that says something else than report.json', async () => {
    const lying = reporters.map((reporter) => ({
      ...reporter,
      render: (report: Report) =>
        reporter
          .render(report)
          .replaceAll('DO NOT PROCEED', 'PROCEED')
          .replaceAll(/failure|failed/g, 'skipped'),
    }));
    await using report = await signed(dark);
    const result = await verify(report.folder, pair.publicPem, { reporters: lying });
    expect(refusals(result)).toEqual([
      'renderings no: ctrf.json does not say what report.json says',
      'renderings no: junit.xml does not say what report.json says',
      'renderings no: report.html does not say what report.json says',
      'renderings no: report.md does not say what report.json says',
    ]);
    expect(result.exitCode).toBe(1);
  });

  it('cannot tell about what another version of liveproof rendered otherwise, or knows and this one does not', async () => {
    await using report = await signed();
    const other = reporters.map((reporter) => ({ ...reporter, render: () => 'a new form' }));
    const newer = await verify(report.folder, pair.publicPem, { reporters: other, toolVersion: '0.2.0' });
    expect(refusals(newer)).toContain(
      'renderings unknown: report.md cannot be compared with report.json: liveproof 0.1.0 wrote it, and this is 0.2.0',
    );
    expect(newer.exitCode).toBe(3);

    const fewer = await verify(report.folder, pair.publicPem, { reporters: [] });
    expect(refusals(fewer)).toContain(
      'renderings unknown: report.md cannot be compared with report.json: this liveproof does not render it',
    );
    const noKind = await verify(report.folder, pair.publicPem, { proofs: new Map() });
    expect(refusals(noKind)).toContain('judgement unknown: item "hall" cannot be judged: this liveproof knows no proof kind "lamps"');
    expect(noKind).toMatchObject({ decision: 'do-not-proceed', exitCode: 3 });
  });

  it('judges with nothing but the folder: the kinds observe nothing', async () => {
    await using report = await signed(dark);
    expect([...proofs.keys()]).toEqual(['lamps']);
    expect(refusals(await verify(report.folder, pair.publicPem))).toEqual([]);
  });
});

describe('the age of a report', () => {
  const after = (ms: number): Date => new Date(Date.parse('2026-03-01T09:02:30.500Z') + ms);
  const day = 86_400_000;

  it('is fresh until its policy’s age to the millisecond, and refused after it', async () => {
    await using report = await signed();
    expect(refusals(await verify(report.folder, pair.publicPem, { now: after(day) }))).toEqual([]);
    const late = await verify(report.folder, pair.publicPem, { now: after(day + 1) });
    expect(refusals(late)).toEqual([
      'age no: the report has expired: its oldest evidence is from 2026-03-01T09:02:30.500Z, 1d ago, and 1d are allowed',
    ]);
    expect(late.exitCode).toBe(1);
  });

  it('is what the verifier allows when they say so', async () => {
    await using report = await signed();
    expect((await verify(report.folder, pair.publicPem, { maxAgeMs: 60_000 })).exitCode).toBe(1);
    expect((await verify(report.folder, pair.publicPem, { maxAgeMs: 3 * day, now: after(2 * day) })).exitCode).toBe(0);
  });

  it('is the age of its oldest evidence when some was carried over', async () => {
    const carried = {
      carriedFrom: '2026-02-28T10:00:00.000Z',
      observedAt: ['2026-02-28T10:00:01.000Z', '2026-02-28T10:00:02.000Z'] as const,
    };
    await using report = await signed([
      { id: 'hall', lit: ['red', 'green'], ...carried },
      { id: 'stairs', lit: ['red', 'green'] },
    ]);
    expect(refusals(await verify(report.folder, pair.publicPem))).toEqual([]);
    const late = await verify(report.folder, pair.publicPem, { now: after(60 * 60_000) });
    expect(refusals(late)).toEqual([
      expect.stringContaining('age no: the report has expired: its oldest evidence is from 2026-02-28T10:00:02.000Z'),
    ]);
  });

  it('judges what was carried over again, like everything else', async () => {
    await using root = await temporaryFolder();
    const carried = {
      carriedFrom: '2026-03-01T07:00:00.000Z',
      observedAt: ['2026-03-01T07:00:01.000Z', '2026-03-01T07:00:02.000Z'] as const,
    };
    const sample = rewritten(sampleRun([{ id: 'hall', lit: ['red', 'green'], ...carried }]), '["red","green"]', '[]');
    const result = await verify(await writeSample(root.path, sample, pair.signing), pair.publicPem);
    expect(refusals(result)).toContain('judgement no: item "hall": the report says proven, its evidence says disproven');
  });

  it('refuses an old observation that is not said to be carried over', async () => {
    await using report = await signed([
      { id: 'hall', lit: ['red', 'green'], observedAt: ['2026-02-01T07:00:01.000Z', '2026-02-01T07:00:02.000Z'] },
    ]);
    expect(refusals(await verify(report.folder, pair.publicPem)).join()).toContain(
      'was observed before the run, which began at 2026-03-01T09:00:00.000Z',
    );
  });

  it('is refused when it lies in the future by more than clocks differ', async () => {
    await using report = await signed();
    expect((await verify(report.folder, pair.publicPem, { now: after(-30_000) })).exitCode).toBe(0);
    const result = await verify(report.folder, pair.publicPem, { now: after(-61_000) });
    expect(refusals(result)[0]).toContain('age no: the report is from the future');
    expect(result.exitCode).toBe(1);
  });
});

describe('the one spelling of report.json', () => {
  it('is required even of unsigned reports, so that nothing hides in doubled keys or white space', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy));
    const file = join(folder, 'report.json');
    const text = await readFile(file, 'utf8');
    const written = 'report no: report.json is not written as liveproof writes it: something in it was added, removed or changed';
    for (const changed of [
      `${text} `,
      text.replace('{', '{"gate":"x",'),
      canonicalJson(JSON.parse(text)),
      text.replace('86400000', '864e5'),
    ]) {
      await writeFile(file, changed);
      expect(refusals(await verify(folder))).toContain(written);
    }
    await writeFile(file, reportText(JSON.parse(text)));
    expect(refusals(await verify(folder, undefined, { now }))).toHaveLength(1);
  });
});

describe('a printed report', () => {
  async function printed() {
    const root = await temporaryFolder();
    const sample = sampleRun(healthy);
    const folder = await writeReport({
      root: root.path,
      report: sampleReport(sample, { keyId: pair.signing.keyId }),
      evidence: (name) => Promise.resolve(sample.evidence.get(name) ?? Buffer.from('')),
      sources,
      reporters,
      key: pair.signing,
      print: (page) => Promise.resolve(Buffer.from(`%PDF- of ${String(page.length)}`)),
    });
    return { folder, [Symbol.asyncDispose]: () => root.remove() };
  }

  it('stands by its signature, and verify says that nobody compared it', async () => {
    await using report = await printed();
    const result = await verify(report.folder, pair.publicPem);
    expect(refusals(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.checks.find(({ check }) => check === 'renderings')?.says).toBe(
      'ctrf.json, junit.xml, report.html and report.md say what report.json says; report.pdf was printed, which cannot be repeated: it stands by its signature alone',
    );
  });

  it('is refused when it was changed, taken away, or put beside a report that was signed without one', async () => {
    await using report = await printed();
    await writeFile(join(report.folder, 'report.pdf'), '%PDF- of another');
    expect(refusals(await verify(report.folder, pair.publicPem))).toEqual([
      expect.stringContaining('subjects no: report.pdf was changed after it was signed'),
    ]);
    await unlink(join(report.folder, 'report.pdf'));
    expect(refusals(await verify(report.folder, pair.publicPem))).toEqual(['subjects no: report.pdf was signed, but is missing']);
    await using without = await signed();
    await writeFile(join(without.folder, 'report.pdf'), '%PDF- of mine');
    expect(refusals(await verify(without.folder, pair.publicPem))).toEqual([
      'subjects no: report.pdf is not named in attestation.sigstore.json',
    ]);
  });
});

describe('what only a page shows', () => {
  const change = (first: Partial<ReportItem>) => (report: Report) => ({
    ...report,
    items: report.items.map((item, index) => (index === 0 ? { ...item, ...first } : item)),
  });

  it('is refused when the ladder is not that of the proof', async () => {
    await using report = await signed(healthy, change({ ladder: ['declared', 'passed'] }));
    expect(refusals(await verify(report.folder, pair.publicPem))).toContain(
      'judgement no: item "hall" shows other grades than a lamps proof has',
    );
    await using honest = await signed(healthy, change({ ladder: [...ladders.check] }));
    expect(refusals(await verify(honest.folder, pair.publicPem))).toEqual([]);
  });

  it('is refused when it tells a way that the evidence does not know', async () => {
    const startedAt = '2026-03-01T09:00:01.000Z';
    await using report = await signed(healthy, change({ timelines: [{ says: 'test alert', startedAt, hops: [] }] }));
    expect(refusals(await verify(report.folder, pair.publicPem))).toContain(
      'judgement no: item "hall": the report tells another time line than its evidence',
    );
  });

  it('is refused when a picture in it is another than the one that was kept', async () => {
    await using root = await temporaryFolder();
    const sample = sampleRun(healthy);
    const [first] = sample.run.items;
    if (first === undefined) throw new Error('the sample has no items');
    const [kept, other] = [png(64, 48), png(48, 64)];
    const evidence = new Map([...sample.evidence, [sha256(kept), kept]]);
    const items = sample.run.items.map((item) => (item === first ? { ...item, evidence: [...item.evidence, sha256(kept)] } : item));
    const folder = await writeSample(root.path, { run: { ...sample.run, items }, evidence }, pair.signing);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(kept.toString('base64'));
    expect(refusals(await verify(folder, pair.publicPem))).toEqual([]);
    await writeFile(join(folder, 'evidence', sha256(kept)), other);
    expect(refusals(await verify(folder, pair.publicPem)).join('\n')).toContain(`evidence no: evidence/${sha256(kept)} was changed`);
  });
});
