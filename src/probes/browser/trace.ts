import { isUtf8 } from 'node:buffer';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright';
import { atMost } from '../../base/at-most.ts';
import { createRedactor } from '../../base/redact.ts';
import { readZip, writeZip } from '../../base/zip.ts';
import type { BrowserOptions } from './options.ts';
import { withTime } from './watch-context.ts';

const mostUnpackedBytes = 64 * 1024 * 1024;
const mostBytes = 4 * 1024 * 1024;

/** The actions alone cost a twentieth of a flow; the page before and after each makes a flow half as long again. */
export function traceSettings(trace: BrowserOptions['trace']) {
  const isFull = trace === 'snapshots';
  return { screenshots: isFull, snapshots: isFull, sources: false };
}

export interface Tracing {
  /** Ends it, and gives it when it is wanted. */
  end(isWanted: boolean, secrets: Iterable<string>): Promise<Uint8Array | undefined>;
  /** Ends it if nobody has, and removes what Playwright leaves behind when its browser is no more. */
  discard(withinMs: number): Promise<void>;
}

/** One after the other, so that the folder which appears is known by its appearing. */
const inTurn = atMost(1);

export async function startTracing(context: BrowserContext, trace: BrowserOptions['trace'], signal: AbortSignal): Promise<Tracing> {
  const own = await inTurn(signal, async () => {
    const before = new Set(await tracingFolders());
    await context.tracing.start(traceSettings(trace));
    const appeared = (await tracingFolders()).filter((name) => !before.has(name));
    // Of several, another process made some: which ones nobody knows.
    return appeared.length === 1 ? appeared[0] : undefined;
  });
  const folders = own === undefined ? [] : [join(tmpdir(), own)];
  let ending: Promise<unknown> | undefined;
  const stop = (path?: string): Promise<void> => {
    const stopping = context.tracing.stop(path === undefined ? {} : { path });
    ending = stopping;
    return stopping;
  };
  return {
    end: async (isWanted, secrets) => {
      if (!isWanted) {
        await stop();
        return undefined;
      }
      const folder = await mkdtemp(join(tmpdir(), 'liveproof-trace-'));
      folders.push(folder);
      const reading = (async () => {
        try {
          const path = join(folder, 'trace.zip');
          await stop(path);
          return cleanTrace(await readFile(path), secrets);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      })();
      ending = reading;
      return reading;
    },
    discard: async (withinMs) => {
      await withTime(ending ?? stop(), withinMs);
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tracingFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('playwright-tracing-'));
}

/**
 * A Playwright trace as it may be kept: what was typed and sent stands in it, so secrets are taken out of every text, and what is no text
 * is left out, but for pictures of the page. Undefined when it is too large or no trace.
 */
export function cleanTrace(trace: Uint8Array, secrets: Iterable<string>): Uint8Array | undefined {
  const entries = readZip(trace, mostUnpackedBytes);
  if (entries === undefined) return undefined;
  const redactor = createRedactor(secrets);
  const clean = entries.flatMap(({ name, bytes }) => {
    if (isUtf8(bytes)) return [{ name, bytes: redactor.bytes(bytes) }];
    return /\.(jpe?g|png)$/.test(name) ? [{ name, bytes }] : [];
  });
  const zip = writeZip(clean);
  return zip.length > mostBytes ? undefined : zip;
}
