import { createRequire } from 'node:module';
import path from 'node:path';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { plainFrames } from '../../../src/probes/browser/spec/plain-frames.ts';

type Prepare = NonNullable<typeof Error.prepareStackTrace>;

/** As Playwright's worker installs it, with its own map of one file. */
function playwrights(): Prepare {
  const before = Error.prepareStackTrace;
  const { sourceMapSupport } = createRequire(import.meta.url)('playwright-core/lib/utilsBundle') as {
    readonly sourceMapSupport: { install(options: object): void };
  };
  sourceMapSupport.install({ environment: 'node', handleUncaughtExceptions: false });
  const mapped = Error.prepareStackTrace;
  Error.prepareStackTrace = before;
  if (mapped === undefined) throw new Error('Playwright has installed nothing');
  return mapped;
}

function stackBy(prepare: Prepare, make: () => Error): string {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = prepare;
  try {
    return String(make().stack);
  } finally {
    Error.prepareStackTrace = before;
  }
}

class Trouble extends Error {
  override readonly name = 'Trouble';
  static within(message: string): Trouble {
    return [message].map((each) => new Trouble(each))[0] as Trouble;
  }
}
const makers: Readonly<Record<string, () => Error>> = {
  'a plain error': () => new Error('no'),
  'one of several lines': () => Trouble.within('no\n    at all'),
  'one without words': () => [0].map(() => new Error())[0] as Error,
  'one out of eval': () => runInThisContext(`eval('(() => new Error("evaluated"))()')`) as Error,
  'one through Node': () => {
    let made = new Error('never');
    new (createRequire(import.meta.url)('node:events') as typeof import('node:events')).EventEmitter()
      .on('x', () => (made = new Error('x')))
      .emit('x');
    return made;
  },
};

const isNodes = (file: string): boolean => file.startsWith('node:');

it.each(Object.entries(makers))('%s has the stack that Playwright would write', (_name, make) => {
  const mapped = playwrights();
  for (const isOwnSource of [() => false, isNodes, (file: string) => isNodes(file) || file.includes('node_modules')]) {
    const [ours, theirs] = [plainFrames(mapped, isOwnSource), mapped].map((each) => stackBy(each, make));
    expect(ours).toBe(theirs);
  }
});

it('asks Playwright for no frame of a file that is its own source, and for all others', () => {
  const asked: string[] = [];
  const mapped: Prepare = (error, frames) => {
    asked.push(...frames.map((frame) => path.basename(frame.getFileName() ?? '')));
    return `${String(error)}${frames.map(() => '\n    at mapped').join('')}`;
  };
  const stack = stackBy(
    plainFrames(mapped, (file) => !file.endsWith('plain-frames.test.ts')),
    () => Trouble.within('no'),
  );
  expect(stack).toMatch(/^Trouble: no\n {4}at mapped\n/);
  expect(stack).not.toContain('plain-frames.test.ts');
  expect(stack).toContain('node_modules');
  expect(new Set(asked)).toEqual(new Set(['plain-frames.test.ts']));
});

it('leaves what is written otherwise as it is', () => {
  const frames: Prepare = (_error, all) => all;
  expect(Array.isArray(plainFrames(frames, () => true)(new Error('no'), []))).toBe(true);
});
