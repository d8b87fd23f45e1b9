import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Browser, BrowserType } from 'playwright';
import { abortable } from '../base/abortable.ts';
import { Fault } from '../base/fault.ts';
import { oneLine } from './one-line.ts';

/** Debian's headless shell first: for a flow it needs a third of the full browser's processor time. */
const usualPlaces = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** It must not phone home or change itself while it measures. */
export const chromiumArguments = [
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--mute-audio',
];

const launchWithinMs = 20_000;

export interface OpenBrowser {
  readonly browser: Browser;
  /** The file that was started, and the version that it has. */
  readonly name: string;
  readonly pid?: number | undefined;
  /** Where it listens: whoever connects there has pages of its own, which are closed when its connection is. */
  readonly endpoint: string;
  /** Resolves when the browser has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends every process of it, also one that hangs. */
  close(): Promise<void>;
}

/** Starts a Chromium of its own. Whatever keeps it from starting is a Fault: it says nothing about the target. */
export async function openChromium(chromium: BrowserType, executable: string | undefined, signal: AbortSignal): Promise<OpenBrowser> {
  const executablePath = await locateChromium(executable, chromium.executablePath());
  const launching = chromium.launchServer({
    executablePath,
    args: chromiumArguments,
    host: '127.0.0.1',
    chromiumSandbox: mayUseSandbox(),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: launchWithinMs,
  });
  try {
    const server = await abortable(launching, signal);
    const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
    const endpoint = server.wsEndpoint();
    const browser = await abortable(chromium.connect(endpoint), signal);
    const name = `${basename(executablePath)} ${browser.version()}`;
    return { browser, name, pid: server.process().pid, endpoint, ended, close: () => server.kill() };
  } catch (error) {
    // Stopped while it was starting: it is ended as soon as it is there, and waited for as long as we may.
    const ending = launching.then((server) => server.kill()).catch(() => undefined);
    await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, 800).unref())]);
    signal.throwIfAborted();
    throw new Fault('probe/cannot-run', `Chromium (${executablePath}) did not start: ${oneLine(error)}`, {
      hint: String(error).includes('sandbox')
        ? 'allow unprivileged user namespaces, or run as root in a container'
        : 'does it start by hand? name another one with LIVEPROOF_CHROMIUM',
      cause: error,
    });
  }
}

/** Chromium's sandbox refuses to work for root, and for root alone it is given up. */
export function mayUseSandbox(): boolean {
  return process.getuid?.() !== 0;
}

/** The Chromium that is used when nobody says otherwise: `playwrights` when there is no other. */
export async function locateChromium(named: string | undefined, playwrights?: string): Promise<string> {
  const wanted = named ?? (process.env['LIVEPROOF_CHROMIUM'] || undefined);
  for (const place of wanted === undefined ? [...usualPlaces, ...(playwrights === undefined ? [] : [playwrights])] : [wanted]) {
    if (await isExecutable(place)) return place;
  }
  throw new Fault(
    'probe/cannot-run',
    wanted === undefined ? 'no Chromium was found on this machine' : `there is no Chromium at ${wanted}`,
    {
      hint: 'install one (apt-get install chromium-headless-shell), or set LIVEPROOF_CHROMIUM to its path',
    },
  );
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
