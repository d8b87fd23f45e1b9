import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkRunner } from '../../src/app/check-runner.ts';
import { keepEvidence } from '../../src/app/evidence.ts';
import { keepParts } from '../../src/app/kept.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { defineProbe } from '../../src/check/probe.ts';
import { checkNamed } from '../metrics/sample.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const page = Buffer.from('<h1>502</h1>');
const other = Buffer.from('<h1>503</h1>');

it('keeps one file of each, also when attempts and checks that run side by side kept the same', async () => {
  await using folder = await createTempFolder('evidence');
  const kept = await Promise.all(
    ['pay by card', 'pay: by card', 'home'].map((check) => keepEvidence(folder.path, check, [page, other, page])),
  );
  expect(kept.map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(kept[0]).toEqual(kept[1]);
  const names = await readdir(folder.path);
  expect(names.toSorted().map((name) => join(folder.path, name))).toEqual([...new Set(kept.flat())].toSorted());
  expect(await Promise.all(kept[0]?.map((file) => readFile(file, 'utf8')) ?? [])).toEqual([String(page), String(other)]);
});

it('leaves nothing half written', async () => {
  await using folder = await createTempFolder('evidence');
  const [file = ''] = await keepEvidence(folder.path, 'home', [page]);
  await rm(file);
  await mkdir(file);
  await expect(keepEvidence(folder.path, 'home', [page])).rejects.toThrow('evidence cannot be written to');
  expect(await readdir(folder.path)).toEqual([basename(file)]);
});

it('says which folder cannot be written', async () => {
  await using folder = await createTempFolder('evidence');
  const file = join(folder.path, 'a-file');
  await writeFile(file, 'in the way');
  const failure: unknown = await keepEvidence(file, 'home', [page]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Fault);
  expect(failure).toMatchObject({
    code: 'report/unwritable',
    message: expect.stringMatching(`^evidence cannot be written to ${file}: E`) as string,
  });
});

it('does not try for ever where there can be no folder', async () => {
  await expect(keepEvidence('/proc/x/evidence', 'home', [page])).rejects.toMatchObject({ code: 'report/unwritable' });
});

it('of attempts that kept the same holds it once', async () => {
  const probe = defineProbe({
    kind: 'http',
    summary: 'Fails, and keeps what it saw.',
    options: z.strictObject({}),
    observation: z.strictObject({}),
    observe: async (_options, { keep }) => {
      await keep(page);
      return {};
    },
    judge: () => ({ status: 'fail', reasons: ['502'] }),
  });
  await using kept = keepParts({ clock: systemClock });
  const run = checkRunner({ probes: new Map([['http', probe]]), clock: systemClock, redactor: createRedactor([]), kept });
  const check = checkNamed('home', { retries: { times: 2, afterMs: 0, on: ['fail'] } });
  const { attempts, evidence } = await run(check, new AbortController().signal);
  expect({ attempts, evidence }).toEqual({ attempts: 3, evidence: [page] });
});
