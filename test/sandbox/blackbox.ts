import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask } from './ask.ts';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';

export interface BlackboxOptions {
  /** blackbox.yml */
  readonly config: string;
  readonly port?: number;
  /** The one core that it may use, where it is measured. */
  readonly core?: number;
}

export interface RunningBlackbox extends Part {
  readonly address: string;
}

/** AccuBooks' own modules. */
export const accubooksModules: Promise<string> = readFile(
  new URL('../systems/accubooks/monitoring/repaired/blackbox.yml', import.meta.url),
  'utf8',
);

/** Starts a real blackbox exporter on loopback. */
export async function startBlackbox({ config, port: wantedPort, core }: BlackboxOptions): Promise<RunningBlackbox> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('blackbox')).path;
  const port = wantedPort ?? stack.use(await reservePort()).port;
  const address = `127.0.0.1:${String(port)}`;
  const configFile = path.join(folder, 'blackbox.yml');
  await writeFile(configFile, config);
  stack.use(
    await startProcess({
      name: 'blackbox exporter',
      ...commandOn(core, '/usr/bin/prometheus-blackbox-exporter', [`--config.file=${configFile}`, `--web.listen-address=${address}`]),
      folder,
      ready: async () => (await ask('GET', `http://${address}/-/healthy`)) !== '',
    }),
  );
  return { address, ...partOf(stack.move()) };
}

function commandOn(core: number | undefined, program: string, args: readonly string[]): { command: string; args: readonly string[] } {
  return core === undefined ? { command: program, args } : { command: '/usr/bin/taskset', args: ['-c', String(core), program, ...args] };
}
