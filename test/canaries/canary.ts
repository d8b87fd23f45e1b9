import { randomInt } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** A secret made to be recognised wherever a part of it turns up. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

// No letter of hexadecimal: what looks like a part of one is never a digest.
const letters = 'ghijklmnopqrstuvwxyz';
const windowLength = 8;

function random(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

/** With characters on both sides that every encoder turns into something else. */
export function hardCanary(name: string): Canary {
  return { name, value: `q"${random(6)}\\z&${random(24)}<%7e>'/+=${random(6)}` };
}

/** Of letters alone, for fields that take nothing else. */
export function plainCanary(name: string): Canary {
  return { name, value: random(28) };
}

/** Every part of eight letters or more that gives a canary away, as it is, in base64 at any offset and in hexadecimal. */
function windowsOf({ value }: Canary): readonly string[] {
  const cores = value.match(/[g-z]{6,}/g) ?? [];
  if (cores.length === 0) return [value];
  return cores
    .filter((core) => core.length >= windowLength)
    .flatMap((core) => [...[core, ...base64Of(core)].flatMap((each) => slide(each)), ...slide(hexOf(core), 2)]);
}

function slide(text: string, step = 1): string[] {
  const length = step === 1 ? windowLength : 2 * windowLength;
  return Array.from({ length: Math.max(0, Math.floor((text.length - length) / step) + 1) }, (_, index) =>
    text.slice(index * step, index * step + length),
  );
}

function base64Of(core: string): readonly string[] {
  return [0, 1, 2].map((drop) => {
    const whole = core.slice(drop, core.length - ((core.length - drop) % 3));
    return Buffer.from(whole).toString('base64');
  });
}

function hexOf(core: string): string {
  return Buffer.from(core).toString('hex');
}

/** Looks for parts of canaries, in capitals or small letters where that makes no difference. */
export function createLeakFinder(canaries: readonly Canary[]): (where: string, bytes: Uint8Array | string) => readonly string[] {
  const names = new Map<string, string>();
  for (const canary of canaries) for (const window of windowsOf(canary)) names.set(window, canary.name);
  const lengths = new Set([...names.keys()].map(({ length }) => length));
  return (where, bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    const found = new Map<string, string>();
    for (const length of lengths) {
      for (let at = 0; at + length <= text.length; at += 1) {
        const name = names.get(text.slice(at, at + length));
        if (name !== undefined && !found.has(name)) found.set(name, text.slice(Math.max(0, at - 120), at + 60));
      }
    }
    return [...found].map(([name, around]) => `${name} in ${where}: …${around}…`);
  };
}

/** What a run beside this one has taken away meanwhile is not left behind. */
async function unlessGone<Result>(work: Promise<Result>, instead: Result): Promise<Result> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  });
}

/** Every file under a folder, whatever its name. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  // A folder that goes while it is walked ends the walk: then it is walked again.
  const walk = async (): Promise<readonly string[]> => (await unlessGone(readdir(folder, { recursive: true }), undefined)) ?? walk();
  const names = await walk();
  const isFile = async (file: string): Promise<boolean> => (await stat(file)).isFile();
  const files = await Promise.all(
    names.map(async (name) => ((await unlessGone(isFile(path.join(folder, name)), false)) ? [path.join(folder, name)] : [])),
  );
  return files.flat();
}

export async function leaksUnder(folder: string, find: ReturnType<typeof createLeakFinder>): Promise<readonly string[]> {
  const files = await filesUnder(folder);
  const leaks = await Promise.all(
    files.map(async (file) => [
      ...find(`the name of ${path.basename(file)}`, file),
      ...find(file, await unlessGone(readFile(file), Buffer.alloc(0))),
    ]),
  );
  return leaks.flat();
}
