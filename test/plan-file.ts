import { makePlan } from '../src/app/plan-gate.ts';
import { systemClock } from '../src/base/clock.ts';
import { channels } from '../src/channels/index.ts';
import { loadGate } from '../src/config/load-gate.ts';
import type { Plan } from '../src/gate/plan.ts';
import { probes } from '../src/probes/index.ts';
import { proofs } from '../src/proofs/index.ts';
import type { ProveFileOptions } from './prove-file.ts';

/** Plans a gate file through everything but the command line. */
export async function planFile(file: string, { environment, env = {}, only }: Omit<ProveFileOptions, 'allowPaging'>): Promise<Plan> {
  const kinds = { proofs, channels, probes };
  const loaded = await loadGate({ file, environment, env, kinds });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  return await makePlan({ loaded, kinds, only, clock: systemClock, signal: AbortSignal.timeout(60_000) });
}
