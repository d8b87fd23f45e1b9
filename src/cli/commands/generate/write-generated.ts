import { readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Fault } from '../../../base/fault.ts';
import { makeFolder } from '../../../base/make-folder.ts';
import type { Generated } from '../../../generate/wants.ts';
import { exitCodes } from '../../exit-code.ts';
import type { Io } from '../../io.ts';
import { showFaults } from '../../show-fault.ts';

export interface WriteGeneratedOptions {
  /** The file; standard output when left out. */
  readonly out?: string | undefined;
  /** Whether a file that says something else may be replaced. */
  readonly force?: boolean | undefined;
}

/** Writes what was generated and says where, or says why nothing was. Resolves with the exit code. */
export async function writeGenerated(generated: Generated, options: WriteGeneratedOptions, io: Io): Promise<number> {
  if ('faults' in generated) {
    io.stderr.write(`${showFaults(generated.faults, { color: io.color, width: io.columns ?? 80 })}\n`);
    return exitCodes.usage;
  }
  if (options.out === undefined) io.stdout.write(generated.text);
  else await writeFileOnce(generated.text, options.out, options, io);
  return exitCodes.pass;
}

/** A file that is there already and differs is somebody's work: it is kept unless told otherwise. */
export async function writeFileOnce(text: string, out: string, { force = false }: WriteGeneratedOptions, io: Io): Promise<void> {
  const file = resolve(io.cwd, out);
  const found = await readFile(file, 'utf8').catch(() => undefined);
  if (found !== undefined && found !== text && !force) {
    throw new Fault('usage/bad-argument', `${out} is there already and differs: it was not touched`, {
      hint: 'compare the two, and repeat with --force to replace it',
    });
  }
  try {
    await makeFolder(dirname(file));
    if (found !== text) await writeFile(file, text);
  } catch (error) {
    throw new Fault('usage/bad-argument', `${out} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  io.stdout.write(`${relative(io.cwd, file)}\n`);
}
