import path from 'node:path';
import { execa } from 'execa';

export const root = path.join(import.meta.dirname, '../..');

export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Wall time in seconds of the whole process, again and again; it must end with exit code 0. */
export async function wallTimes(args: readonly string[], runs: number): Promise<readonly number[]> {
  const walls: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { durationMs, exitCode, all } = await execa(process.execPath, ['src/cli/liveproof.js', ...args], {
      cwd: root,
      all: true,
      reject: false,
    });
    if (exitCode !== 0) throw new Error(`liveproof ${args.join(' ')} ended with exit code ${String(exitCode)}:\n${all}`);
    walls.push(durationMs / 1000);
  }
  return walls;
}
