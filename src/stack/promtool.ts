import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Fault } from '../base/fault.ts';
import { shortened } from '../base/shortened.ts';

/** One unit test file of promtool and the rule file that it tests. */
export interface RuleTest {
  /** The stem of both files' names, unlike any other's: `t1`. */
  readonly name: string;
  readonly rules: string;
  /** The test file; its `rule_files` names `ruleFileOf(name)`. */
  readonly test: string;
}

export interface RuleTestResult {
  readonly passed: boolean;
  /** What promtool said about it, as it said it. */
  readonly words: string;
}

export function ruleFileOf(name: string): string {
  return `${name}.rules.yml`;
}

function testFileOf(name: string): string {
  return `${name}.test.yml`;
}

/** What runs of promtool must keep to. */
export interface PromtoolOptions {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

/**
 * Runs unit tests of alerting rules in virtual time, all in one process; results by name.
 * A rule that cannot be loaded or evaluated is a failed test, not a Fault; no promtool, or no answer in time, is.
 */
export async function testRules(tests: readonly RuleTest[], options: PromtoolOptions): Promise<ReadonlyMap<string, RuleTestResult>> {
  if (tests.length === 0) return new Map();
  const folder = await mkdtemp(path.join(tmpdir(), 'liveproof-promtool-'));
  try {
    for (const { name, rules, test } of tests) {
      await writeFile(path.join(folder, ruleFileOf(name)), rules);
      await writeFile(path.join(folder, testFileOf(name)), test);
    }
    const output = await run(folder, ['test', 'rules', ...tests.map(({ name }) => testFileOf(name))], options);
    return new Map(tests.map(({ name }) => [name, resultOf(name, output)]));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function promtoolVersion(options: PromtoolOptions): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'liveproof-promtool-'));
  try {
    const output = await run(folder, ['--version'], options);
    return /version (\S+)/.exec(output)?.[1] ?? 'unknown';
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Both streams go to one file: promtool writes verdicts to one and reasons to the other, and only their order tells which belong together. */
async function run(folder: string, args: readonly string[], { signal, withinMs }: PromtoolOptions): Promise<string> {
  const file = path.join(folder, 'output');
  const timeout = AbortSignal.timeout(withinMs);
  await using output = await open(file, 'a');
  try {
    await ended(
      spawn('promtool', args, {
        cwd: folder,
        stdio: ['ignore', output.fd, output.fd],
        signal: AbortSignal.any([signal, timeout]),
        killSignal: 'SIGKILL',
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw faultOf(error, timeout, withinMs);
  }
  return await readFile(file, 'utf8');
}

/** Resolves whatever the exit code is: failed tests are an answer too. Rejects once the process is gone when it was killed or never was. */
async function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
    if (child.pid === undefined) reject(error);
  });
  child.once('close', (code, killedBy) => {
    if (code === null) reject(failure ?? new Error(`ended by ${String(killedBy)}`));
    else resolve();
  });
  await promise;
}

function faultOf(error: unknown, timeout: AbortSignal, withinMs: number): Fault {
  if (timeout.aborted) {
    return new Fault('tool/failed', `promtool was not done within ${String(withinMs / 1000)} s`, {
      hint: 'a long "for" or a long window takes many evaluations; is this machine busy?',
    });
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return new Fault('tool/missing', 'promtool is not on the PATH, so the rule cannot be tried out in virtual time', {
      hint: 'install it where the gate runs: it comes with Prometheus (Debian: apt-get install prometheus; otherwise prometheus.io/download)',
    });
  }
  return new Fault('tool/failed', `promtool did not run: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

/** The lines from `Unit Testing:  t1.test.yml` up to the next such line. */
function resultOf(name: string, output: string): RuleTestResult {
  const blocks = output.split(/^Unit Testing: +/m);
  const file = testFileOf(name);
  const block = blocks.find((each) => each.startsWith(`${file}\n`));
  if (block === undefined) throw new Fault('tool/failed', `promtool said nothing about a test: ${shortened(output.trim(), 500)}`);
  const words = block.slice(file.length).trim();
  return { passed: words.startsWith('SUCCESS'), words };
}
