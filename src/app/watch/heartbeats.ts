import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { shortened } from '../../base/shortened.ts';
import { heartbeat, type Heartbeat, type HeartbeatReader } from '../../check/heartbeat.ts';

/** Takes heartbeats in, and tells probes of the last of each name. */
export interface Heartbeats extends HeartbeatReader {
  /** Resolves when it would survive a crash. */
  take(name: string, status: Heartbeat['status'], says?: string): Promise<void>;
}

const longestWords = 500;
const stored = z.record(z.string(), heartbeat.omit({ agoMs: true }).extend({ atMs: z.number() }));
type Stored = z.infer<typeof stored>[string];

/** Keeps heartbeats in a file of its own. One that cannot be read is taken for none. */
export async function openHeartbeats(file: string, clock: Clock): Promise<Heartbeats> {
  const startedMs = clock.monotonicMs();
  const startedAtMs = clock.now().getTime();
  /** Since the epoch, and not moved by whoever sets the clock meanwhile. */
  const nowMs = (): number => startedAtMs + clock.monotonicMs() - startedMs;
  const last = new Map(Object.entries(await readStored(file)));
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  /** Whatever comes while one write goes on is written together by the next. */
  const write = (): Promise<void> => {
    next ??= writing
      .catch(() => undefined)
      .then(async () => {
        writing = next ?? writing;
        next = undefined;
        await replace(file, JSON.stringify(Object.fromEntries(last)));
      });
    return next;
  };

  return {
    last: (name) => {
      const listeningForMs = clock.monotonicMs() - startedMs;
      const found = last.get(name);
      if (found === undefined) return Promise.resolve({ listeningForMs });
      const { atMs, ...rest } = found;
      // A clock that was set back between two processes must not make it come from the future.
      return Promise.resolve({ listeningForMs, last: { ...rest, agoMs: Math.max(0, nowMs() - atMs) } });
    },
    take: async (name, status, says) => {
      const words: Partial<Stored> = says === undefined || says === '' ? {} : { says: shortened(says, longestWords) };
      last.set(name, { atMs: nowMs(), status, ...words });
      await write();
    },
  };
}

async function readStored(file: string): Promise<Readonly<Record<string, Stored>>> {
  try {
    return stored.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

async function replace(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
}
