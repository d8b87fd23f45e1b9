import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../../../base/make-folder.ts';
import { moduleBeside } from '../../../base/module-beside.ts';
import { threadEnvironment } from '../../../base/thread-environment.ts';
import type { Pooled } from '../pool.ts';
import { withTime } from '../watch-context.ts';
import { askThread, type Words } from './ask-thread.ts';
import type { FlowSeen, FlowTask } from './run-flow.ts';
import { FlowTrouble } from './trouble.ts';

/** A thread that has done so much is replaced before it has grown. */
const mostRuns = 500;
/** What a flow may hold of memory: its thread ends there, and not the process. */
const heapMb = 512;
const endWithinMs = 100;

/** One flow on a thread of its own, loaded and ready to be run again and again. */
export interface FlowThread extends Pooled {
  /** Rejects with a FlowTrouble when the flow ends its thread, or does not give back control when its time is up. */
  run(task: FlowTask, signal: AbortSignal): Promise<FlowSeen>;
}

/**
 * A flow is code of somebody else: on a thread it can neither end this process nor keep it from going on. Files that it, and the client of
 * Playwright, make meanwhile are in a folder of the thread, and go with it; the browser's own are where the browser's are.
 */
export async function openFlowThread(script: string, signal: AbortSignal): Promise<FlowThread> {
  const folder = await mkdtemp(join(tmpdir(), 'liveproof-flow-'));
  const worker = startWorker(folder);
  const state = { runs: 0, isFit: true };
  worker.on('error', () => (state.isFit = false)).on('exit', () => (state.isFit = false));
  const close = async (): Promise<void> => {
    state.isFit = false;
    // One that waits for a program that it started is ended when that has come to its end.
    await withTime(worker.terminate(), endWithinMs);
    // Whatever is left there is no reason to forget what came of the run.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  };
  try {
    await askThread(worker, { type: 'load', script }, signal, wordsOfLoading(script));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    isFit: () => state.isFit && state.runs < mostRuns,
    close,
    run: async (task, stop) => {
      await makeFolder(folder);
      // What an earlier run left behind may have ended it since: nobody would answer.
      if (!state.isFit) throw new FlowTrouble('the thread of the flow ended before its run began');
      state.runs += 1;
      let isWell = false;
      try {
        const answer = await askThread(worker, { type: 'run', task }, stop, wordsOfRunning);
        if (answer.type !== 'seen') throw new Error(`a thread answered "${answer.type}" to a run`);
        // One that did not come to its end may still be at work.
        isWell = !stop.aborted;
        return answer;
      } finally {
        state.isFit &&= isWell;
      }
    },
  };
}

function startWorker(folder: string): Worker {
  const worker = new Worker(moduleBeside(import.meta.url, 'thread'), {
    env: { ...threadEnvironment(), TMPDIR: folder },
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    stdout: true,
  });
  // Results go to stdout.
  worker.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  return worker;
}

const wordsOfRunning = (step: string | undefined): Words => {
  const where = step === undefined ? '' : `step "${step}": `;
  return {
    exited: (code) => new FlowTrouble(`${where}the flow called process.exit(${String(code)})`, 'let it return or throw instead'),
    threw: (says) => new FlowTrouble(`${where}the flow ended its thread: ${says}`),
    tooLong: () =>
      new FlowTrouble(
        `${where}the flow did not give back control when the time of the check was up`,
        'does it loop without waiting for anything?',
      ),
  };
};

function wordsOfLoading(script: string): () => Words {
  const not = `the script ${script} cannot be loaded: `;
  return () => ({
    exited: () => new FlowTrouble(`${not}it ends the process that loads it`),
    threw: (says) => new FlowTrouble(`${not}${says}`),
    tooLong: () => new FlowTrouble(`${not}it did not come to its end before the time of the check was up`, 'does it loop?'),
  });
}
