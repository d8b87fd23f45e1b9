import { access, readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Basis } from '../../base/basis.ts';
import { sha256 } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import type { BrowserOptions } from './options.ts';
import { configOf, isSpec } from './spec/config.ts';

/** More files than any flow is made of: whoever names that many names something else. */
const mostFiles = 500;

/** Whatever a module names beside itself: modules that it imports, files that it reads. */
const besides = /(['"`])(\.{1,2}\/[^'"`\n]+)\1/g;

/** The script and all that it names beside itself, in turn; packages are not followed. */
export async function restsOnScript({
  script,
  config: given,
}: Pick<BrowserOptions, 'script'> & Partial<Pick<BrowserOptions, 'config'>>): Promise<readonly Basis[]> {
  const first = resolve(script);
  const digests = new Map<string, string>();
  // A set goes on to what is added while it is walked.
  const config = isSpec(script) ? await configOf(first, given) : undefined;
  const files = new Set([first, ...(config === undefined ? [] : [config])]);
  for (const file of files) {
    const text = await read(file, file === first);
    if (text === undefined) continue;
    digests.set(relative(dirname(first), file), sha256(text));
    if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
    for (const [, , named = ''] of text.toString('utf8').matchAll(besides)) files.add(resolve(dirname(file), named));
    if (files.size > mostFiles) throw new Fault('probe/cannot-run', `the script ${script} names more than ${String(mostFiles)} files`);
  }
  return [{ what: `the script ${script}`, value: Object.fromEntries(digests) }];
}

/** Text that looks like a path may be none; of a file that is there and cannot be read nobody knows whether it changed. */
async function read(file: string, isNeeded: boolean): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    if (!isNeeded && (!exists || isFolder)) return undefined;
    throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
