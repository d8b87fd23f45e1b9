import { exitCodes } from './exit-code.ts';

const stopping = ['SIGINT', 'SIGTERM'] as const;

/** SIGTERM and Ctrl-C stop the daemon, a second one at once; SIGHUP asks for a reload. */
export function watchSignals(): { readonly stop: AbortSignal; onReload(reload: () => void): void; release(): void } {
  const controller = new AbortController();
  let reload: () => void = () => undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCodes.unknown);
    controller.abort(new Error(`stopped by ${signal}`));
  };
  const hangUp = (): void => reload();
  for (const name of stopping) process.on(name, stop);
  process.on('SIGHUP', hangUp);
  return {
    stop: controller.signal,
    onReload: (work) => void (reload = work),
    release: () => {
      for (const name of stopping) process.off(name, stop);
      process.off('SIGHUP', hangUp);
    },
  };
}
