import { defineProbe } from '../check/probe.ts';
import { isolationReadings, judgeIsolation } from './isolation/judge.ts';
import { isolationObservation } from './isolation/observation.ts';
import { observeIsolation } from './isolation/observe.ts';
import { isolationOptions } from './isolation/options.ts';

export default defineProbe({
  kind: 'isolation',
  summary: "As one tenant, reaches for another tenant's things: refused on every listed route.",
  options: isolationOptions,
  observation: isolationObservation,
  observe: observeIsolation,
  judge: judgeIsolation,
  readings: isolationReadings,
});
