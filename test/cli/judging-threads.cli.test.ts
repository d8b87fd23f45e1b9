import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { healthy, p256, sampleRun, temporaryFolder, writeSample } from '../report/sample.ts';
import { writeFile } from 'node:fs/promises';

const launcher = join(import.meta.dirname, '../../src/cli/liveproof.js');

/** Runs liveproof on a report; `inThreads` is run by each of its threads before anything else. */
async function run(command: 'drill' | 'verify' | 'sign', inThreads = '') {
  const root = await temporaryFolder();
  await using _ = { [Symbol.asyncDispose]: () => root.remove() };
  const pair = p256();
  const folder = await writeSample(root.path, sampleRun(healthy), pair.signing);
  await writeFile(join(root.path, 'gate.pub.pem'), pair.publicPem);
  await writeFile(join(root.path, 'ada.pem'), p256().privatePem);
  const options = { drill: [], verify: ['--key', 'gate.pub.pem'], sign: ['--key', 'ada.pem', '--as', 'Ada'] }[command];
  const first = `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) { ${inThreads} }`;
  const { stdout, stderr, exitCode } = await execa(process.execPath, [launcher, command, folder, ...options], {
    cwd: root.path,
    reject: false,
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(first)}`, NO_COLOR: '1' },
  });
  return { stdout, stderr, exitCode };
}

describe.each(['drill', 'verify', 'sign'] as const)('liveproof %s', (command) => {
  it('judges on threads what the threads know', async () => {
    const { stdout, stderr, exitCode } = await run(command);
    expect(stderr).toBe('');
    expect(stdout).toContain('this liveproof knows no proof kind "lamps"');
    expect(exitCode).toBe(command === 'drill' ? 3 : 1);
  });

  it('says that nothing was judged when a thread ends, and exits 2', async () => {
    const { stdout, stderr, exitCode } = await run(command, 'process.exit(0);');
    expect(stdout).toBe('');
    expect(stderr).toContain('error: a thread that judges the items ended with code 0 before it had answered');
    expect(stderr).toContain('(report/not-judged)');
    expect(exitCode).toBe(2);
  });

  it('is a bug of ours when a thread throws', async () => {
    const { stdout, stderr, exitCode } = await run(command, "throw new TypeError('a broken judge');");
    expect(stdout).toBe('');
    expect(stderr).toContain('This is a bug in liveproof');
    expect(stderr).toContain('TypeError: a broken judge');
    expect(exitCode).toBe(70);
  });
});
