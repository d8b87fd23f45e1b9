import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellGithub } from '../../src/cli/github.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Report } from '../../src/report/report.ts';
import { lateReport } from '../reporters/hostile.ts';
import { plain, proceeding, waived } from '../reporters/rich.ts';
import { temporaryFolder } from '../report/sample.ts';

const places = [1, 2, 3].map((line) => ({ file: 'gates/lamps, all/gate.yaml', line, column: 5, length: 1, source: '' }));

/** What a run on GitHub prints, and the summary of its step. */
async function told(report: Report, env: Readonly<Record<string, string>> = { GITHUB_ACTIONS: 'true' }, markdown = '# Report\n') {
  await using folder = await temporaryFolder();
  const summary = join(folder.path, 'summary.md');
  const printed: string[] = [];
  const stream = { write: (text: string) => printed.push(text) > 0 };
  const io: Io = {
    stdout: stream,
    stderr: stream,
    cwd: '/home/runner/work/app/app',
    env: { GITHUB_WORKSPACE: '/home/runner/work/app/app', GITHUB_STEP_SUMMARY: summary, ...env },
    now: () => new Date(),
    color: false,
  };
  await tellGithub({ report, markdown, placeOf: (index) => places[index] }, io, stream);
  return { printed, summary: await readFile(summary, 'utf8').catch(() => undefined) };
}

describe('on GitHub Actions', () => {
  it('tells an error where a waiver ended while the run went on', async () => {
    const { printed } = await told(lateReport);
    expect(printed).toEqual([expect.stringMatching(/^::error .*title=hall%3A disproven::/)]);
  });

  it('points at the line of each item that is not proven, with what to change', async () => {
    const { printed, summary } = await told(plain);
    expect(printed).toEqual([
      '::error file=gates/lamps%2C all/gate.yaml,line=1,title=hall%3A disproven::The lamps of hall are lit: red is dark → switch red on\n',
      '::warning file=gates/lamps%2C all/gate.yaml,line=2,title=stairs%3A blocked::The lamps of stairs are lit: not tried: it rests on "hall", which is not proven\n',
      '::error file=gates/lamps%2C all/gate.yaml,line=3,title=cellar%3A inconclusive::The lamps of cellar are lit: the cellar cannot be reached → open its door\n',
    ]);
    expect(summary).toBe('# Report\n');
  });

  it('has nothing to point at when all is proven, and warns of waivers', async () => {
    expect((await told(proceeding)).printed).toEqual([]);
    expect((await told(waived)).printed).toEqual([expect.stringMatching(/^::warning file=.*title=hall%3A waived::/)]);
  });

  it('lets no text become a command or a line of its own', async () => {
    const items = plain.items.map((item) => ({ ...item, id: 'a\n::set-env name=X::y', statement: '100%\r\n::add-mask::secret' }));
    const { printed } = await told({ ...plain, items });
    expect(printed).toHaveLength(3);
    for (const line of printed) {
      expect(line.split('\n')).toEqual([expect.stringMatching(/^::(error|warning) /), '']);
      expect(line).toContain('title=a %3A%3Aset-env name=X%3A%3Ay%3A ');
      expect(line).toContain('::100%25 ::add-mask::secret: ');
    }
  });

  it('cuts a summary that GitHub would not take, at the end of a line', async () => {
    const { summary = '' } = await told(proceeding, { GITHUB_ACTIONS: 'true' }, '€€€ a line\n'.repeat(200_000));
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(summary).toMatch(/\n€€€ a line\n\n\*\*Cut off here:\*\* GitHub takes no more\. The whole report is in report\.md\.\n$/);
  });

  it('goes on when the summary cannot be written', async () => {
    const { printed } = await told(proceeding, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nowhere/at/all' });
    expect(printed).toEqual([expect.stringContaining('the job summary was not written: ENOENT')]);
  });
});

it('says nothing of the kind anywhere else', async () => {
  expect(await told(plain, {})).toEqual({ printed: [], summary: undefined });
});
