import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CannotSetUp } from './cannot-set-up.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { isProgram } from './stack.mjs';

const version = 'v1.8.1';
const longestBuildMs = 9 * 60_000;

/**
 * k6 is no Debian package, and building it takes minutes: its tests are an extra. In CI they are run wherever there is Go;
 * elsewhere only with a k6 that is there already. A run without them says so by name.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment the place of what is installed here is added to it
 * @param {(text: string) => void} say
 */
export async function installK6(root, environment, say) {
  const path = environment['PATH'] ?? '';
  if (environment['LIVEPROOF_K6'] !== undefined || isProgram('k6', path)) return;
  const folder = join(root, '.cache/k6', version);
  const file = join(folder, 'k6');
  if (!isProgram(file, path)) {
    if (environment['CI'] !== 'true' || !isProgram('go', path)) return;
    await oneAtATime(join(root, '.cache/k6.lock'), say, () => {
      if (isProgram(file, path)) return;
      say(`Building k6 ${version} with Go: what runs load tests. This takes some minutes, once.`);
      const words = ['install', `go.k6.io/k6@${version}`];
      const env = { ...environment, GOBIN: folder };
      const answer = spawnSync('go', words, { env, encoding: 'utf8', timeout: longestBuildMs, maxBuffer: 64 * 1024 * 1024 });
      if (answer.status === 0) return;
      const why = answer.error?.message ?? `${answer.stdout}${answer.stderr}`.trim();
      throw new CannotSetUp(`Cannot build k6.\n${why}\nTo try by hand: go ${words.join(' ')}`);
    });
  }
  environment['LIVEPROOF_K6'] = file;
}
