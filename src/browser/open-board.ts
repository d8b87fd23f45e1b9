import type { BrowserContext, Page } from 'playwright';
import { abortable } from '../base/abortable.ts';
import { Fault } from '../base/fault.ts';
import { openChromium } from './chromium.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** The status of the page itself. */
  readonly status: number;
  /** When the page was given the data that it asked for, on the given clock: asking alone renews nothing. */
  readonly answeredMs: readonly number[];
  readonly complaints: readonly string[];
}

const size = { width: 1_600, height: 1_400 };

/** Opens a board's page as a person, or as nobody, and closes the browser whatever comes of it. */
export async function withBoardPage<Result>(
  {
    url,
    board,
    flavour,
    person,
    signal,
    nowMs,
  }: {
    readonly url: string;
    readonly board: string;
    readonly flavour: 'grafana' | 'liveproof';
    /** Nobody in particular when left out. */
    readonly person: Credentials | undefined;
    readonly signal: AbortSignal;
    nowMs(): number;
  },
  look: (opened: OpenedPage) => Promise<Result>,
): Promise<Result> {
  const { chromium } = await import('playwright');
  const { browser, close } = await openChromium(chromium, undefined, signal);
  try {
    const basic =
      person === undefined ? {} : { httpCredentials: { username: person.email, password: person.password, origin: new URL(url).origin } };
    const context = await abortable(browser.newContext({ viewport: size, ...(flavour === 'liveproof' ? basic : {}) }), signal);
    if (flavour === 'grafana' && person !== undefined) await signIn(context, url, person.email, person.password, signal);
    const page = await abortable(context.newPage(), signal);
    const answeredMs: number[] = [];
    const complaints: string[] = [];
    page.on('response', (answer) => {
      const isData = answer.request().method() === 'POST' && answer.url().includes('/api/ds/query');
      if (isData && answer.ok()) answeredMs.push(nowMs());
    });
    page.on('pageerror', (error) => void complaints.push(error.message.slice(0, 300)));
    const opened = await abortable(page.goto(`${url}/d/${encodeURIComponent(board)}`, { waitUntil: 'domcontentloaded' }), signal);
    return await look({ page, status: opened?.status() ?? 0, answeredMs, complaints });
  } finally {
    await close();
  }
}

/** Grafana's own form posts the same; the session comes back as a cookie. */
async function signIn(context: BrowserContext, url: string, user: string, password: string, signal: AbortSignal): Promise<void> {
  const answer = await abortable(context.request.post(`${url}/login`, { data: { user, password } }), signal);
  if (answer.ok()) return;
  throw new Fault('stack/unauthorized', `${user} cannot sign in: HTTP ${String(answer.status())}`, {
    hint: 'is the password still theirs?',
  });
}
