import { makePlan } from '../../app/plan-gate.ts';
import { systemClock } from '../../base/clock.ts';
import { channels } from '../../channels/index.ts';
import { summaryOf } from '../../gate/plan/summary.ts';
import { probes } from '../../probes/index.ts';
import { proofs } from '../../proofs/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { showPlan } from '../show-plan.ts';
import type { GateCommandOptions } from './gate.ts';
import { loadForCommand } from './load.ts';

/** Says what a run would touch and whom it would wake; sends nothing. Resolves with 0, or with 3 when something could not be told. */
export async function planCommand(options: GateCommandOptions, io: Io): Promise<number> {
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const plan = await makePlan({
    loaded,
    kinds: { proofs, channels, probes },
    only: options.only?.split(',').map((id) => id.trim()),
    clock: systemClock,
    // Every question has a deadline of its own, and stopping undoes nothing: Ctrl-C may end the process as it always does.
    signal: new AbortController().signal,
  });
  io.stdout.write(
    options.json === true ? `${JSON.stringify({ ...plan, ...summaryOf(plan) }, null, 2)}\n` : showPlan(plan, loaded.gate.title, io),
  );
  return plan.items.some(({ untold }) => untold.length > 0) ? exitCodes.unknown : exitCodes.pass;
}
