import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotSetUp } from './cannot-set-up.mjs';

const longestWaitMs = 10 * 60_000;

/**
 * Does `work` while no other process does work under the same lock file.
 * A lock whose owner is gone (killed half-way) is taken over.
 * @param {string} file
 * @param {(text: string) => void} say
 * @param {() => void} work
 */
export async function oneAtATime(file, say, work) {
  mkdirSync(dirname(file), { recursive: true });
  const deadline = performance.now() + longestWaitMs;
  for (let tries = 0; !take(file); tries += 1) {
    if (tries === 1) say(`Waiting for another set-up of this checkout (process ${ownerOf(file)}) to end.`);
    if (performance.now() > deadline)
      throw new CannotSetUp(`Another set-up has held ${file} for too long. If none is running, delete that file.`);
    await delay(200);
  }
  try {
    work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  // Written beside it and then linked, so that a lock never stands there without its owner.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!isRunning(ownerOf(file))) rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} file */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    // Released this very moment: whoever asks tries again.
    if (codeOf(error) === 'ENOENT') return process.pid;
    throw error;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
