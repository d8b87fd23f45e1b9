import { spawn } from 'node:child_process';
import { CannotSetUp } from './cannot-set-up.mjs';

/**
 * Runs the command in our place: same terminal, same exit code, and signals reach it.
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>}
 */
export function run(command, environment) {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { stdio: 'inherit', env: environment });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // Ctrl-C in a terminal has reached the command already; a second SIGINT would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CannotSetUp(`Cannot run ${program}: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (signal === null) return resolve(code ?? 1);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return undefined;
    });
  });
}
