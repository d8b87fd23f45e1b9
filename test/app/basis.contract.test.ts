import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { basisReader } from '../../src/app/basis.ts';
import { proveGate } from '../../src/app/prove-gate.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { secret } from '../../src/base/secret.ts';
import { findingsOn } from '../../src/gate/finding.ts';
import { ladders } from '../../src/gate/grade.ts';
import { defineProof } from '../../src/gate/proof.ts';
import { restsOnScript } from '../../src/probes/browser/rests-on.ts';
import { accepted } from '../config/sample.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

/** Proves one door twice, the second time with --resume; the wire that it hangs on is read anew each time. */
async function twice(readWire: (reading: number) => string, [first, second]: readonly [string, string] = ['open-sesame', 'open-sesame']) {
  await using folder = await createTempFolder('basis');
  let readings = 0;
  const door = defineProof({
    kind: 'door',
    summary: 'a door that hangs on a wire',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({ password: secret() }),
    facts: z.null(),
    observe: () => Promise.resolve(null),
    judge: () => [findingsOn('door', 'passed').yes('it is shut')],
    restsOn: ({ password }) => Promise.try(() => [{ what: 'the wire', value: [readWire((readings += 1)), password] }]),
  });
  const kinds = { proofs: new Map([[door.kind, door]]), channels: new Map(), probes: new Map() };
  let said = '';
  const prove = async (password: string, resume: boolean) => {
    const { report } = await proveGate({
      loaded: await accepted(`gate: doors\nitems: [{ id: door, proof: door, password: ${password} }]\n`, { kinds }),
      kinds,
      reporters: [],
      reportRoot: folder.path,
      resume,
      allowPaging: false,
      operator: 'nobody',
      toolVersion: '0.1.0',
      clock: systemClock,
      signal: new AbortController().signal,
      tell: () => undefined,
      tellCarried: (says) => (said = says),
    });
    return report.items[0];
  };
  expect((await prove(first, false))?.state).toBe('proven');
  const again = (await prove(second, true))?.carriedFrom === undefined;
  return { again, because: said.split('\n').slice(1) };
}

const proves = (why: string) => ({ again: true, because: [`door is proven again: ${why}`] });

it('is kept while it reads the same', async () => {
  expect(await twice(() => 'copper')).toEqual({ again: false, because: [] });
});

it('ends what rests on it when it reads otherwise', async () => {
  expect(await twice((reading) => (reading <= 2 ? 'copper' : 'iron'))).toEqual(proves('the wire changed since'));
});

it('is not known when it changed while the item was proven, or could not be read then', async () => {
  expect(await twice((reading) => (reading === 1 ? 'copper' : 'iron'))).toEqual(proves('it is not known what it rested on'));
  const unread = (reading: number): string => {
    if (reading === 1) throw new Fault('stack/unreachable', 'the cellar is locked');
    return 'copper';
  };
  expect(await twice(unread)).toEqual(proves('it is not known what it rested on'));
});

it('ends what rests on it when it cannot be read now', async () => {
  const locked = (reading: number): string => {
    if (reading > 2) throw new Fault('stack/unreachable', 'the cellar is locked');
    return 'copper';
  };
  expect(await twice(locked)).toEqual(proves('what it rests on cannot be read (the cellar is locked)'));
});

it('knows nothing of secrets: a changed one is not noticed', async () => {
  expect(await twice(() => 'copper', ['open-sesame', 'hunter2hunter2'])).toMatchObject({ again: false });
});

it('of a script is the script with all that it names beside itself, in turn, wherever the folder is', async () => {
  await using folder = await createTempFolder('script');
  await mkdir(join(folder.path, 'lib'));
  const write = (name: string, text: string) => writeFile(join(folder.path, name), text);
  const script = join(folder.path, 'flow.ts');
  const read = async () => JSON.stringify((await restsOnScript({ script }))[0]?.value);
  await write(
    'flow.ts',
    "import { a } from './lib/a.ts'; import pw from 'playwright'; const none = './not-there'; const here = './lib';\n",
  );
  await write('lib/a.ts', "export { b } from '../b.ts'; export * from '../flow.ts';\n");
  await write('b.ts', "export const b = new URL('./data.json', import.meta.url);\n");
  await write('data.json', '"./never-read.ts"\n');
  const before = await read();
  expect(Object.keys(JSON.parse(before ?? '{}') as object).toSorted()).toEqual(['b.ts', 'data.json', 'flow.ts', 'lib/a.ts']);
  for (const name of ['flow.ts', 'lib/a.ts', 'b.ts', 'data.json']) {
    const text = `// changed: ${name}\n`;
    const was = await readFile(join(folder.path, name), 'utf8');
    await write(name, was + text);
    expect(await read()).not.toBe(before);
    await write(name, was);
  }
  expect(await read()).toBe(before);
  await write('not-there', 'now it is');
  expect(await read()).not.toBe(before);
  await expect(restsOnScript({ script: join(folder.path, 'gone.ts') })).rejects.toMatchObject({ code: 'probe/cannot-run' });
});

it('is not waited for when the run is stopped, whoever reads it', async () => {
  const deaf = defineProof({
    kind: 'deaf',
    summary: 'it listens to nobody',
    ladder: ladders.check,
    defaultGrade: 'passed',
    requirement: z.strictObject({}),
    facts: z.null(),
    observe: () => Promise.resolve(null),
    judge: () => [],
    restsOn: () => Promise.withResolvers<never>().promise,
  });
  const proofs = new Map([[deaf.kind, deaf]]);
  const loaded = await accepted('gate: doors\nitems: [{ id: door, proof: deaf }]\n', {
    kinds: { proofs, channels: new Map(), probes: new Map() },
  });
  const [item] = loaded.gate.items;
  if (item === undefined) throw new Error('the gate has an item');
  const read = (): never => undefined as never;
  const stop = new AbortController();
  const reading = basisReader({ proofs, clock: systemClock, redactor: createRedactor([]), read })(item, stop.signal);
  stop.abort(new Error('stopped by a person'));
  await expect(reading).rejects.toThrow('stopped by a person');
});
