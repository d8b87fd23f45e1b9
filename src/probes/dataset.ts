import { readFile } from 'node:fs/promises';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import { defineProbe } from '../check/probe.ts';
import { datasetReadings, judgeDataset } from './dataset/judge.ts';
import { datasetObservation } from './dataset/observation.ts';
import { observeDataset } from './dataset/observe.ts';
import { datasetOptions } from './dataset/options.ts';

export default defineProbe({
  kind: 'dataset',
  summary: 'Labelled cases sent to an endpoint: accuracy, precision, recall and false positives, with confidence intervals.',
  options: datasetOptions,
  observation: datasetObservation,
  observe: observeDataset,
  judge: judgeDataset,
  readings: datasetReadings,
  restsOn: async ({ file }) => {
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
    });
    return [{ what: `the cases in ${file}`, value: sha256(bytes) }];
  },
});
