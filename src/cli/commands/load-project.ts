import { loadProject } from '../../config/load-project.ts';
import type { LoadedProject } from '../../config/project.ts';
import { probes } from '../../probes/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { showFaults } from '../show-fault.ts';

/** Loads a project file; when it is refused, says why and returns the exit code. */
export async function loadProjectForCommand(file: string, io: Io): Promise<LoadedProject | number> {
  const loaded = await loadProject({ file, env: io.env, probes });
  if (loaded.ok) {
    io.hide?.(loaded.secrets);
    return loaded;
  }
  io.stderr.write(`${showFaults(loaded.faults, { color: io.color, width: io.columns ?? 80 })}\n`);
  return exitCodes.usage;
}
