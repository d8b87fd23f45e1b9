import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortable } from '../../../base/abortable.ts';
import { makeFolder } from '../../../base/make-folder.ts';
import { Fault } from '../../../base/fault.ts';
import { chromiumArguments, mayUseSandbox } from '../../../browser/chromium.ts';
import { killAll, memoryOf, processTree } from '../../../browser/process-tree.ts';
import type { BrowserOptions } from '../options.ts';
import type { Pooled } from '../pool.ts';
import { traceSettings } from '../trace.ts';
import { runByCommand } from './command.ts';
import type { Installation } from './installation.ts';
import { openKeptWorker, UnknownProtocol, WorkerTrouble, type KeptWorker, type LastLook } from './kept-worker.ts';
import { planSpec, type SpecPlan } from './plan.ts';
import { preload, toEnvironment } from './preloaded.ts';
import type { SpecRecord } from './record.ts';

/** A worker that has done so much is replaced before it has grown. */
const mostRuns = 500;
const mostMemoryBytes = 1024 ** 3;
const memoryEvery = 25;
const stopWithinMs = 2_000;

type Way = 'kept worker' | 'playwright test';

/** One spec of one check, ready to be run again and again. */
export interface SpecSession extends Pooled {
  readonly plan: SpecPlan;
  /** Says which way it went, and why not by the kept worker. */
  run(record: SpecRecord, signal: AbortSignal): Promise<{ readonly way: Way; readonly because?: string | undefined }>;
  /** Which way the last run went, or goes. */
  way(): Way;
  look(withinMs: number): Promise<LastLook | undefined>;
  /** Removes the files of the last run, and the worker when it is not fit for another one. */
  tidy(isWell: boolean): Promise<void>;
}

export interface SessionOptions {
  readonly installation: Installation;
  readonly executable: string;
  readonly options: BrowserOptions;
  readonly signal: AbortSignal;
  /** Why a Playwright is not spoken to as a worker, by its manifest: found out once. */
  readonly unknown: Map<string, string>;
}

export async function openSession({ installation, executable, options, signal, unknown }: SessionOptions): Promise<SpecSession> {
  const folder = await mkdtemp(join(tmpdir(), 'liveproof-spec-'));
  const outputFolder = join(folder, 'results');
  const { manifest, command } = installation;
  const given = { playwright: manifest, command, executable, chromiumArguments, sandbox: mayUseSandbox(), folder };
  const own = { ...options.variables, ...options.secrets };
  const environment = (isKept: boolean) => ({ ...own, ...toEnvironment({ ...given, isKept }) });
  let plan: SpecPlan;
  try {
    plan = await planSpec(installation, options, environment(false), signal);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const used = { worker: undefined as KeptWorker | undefined, runs: 0, way: 'kept worker' as Way };

  const endWorker = async (isGentle: boolean): Promise<void> => {
    const worker = used.worker;
    if (worker === undefined) return;
    used.worker = undefined;
    used.runs = 0;
    const tree = await processTree(worker.pid);
    await worker.stop(isGentle ? stopWithinMs : 0);
    await killAll(tree);
    // What it has not put away itself.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const warm = async (stop: AbortSignal): Promise<KeptWorker> => {
    if (used.worker?.hasEnded() === true) await endWorker(false);
    await makeFolder(outputFolder);
    const settings = {
      environment: environment(true),
      outputFolder,
      trace: { mode: options.trace === 'off' ? 'off' : 'retain-on-failure', ...traceSettings(options.trace) },
      signal: stop,
    };
    return (used.worker ??= await openKeptWorker(plan, settings));
  };
  const byCommand = async (record: SpecRecord, stop: AbortSignal, because: string) => {
    const trace = options.trace === 'off' ? 'off' : 'retain-on-failure';
    used.way = 'playwright test';
    await makeFolder(outputFolder);
    await runByCommand(plan, record, { environment: environment(false), preload, outputFolder, trace, signal: stop });
    return { way: 'playwright test', because } as const;
  };
  return {
    plan,
    isFit: () => true,
    way: () => used.way,
    run: async (record, stop) => {
      const because = plan.needsCommand ?? unknown.get(manifest);
      if (because !== undefined) return byCommand(record, stop, because);
      try {
        const worker = await warm(stop);
        used.runs += 1;
        await worker.run(record, stop);
        return { way: 'kept worker' };
      } catch (error) {
        if (error instanceof WorkerTrouble) throw new Fault('probe/cannot-run', firstLine(error.message), { cause: error });
        if (!(error instanceof UnknownProtocol)) throw error;
        if (error.isCertain) unknown.set(manifest, error.message);
        await endWorker(false);
        if (!error.beforeAnyTest) throw new Fault('probe/cannot-run', error.message, { hint: 'from now on it is run by playwright test' });
        return byCommand(record, stop, error.message);
      }
    },
    look: (withinMs) =>
      abortable(used.worker?.look(withinMs) ?? Promise.resolve(undefined), AbortSignal.timeout(withinMs)).catch(() => undefined),
    tidy: async (isWell) => {
      // Playwright's worker takes no further test after one that failed.
      const isWorn = !isWell || used.runs >= mostRuns || (await isTooLarge(used));
      if (isWorn) await endWorker(isWell);
      await rm(outputFolder, { recursive: true, force: true });
    },
    close: async () => {
      await endWorker(true);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function isTooLarge({ worker, runs }: { readonly worker: KeptWorker | undefined; readonly runs: number }): Promise<boolean> {
  if (worker === undefined || runs % memoryEvery !== 0) return false;
  return ((await memoryOf(await processTree(worker.pid))) ?? 0) > mostMemoryBytes;
}

function firstLine(text: string): string {
  return text.replace(/^\w*Error: /, '').split('\n')[0] ?? text;
}
