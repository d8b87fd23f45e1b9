import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gate } from '../gate/gate.ts';
import { report as reportSchema, reportFile, type Report } from '../report/report.ts';
import { json, readRegularFile } from '../report/verify/read-file.ts';

/** Reports of other environments may lie between; further back nobody compares. */
const mostLookedAt = 50;

/**
 * Where the items stood in the newest earlier run of this gate and environment, from the folder of its reports. It is only compared
 * with, never relied on, so its signature is not checked; its digest is kept so that a reader can tell which report was meant.
 */
export async function previousReport(folder: string, gate: Pick<Gate, 'name' | 'environment'>, now: Date): Promise<Report['previous']> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).toSorted();
  for (const name of names.toReversed().slice(0, mostLookedAt)) {
    const file = readRegularFile(join(folder, name, reportFile));
    const parsed = typeof file === 'string' ? undefined : reportSchema.safeParse(json(file.bytes)).data;
    if (typeof file === 'string' || parsed === undefined) continue;
    const { startedAt, decision, items } = parsed;
    if (parsed.gate !== gate.name || parsed.environment !== gate.environment || Date.parse(startedAt) > now.getTime()) continue;
    return { sha256: file.sha256, startedAt, decision, items: items.map(({ id, state, grade }) => ({ id, state, grade })) };
  }
  return undefined;
}
