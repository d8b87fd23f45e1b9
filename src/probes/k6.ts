import { readFile } from 'node:fs/promises';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import { defineProbe } from '../check/probe.ts';
import { judgeK6, k6Readings } from './k6/judge.ts';
import { k6Observation } from './k6/observation.ts';
import { observeK6 } from './k6/observe.ts';
import { k6Options } from './k6/options.ts';

export default defineProbe({
  kind: 'k6',
  summary: 'A k6 script, whose thresholds become the outcome.',
  options: k6Options,
  observation: k6Observation,
  observe: observeK6,
  judge: judgeK6,
  readings: k6Readings,
  weight: 'heavy',
  restsOn: async ({ script }) => {
    const text = await readFile(script).catch((error: unknown) => {
      throw new Fault('probe/cannot-run', `the script ${script} cannot be read: ${(error as Error).message}`, { cause: error });
    });
    return [{ what: `the script ${script}`, value: sha256(text) }];
  },
});
