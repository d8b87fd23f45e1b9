import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
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
  await using reports = await createTempFolder('reports');
  const kinds = { proofs, channels, probes };
  const loaded = await loadGate({ file, environment, env, kinds });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const { report, folder } = await proveGate({
    loaded,
    kinds,
    reporters,
    reportRoot: reports.path,
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
  await refuseSecrets(folder, loaded.secrets);
  return report;
}

/** On a stack where everything works, too, no file of a report holds a secret of its gate. */
async function refuseSecrets(folder: string, secrets: readonly string[]): Promise<void> {
  const spelled = secrets.filter(({ length }) => length > 3).flatMap((secret) => [secret, encodeURIComponent(secret), btoa(secret)]);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name));
    if (spelled.some((secret) => bytes.includes(secret))) throw new Error(`${entry.name} of the report holds a secret`);
  }
}
