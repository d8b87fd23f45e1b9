import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const root = path.join(import.meta.dirname, '../..');

export interface BareMachine extends AsyncDisposable {
  /** Where its user works: there is nothing in it. */
  readonly path: string;
  /** Runs the installed command there, with nobody to talk to. */
  liveproof(...args: readonly string[]): Promise<{ readonly exitCode: number | undefined; readonly text: string }>;
}

/**
 * A machine with nothing but the npm package: packed as it would be published, unpacked elsewhere, and with only those packages beside it
 * that it declares. The network is taken away where the system allows it, and led nowhere by proxies where it does not.
 */
export async function startBareMachine(): Promise<BareMachine> {
  await using checkout = await createTempFolder('checkout');
  const { path: from } = checkout;
  for (const name of ['src', 'package.json', 'tsconfig.json', 'CHANGELOG.md', 'README.md', 'LICENSE'])
    await cp(path.join(root, name), path.join(from, name), { recursive: true });
  for (const name of ['.setup', 'node_modules']) await symlink(path.join(root, name), path.join(from, name));
  await execa('npm', ['pack', '--loglevel=error'], { cwd: from, timeout: 300_000 });
  const tarball = (await readdir(from)).find((name) => name.endsWith('.tgz')) ?? '';

  const machine = await createTempFolder('machine');
  const modules = path.join(machine.path, 'lib/node_modules');
  const installed = path.join(modules, 'liveproof');
  await mkdir(installed, { recursive: true });
  await execa('tar', ['-xzf', path.join(from, tarball), '--strip-components=1', '-C', installed]);
  const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as {
    bin: { liveproof: string };
    dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(manifest.dependencies)) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  const home = path.join(machine.path, 'home');
  await mkdir(home);
  const alone = await withoutNetwork();
  const nowhere = 'http://127.0.0.1:9';
  const env = { HOME: home, PATH: process.env['PATH'] ?? '', HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NODE_USE_ENV_PROXY: '1' };
  return {
    path: home,
    liveproof: async (...args) => {
      const [program = '', ...words] = [...alone, process.execPath, path.join(installed, manifest.bin.liveproof), ...args];
      const { exitCode, all } = await execa(program, words, {
        cwd: home,
        env,
        extendEnv: false,
        all: true,
        reject: false,
        timeout: 60_000,
      });
      return { exitCode, text: all };
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** Words to put before a command so that it has no network at all; none where that is not allowed. */
async function withoutNetwork(): Promise<readonly string[]> {
  const words = ['unshare', '--map-root-user', '--net'];
  const { failed } = await execa(words[0] ?? '', [...words.slice(1), 'true'], { reject: false });
  return failed ? [] : words;
}
