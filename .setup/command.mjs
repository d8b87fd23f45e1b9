import { delimiter } from 'node:path';

export const usage = 'usage: node .setup/with.mjs [stack] -- command [argument…]';

/** What a command can ask for besides Node and the npm packages, which every command gets. */
const needs = ['stack'];

/**
 * @param {readonly string[]} words the words after the script's name
 * @returns {{ needs: readonly string[], command: readonly string[] } | undefined} undefined when they make no sense
 */
export function readArguments(words) {
  const split = words.indexOf('--');
  if (split === -1 || split === words.length - 1) return undefined;
  const asked = words.slice(0, split);
  if (asked.some((need) => !needs.includes(need))) return undefined;
  return { needs: asked, command: words.slice(split + 1) };
}

/**
 * The environment that the command runs in: our Node before any other, and the folders of system programs,
 * which are not on everybody's PATH although `dovecot` lives there.
 * @param {string} nodeFolder
 * @param {string} packageBin
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(nodeFolder, packageBin, environment) {
  const inherited = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = [nodeFolder, packageBin, ...inherited, '/usr/sbin', '/sbin'];
  return { ...environment, PATH: [...new Set(path)].join(delimiter) };
}
