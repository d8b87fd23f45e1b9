import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '../../../base/fault.ts';

/** The Playwright that a spec file brings: the one that Node finds from its folder. */
export interface Installation {
  readonly version: string;
  /** The package `playwright`, which `@playwright/test` is a name for. */
  readonly folder: string;
  readonly manifest: string;
  /** The public command. */
  readonly command: string;
}

export async function findInstallation(script: string): Promise<Installation> {
  try {
    const test = createRequire(script).resolve('@playwright/test/package.json');
    const manifest = createRequire(test).resolve('playwright/package.json');
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    const folder = dirname(manifest);
    const command = join(folder, 'cli.js');
    await access(command);
    return { version, folder, manifest, command };
  } catch (error) {
    throw new Fault('probe/cannot-run', `${script} needs @playwright/test, which is not installed where it stands`, {
      hint: 'npm install --save-dev @playwright/test',
      cause: error,
    });
  }
}
