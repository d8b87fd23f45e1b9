import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotSetUp } from './cannot-set-up.mjs';
import { oneAtATime } from './one-at-a-time.mjs';

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lock */

/**
 * Whether what npm recorded as installed is what the lock file asks for. npm writes that record last,
 * so a half-finished installation has none. Packages for other platforms are optional and may be absent.
 * @param {Lock | undefined} lock
 * @param {Lock | undefined} installed
 */
export function isInstalled(lock, installed) {
  if (lock?.packages === undefined || installed?.packages === undefined) return false;
  const asked = Object.entries(lock.packages).filter(([path]) => path !== '');
  const found = installed.packages;
  const same = asked.every(([path, entry]) => {
    const there = found[path];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
  return same && Object.keys(found).every((path) => lock.packages?.[path] !== undefined);
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @param {(text: string) => void} say
 */
export async function installPackages(root, environment, say) {
  const ready = () => isInstalled(readLock(join(root, 'package-lock.json')), readLock(join(root, 'node_modules/.package-lock.json')));
  if (ready()) return;
  await oneAtATime(join(root, '.cache/packages.lock'), say, () => {
    if (ready()) return;
    say('Installing the npm packages of package-lock.json into node_modules.');
    // Development packages are needed whatever NODE_ENV says.
    const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const answer = spawnSync('npm', words, { cwd: root, env: environment, encoding: 'utf8' });
    if (answer.status === 0) return;
    const why = answer.error?.message ?? `${answer.stdout}${answer.stderr}`.trim();
    throw new CannotSetUp(`Cannot install the npm packages.\n${why}\nTo try by hand: npm ${words.join(' ')}`);
  });
}

/**
 * @param {string} file
 * @returns {Lock | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
