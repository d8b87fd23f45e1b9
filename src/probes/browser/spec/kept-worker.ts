import { fork, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { abortable } from '../../../base/abortable.ts';
import { lookedName, preload } from './preloaded.ts';
import type { SpecPlan } from './plan.ts';
import type { SpecRecord } from './record.ts';

/**
 * Playwright's worker process, kept from run to run. How it is spoken to is Playwright's own business and stands in this file alone;
 * it was read from 1.65. Whatever is not as it was there is an UnknownProtocol, and the public command is used instead.
 */
export class UnknownProtocol extends Error {
  /** Nothing of the spec has been done yet: it can be run another way without being run twice. */
  readonly beforeAnyTest: boolean;
  /** What took too long may be in time on a machine that is less busy. */
  readonly isCertain: boolean;
  constructor(message: string, beforeAnyTest: boolean, isCertain = true) {
    super(message);
    this.beforeAnyTest = beforeAnyTest;
    this.isCertain = isCertain;
  }
}

/** It ended by itself in the middle of a run, or its tests could not even be begun. */
export class WorkerTrouble extends Error {}

const lastLook = z.object({ isAlive: z.boolean(), screenshot: z.string().optional(), seen: z.unknown().optional() });
export type LastLook = z.infer<typeof lastLook>;

export interface KeptWorker {
  readonly pid: number;
  /** Runs all tests of the plan once, up to the first that fails. */
  run(record: SpecRecord, signal: AbortSignal): Promise<void>;
  /** Whether its browser still answers; undefined when not even the worker does. */
  look(withinMs: number): Promise<LastLook | undefined>;
  hasEnded(): boolean;
  /** Lets it close its browser by itself. */
  stop(withinMs: number): Promise<void>;
}

const errors = z.array(z.object({ message: z.string().optional(), value: z.string().optional() }));
const events = {
  testBegin: z.object({ testId: z.string() }),
  testEnd: z.object({
    testId: z.string(),
    duration: z.number(),
    status: z.enum(['passed', 'failed', 'timedOut', 'skipped', 'interrupted']),
    expectedStatus: z.string(),
    errors,
  }),
  stepBegin: z.object({ testId: z.string(), stepId: z.string(), title: z.string(), category: z.string(), wallTime: z.number() }),
  stepEnd: z.object({ stepId: z.string(), wallTime: z.number(), error: z.object({ message: z.string().optional() }).optional() }),
  attach: z.object({ name: z.string(), path: z.string().optional(), body: z.string().optional() }),
  done: z.object({ fatalErrors: errors, fatalUnknownTestIds: z.array(z.string()).optional() }),
};
const reply = z.object({ id: z.int(), error: z.object({ message: z.string() }).optional() });
const message = z.object({ method: z.string(), params: z.unknown().optional() });

const entry = 'lib/worker/workerProcessEntry.js';
const readyWithinMs = 20_000;
/** From being told to run a test to beginning it: it loads the spec and what it imports. */
const beginWithinMs = 20_000;
const notWithin = (what: string, ms: number): string => `${what} within ${String(ms / 1000)} s`;

export interface WorkerOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** For traces and other files of its runs. */
  readonly outputFolder: string;
  readonly trace: object;
  readonly signal: AbortSignal;
}

export async function openKeptWorker(plan: SpecPlan, options: WorkerOptions): Promise<KeptWorker> {
  const script = join(plan.installation.folder, entry);
  await access(script).catch(() => {
    throw new UnknownProtocol(`Playwright ${plan.installation.version} has no ${entry}`, true);
  });
  const child = fork(script, {
    cwd: dirname(plan.config),
    env: { ...process.env, ...options.environment },
    execArgv: ['--import', preload],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const talk = talkTo(child);
  try {
    await abortable(
      talk.until((method) => method === 'ready', readyWithinMs, 'the worker was not ready'),
      options.signal,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  talk.send('__init__', {
    processParams: { timeOrigin: performance.timeOrigin },
    runnerParams: {
      workerIndex: 0,
      parallelIndex: 0,
      repeatEachIndex: 0,
      projectId: plan.projectId,
      config: {
        location: {
          configDir: plan.hasConfig ? dirname(plan.config) : plan.config,
          resolvedConfigFile: plan.hasConfig ? plan.config : undefined,
        },
        configCLIOverrides: { use: { trace: options.trace }, outputDir: options.outputFolder, retries: 0 },
      },
      artifactsDir: join(options.outputFolder, 'artifacts'),
      pauseOnError: false,
      pauseAtEnd: false,
    },
  });
  return {
    pid: child.pid ?? 0,
    run: (record, signal) => run(plan, talk, record, signal),
    hasEnded: () => talk.ended !== undefined,
    look: async (withinMs) => {
      const answer = talk.until((method) => method === lookedName, withinMs, 'no answer');
      talk.send(lookedName, {});
      return lastLook.safeParse(await answer.catch(() => undefined)).data;
    },
    stop: async (withinMs) => {
      if (talk.ended !== undefined) return;
      const ended = talk.until(() => false, withinMs, 'still there').catch(() => undefined);
      talk.send('__stop__', undefined);
      await ended;
      child.kill('SIGKILL');
    },
  };
}

async function run(plan: SpecPlan, talk: Talk, record: SpecRecord, signal: AbortSignal): Promise<void> {
  let hasBegun = false;
  const ended = new Set<string>();
  const take: Listener = (method, params) => {
    const parsed = <Name extends keyof typeof events>(name: Name): z.infer<(typeof events)[Name]> => {
      const read = events[name].safeParse(params);
      if (!read.success) throw new UnknownProtocol(`Playwright ${plan.installation.version} tells of ${name} in another way`, !hasBegun);
      return read.data as z.infer<(typeof events)[Name]>;
    };
    if (method === 'testBegin') hasBegun = parsed(method).testId !== '';
    if (method === 'testEnd') {
      const { testId, duration, status, expectedStatus, errors: all } = parsed(method);
      const says = all.map(({ message: text, value }) => text ?? value ?? 'no reason was given');
      record.testEnded(testId, { status, expectedStatus, durationMs: duration, errors: says });
      ended.add(testId);
    }
    if (method === 'stepBegin') {
      const { testId, stepId, title, category, wallTime } = parsed(method);
      if (category === 'test.step') record.stepBegan(stepId, { test: testId, name: title, atMs: wallTime });
    }
    if (method === 'stepEnd') {
      const { stepId, wallTime, error } = parsed(method);
      record.stepEnded(stepId, { atMs: wallTime, ...(error === undefined ? {} : { error: error.message ?? '' }) });
    }
    if (method === 'attach') {
      const { name, path, body } = parsed(method);
      record.attached({ name, path, body: body === undefined ? undefined : Buffer.from(body, 'base64') });
      const trouble = record.trouble();
      if (trouble !== undefined) throw new WorkerTrouble(trouble);
    }
    if (method !== 'done') return false;
    const { fatalErrors, fatalUnknownTestIds = [] } = parsed(method);
    const [fatal] = fatalErrors;
    if (fatal !== undefined) throw new WorkerTrouble(fatal.message ?? fatal.value ?? 'the worker could not go on');
    const isComplete = fatalUnknownTestIds.length === 0 && ended.size > 0;
    if (!isComplete) throw new UnknownProtocol(`Playwright ${plan.installation.version} did not run what it listed`, !hasBegun);
    return true;
  };
  const done = talk.until(take, undefined, '');
  const begun = talk.until((method) => method === 'testBegin' || method === 'done', beginWithinMs, 'the worker began no test');
  talk.dispatch('runTestGroup', {
    file: plan.script,
    entries: [...plan.tests.keys()].map((testId) => ({ testId, retry: 0, planAnnotations: [] })),
  });
  try {
    await abortable(Promise.race([done, begun.then(() => done)]), signal);
  } catch (error) {
    throw error instanceof UnknownProtocol && hasBegun ? new UnknownProtocol(error.message, false, error.isCertain) : error;
  } finally {
    done.catch(() => undefined);
    begun.catch(() => undefined);
    talk.forget(take);
  }
}

/** True when what was waited for has come. */
type Listener = (method: string, params: unknown) => boolean;

type Talk = ReturnType<typeof talkTo>;

function talkTo(child: ChildProcess) {
  const listeners = new Map<Listener, { readonly resolve: (params: unknown) => void; readonly reject: (error: Error) => void }>();
  let ended: string | undefined;
  let lastId = 0;
  const hear = (method: string, params: unknown): void => {
    for (const [listener, { resolve, reject }] of listeners) {
      try {
        if (listener(method, params)) resolve(params);
      } catch (error) {
        reject(error as Error);
      }
    }
  };
  const fail = (error: Error): void => {
    for (const { reject } of listeners.values()) reject(error);
  };
  child.on('message', (received: unknown) => {
    const read = message.safeParse(received);
    if (!read.success) return fail(new UnknownProtocol('the worker says something else than messages', true));
    const { method, params } = read.data;
    if (method !== '__dispatch__') return hear(method, params);
    const inner = message.safeParse(params);
    if (inner.success) return hear(inner.data.method, inner.data.params);
    const answer = reply.safeParse(params);
    if (!answer.success) return fail(new UnknownProtocol('the worker answers in another way', true));
    if (answer.data.error !== undefined) fail(new UnknownProtocol(`the worker refuses: ${answer.data.error.message}`, true));
  });
  child.on('error', (error) => fail(new UnknownProtocol(`the worker did not start: ${error.message}`, true)));
  child.on('exit', (code, name) => {
    ended = `the worker ended (${name ?? `exit code ${String(code)}`})`;
    fail(new WorkerTrouble(ended));
  });
  const send = (method: string, params: unknown): void => {
    // One that has just ended cannot be told anything; its end is heard of in another way.
    if (child.connected) child.send({ method, params }, () => undefined);
  };
  return {
    send,
    dispatch: (method: string, params: unknown) => send('__dispatch__', { id: (lastId += 1), method, params }),
    get ended() {
      return ended;
    },
    forget: (listener: Listener) => void listeners.delete(listener),
    until: async (listener: Listener, withinMs: number | undefined, otherwise: string): Promise<unknown> => {
      if (ended !== undefined) throw new WorkerTrouble(ended);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      listeners.set(listener, { resolve, reject });
      const timer =
        withinMs === undefined
          ? undefined
          : setTimeout(() => reject(new UnknownProtocol(notWithin(otherwise, withinMs), true, false)), withinMs);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        listeners.delete(listener);
      }
    },
  };
}
