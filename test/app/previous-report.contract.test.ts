import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { previousReport } from '../../src/app/previous-report.ts';
import { sha256 } from '../../src/base/digest.ts';
import { gateFolder } from '../../src/report/folder.ts';
import { dark, healthy, now, sampleRun, temporaryFolder, writeSample } from '../report/sample.ts';

const gate = { name: 'lamps', environment: 'none' };

describe('the run before', () => {
  it('is the newest earlier one of the same gate and environment, by where its items stood', async () => {
    await using root = await temporaryFolder();
    await writeSample(root.path, sampleRun(dark), undefined, (report) => ({ ...report, startedAt: '2026-02-27T09:00:00.000Z' }));
    const folder = await writeSample(root.path, sampleRun(healthy));
    await writeSample(root.path, sampleRun(dark), undefined, (report) => ({
      ...report,
      startedAt: '2026-03-01T09:04:00.000Z',
      environment: 'staging',
    }));
    expect(await previousReport(gateFolder(root.path, 'lamps'), gate, now)).toEqual({
      sha256: sha256(await readFile(join(folder, 'report.json'))),
      startedAt: '2026-03-01T09:00:00.000Z',
      decision: 'proceed',
      items: [
        { id: 'hall', state: 'proven', grade: 'passed' },
        { id: 'stairs', state: 'proven', grade: 'passed' },
      ],
    });
  });

  it('is none when there is no folder, no report in it, or none that can be read', async () => {
    await using root = await temporaryFolder();
    const folder = gateFolder(root.path, 'lamps');
    expect(await previousReport(folder, gate, now)).toBeUndefined();
    await mkdir(join(folder, '2026-02-28T09-00-00Z'), { recursive: true });
    await mkdir(join(folder, '2026-02-29T09-00-00Z'), { recursive: true });
    await writeFile(join(folder, '2026-02-29T09-00-00Z/report.json'), '{"gate": "lamps"}');
    await mkdir(join(folder, '.unfinished-1'));
    expect(await previousReport(folder, gate, now)).toBeUndefined();
  });

  it('is none of the future', async () => {
    await using root = await temporaryFolder();
    await writeSample(root.path, sampleRun(healthy));
    expect(await previousReport(gateFolder(root.path, 'lamps'), gate, new Date('2026-03-01T08:00:00.000Z'))).toBeUndefined();
  });
});
