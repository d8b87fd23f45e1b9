import { exitCodes } from './exit-code.ts';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, SIGTERM and a closed terminal stop what goes on and undo what it made; a second one ends at once. */
export function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCodes.unknown);
    controller.abort(new Error(`stopped by ${signal}`));
  };
  for (const name of stopping) process.on(name, stop);
  return { signal: controller.signal, release: () => stopping.forEach((name) => void process.off(name, stop)) };
}
