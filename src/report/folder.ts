import { randomUUID } from 'node:crypto';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SigningKey } from '../attest/keys.ts';
import { signStatement } from '../attest/sign.ts';
import { sha256, type Sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { ProcessMark } from '../base/process-mark.ts';
import { syncFolder } from '../base/sync-folder.ts';
import { statementOf } from './attestation.ts';
import type { KeptSource } from './build.ts';
import { attestationFile, evidenceFolder, htmlFile, pdfFile, reportFile, reportText, unfinishedPrefix, type Report } from './report.ts';
import { pictureOf } from './picture.ts';
import type { KeptBytes, Reporter } from './reporter.ts';

export interface WriteReportOptions {
  /** The folder of all reports; this one becomes `<root>/<gate>/<start>`. */
  readonly root: string;
  readonly report: Report;
  /** The bytes of an item's evidence. */
  evidence(name: Sha256): Promise<Uint8Array>;
  /** The same that `report.sources` names. */
  readonly sources: readonly KeptSource[];
  readonly reporters: readonly Reporter[];
  /** Prints the page, where it is wanted: the bytes of a PDF, or nothing when it could not be printed. */
  print?(html: string): Promise<Uint8Array | undefined>;
  /** Signs the report; must be the key that the report names. */
  readonly key?: SigningKey | undefined;
  /** Of the run, by which a folder that it could not finish is known. */
  readonly mark?: ProcessMark;
}

/** Writes a report's folder and returns its path. It appears whole or not at all. Throws the Fault `report/unwritable`. */
export async function writeReport(options: WriteReportOptions): Promise<string> {
  const { report, root, mark = randomUUID() } = options;
  const parent = gateFolder(root, report.gate);
  const unfinished = join(parent, unfinishedPrefix + mark);
  try {
    await makeFolder(join(unfinished, evidenceFolder));
    await fill(unfinished, options);
    await syncFolder(join(unfinished, evidenceFolder));
    await syncFolder(unfinished);
    return await settle(unfinished, join(parent, safeName(report.startedAt.replace(/\.\d+/, ''))));
  } catch (error) {
    // The first error is the one to tell.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw unwritable(parent, error);
  }
}

/** Finds out before a run, whose faults and test alerts would otherwise be for nothing, that its report can be written. Throws the Fault `report/unwritable`. */
export async function ensureWritable(root: string, gate: string, mark: ProcessMark): Promise<void> {
  const parent = gateFolder(root, gate);
  const tried = join(parent, unfinishedPrefix + mark);
  try {
    const topmost = (await makeFolder(tried)) ?? tried;
    await rmdir(tried);
    // Leaves nothing behind; a folder that another run has put something into meanwhile stays.
    for (let folder = tried; folder !== topmost;) await rmdir((folder = dirname(folder)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'rmdir') throw unwritable(parent, error);
  }
}

function unwritable(parent: string, error: unknown): Fault {
  return new Fault('report/unwritable', `the report cannot be written to ${parent}: ${(error as Error).message}`, { cause: error });
}

/** Where the reports of one gate are; names that begin with a dot are unfinished. */
export function gateFolder(root: string, gate: string): string {
  return join(root, safeName(gate));
}

/** A name that outlives a power cut must not come before what it names. */
const onDisk = { flush: true };
/** Each waits for the disk; together they wait once. */
const writtenAtOnce = 16;

async function fill(folder: string, { report, evidence, sources, reporters, print, key }: WriteReportOptions): Promise<void> {
  if (report.signature?.keyId !== key?.keyId) throw new Error('the report names another key than the one it is to be signed with');
  const pictures = new Map<Sha256, Uint8Array>();
  const keep = async (name: Sha256): Promise<void> => {
    const bytes = await evidence(name);
    if (sha256(bytes) !== name) throw new Error(`the evidence ${name} holds something else`);
    await writeFile(join(folder, evidenceFolder, name), bytes, onDisk);
    // The rest is not shown, and may be large.
    if (pictureOf(bytes) !== undefined) pictures.set(name, bytes);
  };
  const names = [...new Set(report.items.flatMap((item) => item.evidence))];
  for (let from = 0; from < names.length; from += writtenAtOnce) await Promise.all(names.slice(from, from + writtenAtOnce).map(keep));
  for (const source of sources) await writeFile(join(folder, evidenceFolder, source.kept), source.bytes, onDisk);

  const kept: KeptBytes = (name) => pictures.get(name);
  const rendered = reporters.filter(({ file }) => file !== reportFile).map(({ file, render }) => [file, render(report, kept)] as const);
  const html = rendered.find(([file]) => file === htmlFile)?.[1];
  const pdf = html === undefined ? undefined : await print?.(html);
  const files = [[reportFile, reportText(report)] as const, ...rendered, ...(pdf === undefined ? [] : [[pdfFile, pdf] as const])];
  for (const [name, content] of files) await writeFile(join(folder, name), content, onDisk);
  if (key === undefined) return;
  const digests = new Map(files.map(([name, content]) => [name, sha256(content)]));
  await writeFile(join(folder, attestationFile), await signStatement(statementOf(report, digests), key), onDisk);
}

/** Two runs of one gate may start in the same second; renaming onto a folder that holds files fails. */
async function settle(unfinished: string, wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? wanted : `${wanted}-${String(attempt)}`;
    try {
      await rename(unfinished, folder);
      await syncFolder(dirname(folder));
      return folder;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
  }
}

/** `2026-11-21T10:15:00Z` → `2026-11-21T10-15-00Z`: sorts by time, and every file system takes it. */
function safeName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, '-');
}
