import { dirname, isAbsolute, resolve } from 'node:path';
import type { Place } from '../base/fault.ts';
import type { Check } from '../check/check.ts';
import type { Probe } from '../check/probe.ts';
import { carriedSecrets } from './carried-secrets.ts';
import { disk, type Files } from './files.ts';
import { findCheckFiles } from './find-check-files.ts';
import { loadCheckFiles } from './load-check-files.ts';
import { declaredVariables, lookForFiles, note, openDocument, replaceVariables, secretsOf, sortedFaults, type Loading } from './loading.ts';
import { createModuleReader } from './modules/reader.ts';
import { projectFile } from './project-schema.ts';
import type { LoadedProject, Project, RefusedProject } from './project.ts';
import { readNode } from './read-node.ts';
import { createVariables } from './variables.ts';

export interface LoadProjectOptions {
  readonly file: string;
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly probes: ReadonlyMap<string, Probe>;
  /** The disk, when left out. */
  readonly files?: Files;
  /** Gives up modules that take long: their checks are refused. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a project: its file, and the check files that it names. Whatever is wrong is told in `faults`, all at once; it rejects only
 * for bugs of ours.
 */
export async function loadProject({
  file,
  env,
  probes,
  files = disk,
  signal,
}: LoadProjectOptions): Promise<LoadedProject | RefusedProject> {
  await using modules = createModuleReader({ signal });
  const loading: Loading = { files, modules, sources: [], faults: [], marked: [], carried: [] };
  const written = await openDocument(loading, 'project', file);
  if (written === undefined) return { ok: false, faults: sortedFaults(loading, []) };
  if (written.type !== 'map') {
    note(loading, readNode(projectFile, written));
    return { ok: false, faults: sortedFaults(loading, []) };
  }
  const variables = createVariables({ env, declared: declaredVariables(written), declaredIn: file });
  const root = replaceVariables(written, variables, loading.faults);
  loading.carried.push(...carriedSecrets(root));
  const shape = note(loading, readNode(projectFile, root)).value;
  const found = await loadCheckFiles(loading, await findCheckFiles(loading, root), { variables, probes });
  await lookForFiles(loading);
  if (shape === undefined || loading.faults.length > 0) return { ok: false, faults: sortedFaults(loading, variables.secrets()) };

  const { name, place, listen, limits, references, maintenance, heartbeats, otlp, store } = shape;
  const withWindows = (check: Check): Check => ({ ...check, maintenance: [...maintenance, ...check.maintenance] });
  const path = isAbsolute(store.path) ? store.path : resolve(dirname(file), store.path);
  const project: Project = {
    name,
    place,
    checks: found.map(({ check }) => withWindows(check)),
    store: { path, retention: { detailedMs: store.retention.detailed, rolledUpMs: store.retention.rolledUp } },
    listen,
    maintenance,
    limits,
    references,
    ...(heartbeats === undefined ? {} : { heartbeatToken: heartbeats.token }),
    ...(otlp === undefined ? {} : { otlp: { endpoint: otlp.endpoint, headers: otlp.headers, everyMs: otlp.every } }),
  };
  const places = new Map<string, Place | undefined>(found.map(({ check, declaredAt }) => [check.name, declaredAt]));
  const secrets = [...new Set([...variables.secrets(), ...secretsOf(loading.marked), ...loading.carried])];
  return { ok: true, project, secrets, sources: loading.sources, placeOfCheck: (wanted) => places.get(wanted) };
}
