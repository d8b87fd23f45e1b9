import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { entriesOf } from './batch.ts';
import { openEngine, type Engine } from './engine.ts';
import { storeFault } from './faults.ts';
import type { Answer, Calls, Question, ThreadData } from './protocol.ts';
import type { Taken } from './retain.ts';

/*
 * The thread that a store works in: waiting for the disk would hold up every probe, and falsify what it measures.
 */
const { file, ...how } = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error('this is no thread of a store');

let opened: Engine | undefined;
const engine = (): Engine => (opened ??= openEngine(file, how));

const readings = new Map<number, ReturnType<Engine['pages']>>();
let lastReading = 0;
let packing = false;

/** Packs in small steps, and answers in between. What cannot be packed now is packed another time: it has been stored. */
async function packAll(): Promise<void> {
  if (packing) return;
  packing = true;
  try {
    do await nextTurn();
    while (opened?.pack() === true);
  } catch (error) {
    if (!(storeFault(file, error) instanceof Fault)) throw error;
  } finally {
    packing = false;
  }
}

let retaining: Promise<unknown> = Promise.resolve();

/** Answers others between the steps. When it is closed it stops; the next time goes on from there. */
async function takeAway(steps: ReturnType<Engine['retain']>): Promise<Taken> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
    if (opened === undefined) return step.value;
  }
}

const calls: {
  readonly [Name in keyof Calls]: (...values: Parameters<Calls[Name]>) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;
} = {
  open: () => void engine(),
  add: (batch) => {
    engine().add(entriesOf(batch));
    void packAll();
  },
  begin: (query) => {
    readings.set(++lastReading, engine().pages(query));
    return lastReading;
  },
  page: (reading) => readings.get(reading)?.next().value ?? [],
  end: (reading) => void readings.delete(reading),
  latest: (check, count) => engine().latest(check, count),
  summaries: (span, check) => engine().summaries(span, check),
  retain: (retention, nowMs) => {
    const taken = takeAway(engine().retain(retention, nowMs));
    retaining = Promise.allSettled([retaining, taken]);
    return taken;
  },
  close: async () => {
    opened?.close();
    opened = undefined;
    await retaining;
  },
};

port.on('message', ({ id, call, values }: Question) => {
  const ask = calls[call] as (...values: readonly unknown[]) => unknown;
  void Promise.resolve()
    .then(() => ask(...values))
    .then(
      (value) => {
        answer({ id, value });
        // With nothing left to hear, the thread ends.
        if (call === 'close') port.close();
      },
      (error: unknown) => answer(refusal(id, storeFault(file, error))),
    );
});

function answer(message: Answer): void {
  port?.postMessage(message);
}

function refusal(id: number, error: unknown): Answer {
  if (error instanceof Fault) return { id, fault: { code: error.code, message: error.message, hint: error.hint } };
  return { id, bug: error };
}
