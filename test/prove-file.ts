import { proveGate } from '../src/app/prove-gate.ts';
import { systemClock } from '../src/base/clock.ts';
import { channels } from '../src/channels/index.ts';
import { loadGate } from '../src/config/load-gate.ts';
import { probes } from '../src/probes/index.ts';
import { proofs } from '../src/proofs/index.ts';
import type { Report } from '../src/report/report.ts';
import { reporters } from '../src/reporters/index.ts';
import { createTempFolder } from './sandbox/temp-folder.ts';

export interface ProveFileOptions {
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** These items and what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  /** Allowed unless a test says otherwise: the people of the sandbox are woken for it. */
  readonly allowPaging?: boolean | undefined;
}

/** Runs a gate file through everything but the command line. */
export async function proveFile(file: string, { environment, env = {}, only, allowPaging = true }: ProveFileOptions): Promise<Report> {
  await using folder = await createTempFolder('reports');
  const kinds = { proofs, channels, probes };
  const loaded = await loadGate({ file, environment, env, kinds });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const { report } = await proveGate({
    loaded,
    kinds,
    reporters,
    reportRoot: folder.path,
    resume: false,
    allowPaging,
    only,
    operator: 'test',
    toolVersion: 'test',
    clock: systemClock,
    signal: AbortSignal.timeout(300_000),
    tell: () => undefined,
    tellCarried: () => undefined,
  });
  return report;
}
