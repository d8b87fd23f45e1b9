import { abortable } from '../../base/abortable.ts';
import { openChromium, type OpenBrowser } from '../../browser/chromium.ts';
import { memoryOf, processTree } from '../../browser/process-tree.ts';

/** A browser that has done so much is replaced before it has grown. */
const mostRuns = 500;
const mostMemoryBytes = 1024 ** 3;
const memoryEvery = 25;
const openWithinMs = 30_000;

/** One Chromium that flows share from run to run, each in a context of its own; replaced when it ended, hangs or grew. */
export interface WarmBrowser extends AsyncDisposable {
  lease(signal: AbortSignal): Promise<Lease>;
}

export interface Lease {
  readonly opened: OpenBrowser;
  /** `isWell`: it answered to the end. */
  release(isWell: boolean): Promise<void>;
}

interface Held {
  readonly opened: OpenBrowser;
  runs: number;
  users: number;
  isRetired: boolean;
}

export function keepBrowserWarm(executable: string | undefined): WarmBrowser {
  const all = new Set<Held>();
  let current: Promise<Held> | undefined;
  const end = async (held: Held): Promise<void> => {
    all.delete(held);
    await held.opened.close();
  };
  const open = async (): Promise<Held> => {
    const { chromium } = await import('playwright');
    // Of its own time: whoever asked for it first may be stopped, and others wait for it as well.
    const opened = await openChromium(chromium, executable, AbortSignal.timeout(openWithinMs));
    const held: Held = { opened, runs: 0, users: 0, isRetired: false };
    all.add(held);
    void opened.ended.then(() => (held.isRetired = true));
    return held;
  };
  const fit = async (): Promise<Held> => {
    const opening = (current ??= open());
    try {
      const held = await opening;
      if (!held.isRetired) return held;
    } catch (error) {
      if (current === opening) current = undefined;
      throw error;
    }
    if (current === opening) current = undefined;
    return fit();
  };
  return {
    lease: async (signal) => {
      const held = await abortable(fit(), signal);
      held.users += 1;
      held.runs += 1;
      return {
        opened: held.opened,
        release: async (isWell) => {
          held.users -= 1;
          held.isRetired ||= !isWell || held.runs >= mostRuns || (await isTooLarge(held));
          // One that hangs hangs for all; one that grew may finish what it does.
          if (held.isRetired && (!isWell || held.users <= 0)) await end(held);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await current?.catch(() => undefined);
      current = undefined;
      await Promise.all([...all].map(end));
    },
  };
}

async function isTooLarge({ opened: { pid }, runs }: Held): Promise<boolean> {
  if (pid === undefined || runs % memoryEvery !== 0) return false;
  return ((await memoryOf(await processTree(pid))) ?? 0) > mostMemoryBytes;
}
