import { defineProbe } from '../check/probe.ts';
import { judgeBrowser } from './browser/judge.ts';
import { browserObservation } from './browser/observation.ts';
import { observeBrowser } from './browser/observe.ts';
import { browserOptions } from './browser/options.ts';
import { readBrowser } from './browser/readings.ts';
import { restsOnScript } from './browser/rests-on.ts';

export type { BrowserFlow } from './browser/flow.ts';

export default defineProbe({
  kind: 'browser',
  summary: 'What a person does in a browser, in a real Chromium.',
  options: browserOptions,
  observation: browserObservation,
  observe: observeBrowser,
  judge: judgeBrowser,
  readings: readBrowser,
  weight: 'heavy',
  restsOn: restsOnScript,
});
