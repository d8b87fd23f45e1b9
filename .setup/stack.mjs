import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { CannotSetUp } from './cannot-set-up.mjs';
import { oneAtATime } from './one-at-a-time.mjs';

/**
 * The real parts that the demo and the tests run against. `anyOf`: one of these programs is enough.
 * @typedef {{ anyOf: readonly string[], package: string, for: string }} Part
 * @type {readonly Part[]}
 */
export const parts = [
  { anyOf: ['prometheus'], package: 'prometheus', for: 'the metrics server that a gate questions' },
  { anyOf: ['promtool'], package: 'prometheus', for: 'unit tests of alert rules' },
  { anyOf: ['prometheus-alertmanager'], package: 'prometheus-alertmanager', for: 'the server that routes alerts' },
  { anyOf: ['amtool'], package: 'prometheus-alertmanager', for: 'tests of alert routes' },
  {
    anyOf: ['prometheus-blackbox-exporter'],
    package: 'prometheus-blackbox-exporter',
    for: 'health checks from outside',
  },
  { anyOf: ['victoria-metrics'], package: 'victoria-metrics', for: 'another metrics server that a gate can question' },
  { anyOf: ['vmalert'], package: 'victoria-metrics', for: 'what runs its alert rules' },
  { anyOf: ['dovecot'], package: 'dovecot-imapd', for: 'the mail server that messages are read back from' },
  { anyOf: ['doveadm'], package: 'dovecot-imapd', for: 'its control program' },
  { anyOf: ['/usr/lib/dovecot/imap', '/usr/libexec/dovecot/imap'], package: 'dovecot-imapd', for: 'its IMAP part' },
  { anyOf: ['chromium-headless-shell', 'chromium'], package: 'chromium-headless-shell', for: 'the browser' },
  { anyOf: ['dnsmasq'], package: 'dnsmasq-base', for: 'a DNS server for checks to ask' },
  { anyOf: ['redis-server'], package: 'redis-server', for: 'a Redis for checks to ask' },
  {
    anyOf: ['/usr/lib/postgresql/15/bin/postgres', '/usr/lib/postgresql/16/bin/postgres', '/usr/lib/postgresql/17/bin/postgres'],
    package: 'postgresql',
    for: 'a database that checks question',
  },
  { anyOf: ['my_print_defaults'], package: 'mariadb-client-core', for: 'what reads its options' },
  { anyOf: ['mariadbd', '/usr/sbin/mariadbd'], package: 'mariadb-server-core', for: 'another one' },
  { anyOf: ['openssl'], package: 'openssl', for: 'the independent check of signatures' },
];

/**
 * @param {(program: string) => boolean} isThere
 * @returns {readonly Part[]}
 */
export function missingParts(isThere) {
  return parts.filter((part) => !part.anyOf.some(isThere));
}

/**
 * What a person who must do it by hand is told: each missing program, what brings it, and what to type.
 * @param {readonly Part[]} missing
 * @param {string} why
 */
export function howToInstall(missing, why) {
  const names = missing.map((part) => part.anyOf.join(' or '));
  const width = Math.max(...names.map((name) => name.length));
  return [
    `Missing on this machine, and liveproof cannot install it here (${why}):`,
    ...missing.map((part, index) => `  ${(names[index] ?? '').padEnd(width)}  ${part.for}; Debian package ${part.package}`),
    'On Debian, type this and run the command again:',
    `  sudo apt-get update && sudo apt-get install --no-install-recommends ${packagesOf(missing).join(' ')}`,
  ].join('\n');
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @param {(text: string) => void} say
 */
export async function installStack(root, environment, say) {
  const missing = () => missingParts((program) => isProgram(program, environment['PATH'] ?? ''));
  if (missing().length === 0) return;
  if (!isProgram('apt-get', environment['PATH'] ?? '')) throw new CannotSetUp(howToInstall(missing(), 'there is no apt-get'));
  if (process.getuid?.() !== 0) throw new CannotSetUp(howToInstall(missing(), 'that needs root'));
  await oneAtATime(join(root, '.cache/stack.lock'), say, () => {
    const before = missing();
    if (before.length === 0) return;
    for (const name of packagesOf(before)) say(`Installing the Debian package ${name}: ${purposeOf(name, before)}.`);
    const failure = aptInstall(packagesOf(before), join(root, '.setup/no-services'), environment);
    const after = missing();
    if (after.length > 0) throw new CannotSetUp(`${failure}\n${howToInstall(after, 'apt-get failed, see above')}`.trimStart());
  });
}

/**
 * @param {readonly string[]} packages
 * @param {string} noServices
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string} what apt-get said when it failed, else nothing
 */
function aptInstall(packages, noServices, environment) {
  const options = [
    // Debian starts and enables what it installs; maintainer scripts find these stand-ins first, and the system stays untouched.
    `DPkg::Path=${noServices}:/usr/sbin:/usr/bin:/sbin:/bin`,
    'DPkg::Lock::Timeout=300',
    'Dpkg::Use-Pty=0',
    'Acquire::Retries=3',
  ].flatMap((option) => ['-o', option]);
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const answer = spawnSync('apt-get', ['-q', ...options, ...words], { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (answer.status !== 0) return answer.error?.message ?? lastLines(`${answer.stdout}${answer.stderr}`, 15);
  }
  return '';
}

/**
 * @param {string} program a name, looked for on the path, or an absolute path
 * @param {string} path
 */
export function isProgram(program, path) {
  const places = isAbsolute(program) ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {readonly Part[]} missing */
function packagesOf(missing) {
  return [...new Set(missing.map((part) => part.package))];
}

/**
 * @param {string} name
 * @param {readonly Part[]} missing
 */
function purposeOf(name, missing) {
  return missing.find((part) => part.package === name)?.for ?? '';
}

/**
 * @param {string} text
 * @param {number} count
 */
function lastLines(text, count) {
  return text.trim().split('\n').slice(-count).join('\n');
}
