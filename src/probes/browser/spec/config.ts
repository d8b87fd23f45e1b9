import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** As Playwright tells by its default whether a file holds tests. */
export function isSpec(script: string): boolean {
  return /\.(spec|test)\.[cm]?[jt]sx?$/.test(script);
}

/** As Playwright names them, in its order. */
const configNames = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((ending) => `playwright.config.${ending}`);

/** The configuration that a spec belongs to: the nearest one above it, no further than its own package. */
export async function configOf(script: string, named: string | undefined): Promise<string | undefined> {
  if (named !== undefined) return resolve(named);
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const names = new Set(await readdir(folder).catch(() => []));
    const found = configNames.find((name) => names.has(name));
    if (found !== undefined) return join(folder, found);
    if (names.has('package.json') || folder === dirname(folder)) return undefined;
  }
}
