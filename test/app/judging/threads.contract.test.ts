import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeOn } from '../../../src/app/judging/judge-on.ts';
import { startThreads, threadsWorth } from '../../../src/app/judging/threads.ts';
import { proofs as ourKinds } from '../../../src/proofs/index.ts';
import { drillReport, drillText } from '../../../src/report/drill.ts';
import { judgingOf } from '../../../src/report/judge-items.ts';
import { openReport } from '../../../src/report/verify.ts';
import { reporters } from '../../../src/reporters/index.ts';
import { dark, proofs, sampleRun, temporaryFolder, toolVersion, verify, writeSample, type SampleItem } from '../../report/sample.ts';

/** Every state, a kind that nobody knows, and enough items that each thread has some. */
const many: readonly SampleItem[] = [
  ...dark,
  { id: 'attic', lit: ['red', 'green'], item: { proof: 'lanterns' } },
  ...Array.from({ length: 60 }, (_, index) => ({ id: `room-${String(index)}`, lit: ['red', 'green', `blue-${String(index)}`] })),
];

const lampsThread = new URL('lamps-thread.ts', import.meta.url);
/** A thread that runs this text. */
const running = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);
const onMessage = (source: string): URL =>
  running(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', (work) => { ${source} });`);

async function opened(items: readonly SampleItem[] = many, change?: Parameters<typeof writeSample>[3]) {
  const root = await temporaryFolder();
  const folder = await writeSample(root.path, sampleRun(items), undefined, change);
  const { files, report } = await openReport(folder, reporters, []);
  if (report === undefined) throw new Error('the sample cannot be opened');
  return { folder, files, report, [Symbol.asyncDispose]: () => root.remove() };
}

const loadProofs = () => Promise.resolve(proofs);

describe('judging on threads', () => {
  it.each([1, 2, 3])('comes to the same as judging here, in the same order: %i threads', async (count) => {
    await using sample = await opened();
    const { files, report, folder } = sample;
    await using started = startThreads({ count, entry: lampsThread });
    const judgeItems = judgeOn(started.threads);
    const here = judgingOf({ proofs });
    expect(await judgeItems('verdict', files, report)).toEqual(await here('verdict', files, report));
    expect(await judgeItems('drill', files, report)).toEqual(await here('drill', files, report));
    const onThreads = drillText(await drillReport(files, report, { judgeItems, loadProofs, toolVersion }));
    expect(onThreads).toBe(drillText(await drillReport(files, report, { proofs, toolVersion })));
    expect(onThreads).toContain('"room-59"');

    await writeFile(join(folder, 'drill.json'), onThreads);
    const verified = await verify(folder, undefined, { judgeItems, loadProofs });
    const verifiedHere = await verify(folder);
    expect(verified.checks).toEqual(verifiedHere.checks);
    expect(verified.checks.map(({ check, holds }) => `${check} ${holds}`)).toContain('drill yes');
  });

  it('comes to the same for a report that a stranger has changed', async () => {
    const deep = JSON.parse(`${'['.repeat(400)}${']'.repeat(400)}`) as [];
    const strange = ['nothing', null, 7, { lamps: 'red' }, { lamps: [deep] }];
    await using sample = await opened(many, (report) => ({
      ...report,
      items: report.items.map((item, index) => {
        const lamps = strange[index % strange.length] as string;
        return index % 3 === 0 ? { ...item, requirement: { lamps } } : index % 7 === 0 ? { ...item, evidence: [] } : item;
      }),
    }));
    await using started = startThreads({ count: 2, entry: lampsThread });
    for (const question of ['verdict', 'drill'] as const) {
      const answers = await judgeOn(started.threads)(question, sample.files, sample.report);
      expect(answers).toEqual(await judgingOf({ proofs })(question, sample.files, sample.report));
      expect(JSON.stringify(answers)).toContain('cannot be judged');
    }
  });

  it('judges every item where each is of another kind', async () => {
    await using sample = await opened(
      Array.from({ length: 50 }, (_, index) => ({ id: `of-${String(index)}`, item: { proof: `kind-${String(index)}` } })),
    );
    await using started = startThreads({ count: 2, entry: lampsThread });
    const answers = await judgeOn(started.threads)('verdict', sample.files, sample.report);
    expect(answers).toEqual(await judgingOf({ proofs })('verdict', sample.files, sample.report));
    expect(answers).toHaveLength(50);
  });

  it('knows the kinds that liveproof has', async () => {
    await using sample = await opened([{ id: 'garage', lit: ['red'], item: { proof: 'retention' } }, ...dark]);
    await using started = startThreads({ count: 1 });
    const answers = await judgeOn(started.threads)('verdict', sample.files, sample.report);
    expect(answers).toEqual(await judgingOf({ proofs: ourKinds })('verdict', sample.files, sample.report));
    expect(JSON.stringify(answers)).toContain('which a retention proof cannot reach');
  });

  it.each([
    ['ends before it is asked', running('process.exit(0)'), /ended with code 0/],
    ['ends when it is asked', onMessage('process.exit(3)'), /ended with code 3/],
    ['runs out of memory', onMessage('const all = []; for (;;) all.push(new Array(10_000).fill(work));'), /ran out of memory/],
  ])('says nothing of any item when a thread %s', async (_, entry, says) => {
    await using sample = await opened();
    await using started = startThreads({ count: 2, entry, heapMb: 16 });
    const asked = judgeOn(started.threads)('verdict', sample.files, sample.report);
    await expect(asked).rejects.toMatchObject({ code: 'report/not-judged', message: expect.stringMatching(says) as string });
  });

  it.each([
    ['when it is asked', onMessage("throw new TypeError('a bug')")],
    ['while it loads', running("throw new TypeError('a bug')")],
  ])('rejects with what a thread throws %s', async (_, entry) => {
    await using sample = await opened();
    await using started = startThreads({ count: 2, entry });
    const asked = judgeOn(started.threads)('drill', sample.files, sample.report);
    await expect(asked).rejects.toThrow(new TypeError('a bug'));
  });

  it('does not take less than an answer for every item for the whole', async () => {
    await using sample = await opened();
    await using started = startThreads({
      count: 2,
      entry: onMessage("import('node:worker_threads').then(({ parentPort }) => parentPort.postMessage([]))"),
    });
    await expect(judgeOn(started.threads)('verdict', sample.files, sample.report)).rejects.toThrow('did not answer once for every item');
  });
});

it('starts no more threads than a report is worth, and leaves a core to the main thread', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'report.json');
  expect(threadsWorth(file, 8)).toBe(1);
  await writeFile(file, ' '.repeat(300_000));
  expect(threadsWorth(file, 8)).toBe(1);
  await writeFile(file, ' '.repeat(3_000_000));
  expect([1, 2, 3, 8].map((cores) => threadsWorth(file, cores))).toEqual([1, 1, 2, 2]);
  expect(threadsWorth(join(file, 'elsewhere'), 8)).toBe(1);
});
