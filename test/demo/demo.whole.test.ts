import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

it('tells its story: refused with reasons, repaired, proven, verified', async () => {
  await using folder = await createTempFolder('demo');
  const { exitCode, all } = await execa(process.execPath, [path.join(import.meta.dirname, 'demo.ts'), folder.path], {
    reject: false,
    all: true,
  });
  expect(exitCode, all).toBe(0);
  const names = (await readdir(path.join(folder.path, 'accubooks'))).toSorted();
  const reports = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(path.join(folder.path, 'accubooks', name, 'report.json'), 'utf8')) as Report),
  );
  expect(reports.map(({ decision }) => decision)).toEqual(['do-not-proceed', 'proceed']);
  const refused = reports[0]?.items.filter(({ state }) => state !== 'proven').map(({ id }) => id);
  // Its status panel knows nothing while no rule says that alerting works, unless a fault of another item just makes an alert fire.
  const always = refused?.filter((id) => id !== 'executive-board');
  expect(always).toEqual([
    'high-error-rate',
    'system-downtime',
    'data-integrity',
    'high-latency',
    'queue-depth',
    'cache-hit-rate',
    'pool-warning',
    'cache-memory',
    'executive-access',
    'retention',
    // No rule always fires yet.
    'watchdog',
    'redundancy',
  ]);
  const again = reports[1]?.items.filter(({ carriedFrom }) => carriedFrom === undefined).map(({ id }) => id);
  // The repair also rewrites a rule that was proven: what it was is no longer what is loaded.
  expect(again?.toSorted()).toEqual([...(refused ?? []), 'pool-exhaustion'].toSorted());
  expect(all).toContain('pool-exhaustion is proven again: the rule DatabasePoolExhaustion changed since');
  expect(all).toContain('can never fire');
  expect(all).toContain('PROCEED: the report is authentic, and this is its decision.');
});
