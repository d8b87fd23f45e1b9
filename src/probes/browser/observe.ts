import type { ProbeContext } from '../../check/probe.ts';
import type { BrowserObservation } from './observation.ts';
import type { BrowserOptions } from './options.ts';
import { isSpec } from './spec/config.ts';

/** What runs a flow is loaded with the first one: most projects have none, and all of them pay for what stays in memory. */
export async function observeBrowser(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  // Playwright writes what was typed to the disk before anybody can take it out: only where somebody will look at a trace.
  const trace = options.trace ?? (context.kept === undefined ? 'off' : 'actions');
  const settled = { ...options, trace };
  if (!isSpec(options.script)) return (await import('./observe-flow.ts')).observeFlow(settled, context);
  return (await import('./observe-spec.ts')).observeSpec(settled, context);
}
