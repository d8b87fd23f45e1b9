import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { proveGate } from '../../src/app/prove-gate.ts';
import { systemClock } from '../../src/base/clock.ts';
import { secret } from '../../src/base/secret.ts';
import { ladders } from '../../src/gate/grade.ts';
import { defineProof } from '../../src/gate/proof.ts';
import { accepted } from '../config/sample.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const talkative = defineProof({
  kind: 'talkative',
  summary: 'tells what it does, with everything it knows',
  ladder: ladders.check,
  defaultGrade: 'passed',
  requirement: z.strictObject({ password: secret() }),
  facts: z.null(),
  observe: async ({ password }, { progress, effects }) => {
    progress(`knocks with ${password}`);
    const says = `the door is opened with ${password}`;
    const undo = { url: `http://127.0.0.1:9/${password}`, method: 'DELETE' };
    await effects.make({ says, undo, expiresInMs: 1_000 }, () => Promise.resolve());
    return null;
  },
  judge: () => [],
});

async function prove(reportRoot: string) {
  const proofs = new Map([[talkative.kind, talkative]]);
  const kinds = { proofs, channels: new Map(), probes: new Map() };
  const loaded = await accepted('gate: doors\nitems: [{ id: door, proof: talkative, password: open-sesame }]\n', { kinds });
  const told: string[] = [];
  const proving = proveGate({
    loaded,
    kinds,
    reporters: [],
    reportRoot,
    resume: false,
    allowPaging: true,
    operator: 'nobody',
    toolVersion: '0.1.0',
    clock: systemClock,
    signal: new AbortController().signal,
    tell: (event) => told.push(JSON.stringify(event)),
    tellCarried: (says) => told.push(says),
  });
  return { proving, told };
}

it('tells no secret while a gate runs, of effects that could not be undone neither', async () => {
  await using folder = await createTempFolder('prove-gate');
  const { proving, told } = await prove(folder.path);
  await proving;
  expect(told.join('\n')).toMatch(/knocks with \[redacted\].*the door is opened with \[redacted\].*effect-stuck/s);
  expect(told.join('\n')).not.toContain('open-sesame');
});

it('finds out before anything is tried that its report cannot be written', async () => {
  await using folder = await createTempFolder('prove-gate');
  await writeFile(join(folder.path, 'a-file'), '');
  const { proving, told } = await prove(join(folder.path, 'a-file/reports'));
  await expect(proving).rejects.toMatchObject({ code: 'report/unwritable' });
  expect(told).toEqual([]);
  expect(await readdir(folder.path)).toEqual(['a-file']);
});
