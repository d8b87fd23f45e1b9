import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { syncFolder } from '../base/sync-folder.ts';
import { defineStore, type Store } from '../store/store.ts';
import { encodeBatch } from './sqlite/batch.ts';
import { startThread, type CallThread } from './sqlite/call-thread.ts';
import { storeFault } from './sqlite/faults.ts';
import { holdLock } from './sqlite/lock.ts';
import { entryOf, type Entry } from './sqlite/row.ts';

const options = z.strictObject({
  file: z.string().min(1).meta({ description: 'the file that results are kept in; made when it is not there' }),
  maxBytes: z
    .int()
    .min(1_048_576)
    .optional()
    .meta({ description: 'how large the file may become; results are refused when it is full (otherwise as large as the disk)' }),
});

export default defineStore({
  kind: 'sqlite',
  summary: 'one file on this machine; nothing to set up',
  options,
  open: async ({ file, maxBytes }, { readOnly = false } = {}) => {
    if (readOnly) await mustBeThere(file);
    const call = startThread({ file, readOnly, maxBytes });
    try {
      await call('open');
    } catch (error) {
      await call('close').catch(() => undefined);
      throw error;
    }
    if (!readOnly) await syncFolder(path.dirname(file));
    return storeOf(call);
  },
  hold: ({ file }) =>
    Promise.resolve().then(() => {
      try {
        return holdLock(file);
      } catch (error) {
        throw storeFault(file, error);
      }
    }),
});

async function mustBeThere(file: string): Promise<void> {
  try {
    await access(file);
  } catch (cause) {
    throw new Fault('store/not-found', `there is no store ${file}`, { hint: 'name the file of a store', cause });
  }
}

function storeOf(call: CallThread): Store {
  const add = together((entries) => call('add', encodeBatch(entries)));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= add([]).then(() => call('close')));
  return {
    add: async (results) => {
      if (results.length > 0) await add(results.map(entryOf));
    },
    results: async function* (query) {
      const reading = await call('begin', query);
      try {
        for (;;) {
          const page = await call('page', reading);
          if (page.length === 0) return;
          yield* page;
        }
      } finally {
        await call('end', reading);
      }
    },
    latest: (check, count) => call('latest', check, count),
    summaries: ({ check, ...span }) => call('summaries', span, check),
    retain: (retention, nowMs) => call('retain', retention, nowMs),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Whatever is handed in while one commit runs goes into the next one: a commit costs as much for one result as for hundreds. */
function together(commit: (entries: readonly Entry[]) => Promise<void>): (entries: readonly Entry[]) => Promise<void> {
  let running: Promise<void> | undefined;
  let next: { readonly batch: Entry[]; readonly done: Promise<void> } | undefined;
  return (entries) => {
    if (next === undefined) {
      const batch: Entry[] = [];
      const done = (running ?? Promise.resolve()).then(() => {
        next = undefined;
        if (batch.length === 0) return undefined;
        const committed = commit(batch);
        running = committed.catch(() => undefined);
        return committed;
      });
      next = { batch, done };
    }
    for (const entry of entries) next.batch.push(entry);
    return next.done;
  };
}
