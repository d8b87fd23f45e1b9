import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createLeakFinder, filesUnder, leaksUnder, type Canary } from './canary.ts';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');

export interface RunOptions {
  /** The working directory; reports and temporary files go below it. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly canaries: readonly Canary[];
  /** Presses Ctrl-C when this stands in the output. */
  readonly stopAt?: string;
}

export interface Ran {
  readonly exitCode: number | undefined;
  /** All that a terminal would have shown. */
  readonly said: string;
  /** Every file that the run left in its reports, whatever it is called. */
  readonly files: readonly string[];
  /** Where parts of canaries turned up: in any of these, in their names, or in a file left in the folder for temporary ones. */
  readonly leaks: readonly string[];
}

/** Runs liveproof as a person would and looks through everything that came of it. */
export async function runLiveproof({ folder, args, env = {}, canaries, stopAt }: RunOptions): Promise<Ran> {
  const find = createLeakFinder(canaries);
  const [reports, scratch] = [path.join(folder, 'reports'), path.join(folder, 'tmp')];
  for (const each of [reports, scratch]) await mkdir(each, { recursive: true });
  const running = execa(process.execPath, [main, ...args], { cwd: folder, env: { ...env, TMPDIR: scratch }, reject: false, all: true });
  let shown = '';
  running.all.on('data', (chunk: Buffer) => {
    if (stopAt === undefined || shown.includes(stopAt)) return;
    shown += chunk.toString();
    if (shown.includes(stopAt)) running.kill('SIGINT');
  });
  const { exitCode, all: said } = await running;
  const leaks = [...find('the terminal', said), ...(await leaksUnder(reports, find)), ...(await leaksUnder(scratch, find))];
  return { exitCode, said, files: await filesUnder(reports), leaks };
}
