import type { ProbeContext } from '../../check/probe.ts';
import type { BrowserObservation } from './observation.ts';
import { observeFlow } from './observe-flow.ts';
import { observeSpec } from './observe-spec.ts';
import type { BrowserOptions } from './options.ts';
import { isSpec } from './spec/config.ts';

export function observeBrowser(options: BrowserOptions, context: ProbeContext): Promise<BrowserObservation> {
  // Playwright writes what was typed to the disk before anybody can take it out: only where somebody will look at a trace.
  const trace = options.trace ?? (context.kept === undefined ? 'off' : 'actions');
  const settled = { ...options, trace };
  return isSpec(options.script) ? observeSpec(settled, context) : observeFlow(settled, context);
}
