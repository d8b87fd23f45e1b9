import path from 'node:path';
import { proveGate } from '../../src/app/prove-gate.ts';
import { systemClock } from '../../src/base/clock.ts';
import { channels } from '../../src/channels/index.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import type { Report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import type { AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const gateFile = path.join(import.meta.dirname, '../../gates/accubooks/gate.yaml');

export interface ProveOptions {
  /** These items and what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  /** Beats what the stack says of itself. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs the AccuBooks gate on a stack, all of it or some items with what they rest on, through everything but the command line. */
export async function prove(stack: AccubooksStack, { only, variables = {} }: ProveOptions = {}): Promise<Report> {
  await using folder = await createTempFolder('reports');
  const kinds = { proofs, channels, probes };
  const loaded = await loadGate({ file: gateFile, environment: 'demo', env: { ...stack.variables, ...variables }, kinds });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const { report } = await proveGate({
    loaded,
    kinds,
    reporters,
    reportRoot: folder.path,
    resume: false,
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
