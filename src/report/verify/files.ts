import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { isApprovalFile } from '../approval.ts';
import { attestationFile, evidenceFolder, reportFile, unfinishedPrefix, type Report } from '../report.ts';
import { no, type Trouble } from './check.ts';
import { readRegularFile, type KeptFile, type ReadFile } from './read-file.ts';

/** What stands in a report's folder, read once: everything else about it is concluded from these bytes. */
export interface ReportFiles {
  /** The files beside the evidence, by name. */
  readonly top: ReadonlyMap<string, ReadFile>;
  readonly evidence: ReadonlyMap<string, ReadFile>;
  /** What could not be read or has no business there. */
  readonly troubles: readonly Trouble[];
}

/** A report and its evidence by name: all that an item is judged by. */
export interface ReadReport {
  readonly report: Report;
  readonly evidence: ReadonlyMap<string, KeptFile>;
}

/** What may be read of a folder that a stranger filled: far more than any report, and what a small machine can hold. */
export interface Bounds {
  readonly files: number;
  readonly bytes: number;
}

const bounds: Bounds = { files: 20_000, bytes: 1024 ** 3 };

/** Throws the Fault `report/unreadable` when there is no such folder. */
export async function readFolder(folder: string, { files: mostFiles, bytes: mostBytes }: Bounds = bounds): Promise<ReportFiles> {
  const names = await listed(folder);
  if (names === undefined) {
    throw new Fault('report/unreadable', `there is no report folder ${folder}`, { hint: `give the folder that holds ${reportFile}` });
  }
  const left = { files: mostFiles, bytes: mostBytes };
  const topNames = names.filter((name) => name !== evidenceFolder);
  const top = readAll(folder, '', topNames, left);
  const hasEvidence = names.includes(evidenceFolder);
  const isElsewhere = hasEvidence && (await isLink(join(folder, evidenceFolder)));
  const evidenceNames = hasEvidence && !isElsewhere ? await listed(join(folder, evidenceFolder)) : [];
  const evidence = readAll(folder, `${evidenceFolder}/`, evidenceNames ?? [], left);
  const isUnfinished = basename(resolve(folder)).startsWith(unfinishedPrefix);
  const troubles = [
    ...(isUnfinished ? [no('the run that wrote this report was ended before it was finished')] : []),
    ...top.troubles,
    ...evidence.troubles,
    ...(names.includes(reportFile) ? [] : [no(`${reportFile} is missing`)]),
    ...(isElsewhere ? [no(`${evidenceFolder} is a symbolic link`)] : []),
    ...(evidenceNames === undefined ? [no(`${evidenceFolder} is not a folder`)] : []),
  ];
  return { top: top.files, evidence: evidence.files, troubles };
}

function readAll(
  folder: string,
  prefix: string,
  names: readonly string[],
  left: { files: number; bytes: number },
): { files: Map<string, ReadFile>; troubles: Trouble[] } {
  const files = new Map<string, ReadFile>();
  const troubles: Trouble[] = [];
  for (const name of names) {
    if (left.files <= 0) {
      troubles.push(no(`${prefix}${name} and what follows was not read: there are more files than any report has`));
      break;
    }
    const read = readRegularFile(join(folder, prefix, name), left.bytes);
    left.files -= 1;
    if (typeof read === 'string') {
      troubles.push(no(`${prefix}${name} ${read}`));
    } else {
      left.bytes -= read.bytes.length;
      files.set(name, read);
    }
  }
  return { files, troubles };
}

async function isLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() === true;
}

/** The names in a folder, sorted; undefined when it is not one. A link to the report's folder is followed, one inside it is not. */
async function listed(path: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Fault('report/unreadable', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Files that neither belong to every report, nor are rendered by a reporter we know, nor are signed. */
export function strangers(files: ReportFiles, known: ReadonlySet<string>): readonly Trouble[] {
  return [...files.top.keys()]
    .filter((name) => name !== reportFile && name !== attestationFile && !isApprovalFile(name) && !known.has(name))
    .map((name) => no(`${name} does not belong to the report`));
}
