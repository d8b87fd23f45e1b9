import { resolve } from 'node:path';
import { cleanGate } from '../../app/clean-gate.ts';
import { systemClock } from '../../base/clock.ts';
import type { LeftoverEvent } from '../../gate/journal/clean.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { leftoverLine } from '../show-leftover.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { loadForCommand } from './load.ts';

export interface CleanCommandOptions {
  readonly file: string;
  readonly env?: string | undefined;
  readonly reportDir: string;
}

/** Undoes what ended runs of a gate have left behind, and says so. Resolves with 0 when nothing is left, with 3 when something is. */
export async function cleanCommand(options: CleanCommandOptions, io: Io): Promise<number> {
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const counts = { 'leftover-undone': 0, 'leftover-expired': 0, 'leftover-stuck': 0 } satisfies Record<LeftoverEvent['type'], number>;
  const stop = stopOnSignals();
  try {
    const { running } = await cleanGate({
      loaded,
      reportRoot: resolve(io.cwd, options.reportDir),
      clock: systemClock,
      signal: stop.signal,
      tell: (event) => {
        counts[event.type] += 1;
        io.stdout.write(`${leftoverLine(event, io.color)}\n`);
      },
    });
    if (running > 0) {
      const runs = running === 1 ? '1 run of this gate still goes on' : `${String(running)} runs of this gate still go on`;
      io.stdout.write(`${runs}: what is theirs is left alone.\n`);
    }
    io.stdout.write(`${conclusion(counts)}\n`);
    return counts['leftover-stuck'] === 0 ? exitCodes.pass : exitCodes.unknown;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    io.stdout.write('\nStopped. What was not reached yet is still written down.\n');
    return exitCodes.unknown;
  } finally {
    stop.release();
  }
}

function conclusion(counts: Readonly<Record<LeftoverEvent['type'], number>>): string {
  const stuck = counts['leftover-stuck'];
  if (stuck > 0) return `${String(stuck)} could not be undone; what it is, and until when it lasts, stands above.`;
  return counts['leftover-undone'] + counts['leftover-expired'] === 0
    ? 'Nothing was left behind by an ended run.'
    : 'Nothing is left of ended runs.';
}
