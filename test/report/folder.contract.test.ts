import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { ensureWritable, writeReport } from '../../src/report/folder.ts';
import { reporters } from '../../src/reporters/index.ts';
import { healthy, p256, refusals, sampleReport, sampleRun, sources, temporaryFolder, verify, writeSample } from './sample.ts';

describe('ensureWritable', () => {
  it('leaves nothing behind, nor takes away what was there', async () => {
    await using folder = await temporaryFolder();
    await ensureWritable(join(folder.path, 'a/b'), 'lamps', 'mark');
    expect(await readdir(folder.path)).toEqual([]);
    await ensureWritable(folder.path, 'lamps', 'mark');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('does not try for ever where there can be no folder', async () => {
    await expect(ensureWritable('/proc/x', 'lamps', 'mark')).rejects.toMatchObject({ code: 'report/unwritable' });
  });
});

describe('writeReport', () => {
  it('writes one folder for a run, named by the gate and the time, with every file in it', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy), p256().signing);
    expect(folder).toBe(join(root.path, 'lamps', '2026-03-01T09-00-00Z'));
    expect((await readdir(folder)).toSorted()).toEqual([
      'attestation.sigstore.json',
      'ctrf.json',
      'evidence',
      'junit.xml',
      'report.html',
      'report.json',
      'report.md',
    ]);
    // Two observations, two pictures, and the gate file.
    expect(await readdir(join(folder, 'evidence'))).toHaveLength(5);
  });

  it('writes no attestation without a key', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy));
    expect(await readdir(folder)).not.toContain('attestation.sigstore.json');
    expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).not.toHaveProperty('signature');
  });

  it('stores no secret of the gate file', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'));
    const texts = await Promise.all(files);
    expect(texts.filter((text) => text.includes('[redacted]'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('open-sesame'))).toEqual([]);
  });

  it('keeps two runs apart that began in the same second', async () => {
    await using root = await temporaryFolder();
    const pair = p256();
    const first = await writeSample(root.path, sampleRun(healthy), pair.signing);
    const second = await writeSample(root.path, sampleRun(healthy), pair.signing);
    expect(second).toBe(`${first}-2`);
    expect(refusals(await verify(first, pair.publicPem))).toEqual([]);
    expect(refusals(await verify(second, pair.publicPem))).toEqual([]);
  });

  it('leaves no half report behind when it fails on the way', async () => {
    await using root = await temporaryFolder();
    const sample = sampleRun(healthy);
    let read = 0;
    const writing = writeReport({
      root: root.path,
      report: sampleReport(sample),
      sources,
      reporters,
      evidence: (name) =>
        ++read > 2 ? Promise.reject(new Error('the disk is gone')) : Promise.resolve(sample.evidence.get(name) ?? Buffer.from('')),
    });
    await expect(writing).rejects.toThrow('the disk is gone');
    expect(await readdir(join(root.path, 'lamps'))).toEqual([]);
  });

  it('never shows a folder under its name before it is whole', async () => {
    await using root = await temporaryFolder();
    const sample = sampleRun(healthy);
    const seen: string[] = [];
    await writeReport({
      root: root.path,
      report: sampleReport(sample),
      sources,
      reporters,
      evidence: async (name) => {
        seen.push(...(await readdir(join(root.path, 'lamps'))));
        return sample.evidence.get(name) ?? Buffer.from('');
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((name) => name.startsWith('.unfinished-'))).toBe(true);
    expect(await readdir(join(root.path, 'lamps'))).toEqual(['2026-03-01T09-00-00Z']);
  });

  it('refuses to store evidence under the name of other evidence', async () => {
    await using root = await temporaryFolder();
    const report = sampleReport(sampleRun(healthy));
    const writing = writeReport({ root: root.path, report, sources, reporters, evidence: () => Promise.resolve(Buffer.from('other')) });
    await expect(writing).rejects.toThrow('holds something else');
  });

  it('says where it cannot write, as a fault', async () => {
    await using root = await temporaryFolder();
    const file = join(root.path, 'a-file');
    await writeFile(file, '');
    await expect(writeSample(file, sampleRun(healthy))).rejects.toMatchObject({ code: 'report/unwritable' });
  });

  it('cannot be led out of the folder of reports by the name of a gate', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy, { name: '../../etc' }));
    expect(dirname(dirname(folder))).toBe(root.path);
  });

  it('lets everybody read what it writes, and names evidence by its content', async () => {
    await using root = await temporaryFolder();
    const folder = await writeSample(root.path, sampleRun(healthy));
    await chmod(root.path, 0o755);
    expect((await stat(folder)).mode & 0o044).toBe(0o044);
    for (const name of await readdir(join(folder, 'evidence'))) {
      expect(sha256(await readFile(join(folder, 'evidence', name)))).toBe(name);
    }
  });
});
