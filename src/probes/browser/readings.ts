import { startOf, type Reading, type Readings } from '../../check/reading.ts';
import { longestText, type BrowserObservation } from './observation.ts';
import type { BrowserOptions } from './options.ts';

/** `total`, `step <name>` (all of that name together), the web vitals, and what went wrong beside the flow. */
export function readBrowser(_options: BrowserOptions, seen: BrowserObservation): Readings {
  const readings = new Map<string, Reading>();
  const ms = (name: string, value: number | undefined): void => {
    if (value !== undefined) readings.set(name, { value, unit: 'ms' });
  };
  ms('total', seen.durationMs);
  for (const [name, steps] of Map.groupBy(seen.steps, (step) => step.name)) {
    ms(
      `step ${name}`,
      steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
    );
  }
  const { lcpMs, inpMs, firstByteMs, cls } = seen.vitals ?? {};
  ms('first byte', firstByteMs);
  ms('lcp', lcpMs);
  ms('inp', inpMs);
  if (cls !== undefined) readings.set('cls', { value: cls });
  readings.set('console errors', { value: seen.consoleErrorCount });
  readings.set('failed requests', { value: seen.failedRequestCount });
  readings.set('url', startOf(seen.url, longestText));
  readings.set('title', startOf(seen.title, longestText));
  return readings;
}
