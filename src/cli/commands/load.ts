import { channels } from '../../channels/index.ts';
import { loadGate, type LoadedGate } from '../../config/load-gate.ts';
import { probes } from '../../probes/index.ts';
import { proofs } from '../../proofs/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { showFaults } from '../show-fault.ts';

/** Loads a gate file; when it is refused, says why and returns the exit code. */
export async function loadForCommand(file: string, environment: string | undefined, io: Io): Promise<LoadedGate | number> {
  const loaded = await loadGate({ file, environment, env: io.env, kinds: { proofs, channels, probes } });
  if (loaded.ok) {
    io.hide?.(loaded.secrets);
    return loaded;
  }
  io.stderr.write(`${showFaults(loaded.faults, { color: io.color, width: io.columns ?? 80 })}\n`);
  return exitCodes.usage;
}
