import type { BrowserContext, Page, Request, Response } from 'playwright';
import { abortable } from '../base/abortable.ts';
import { atMost } from '../base/at-most.ts';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { openChromium } from './chromium.ts';
import { oneLine } from './one-line.ts';
import { shortened } from '../base/shortened.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** An answer with data that the page was given. */
export interface DataAnswer {
  /** Whose data that is: Grafana names the panel; liveproof's own page asks for all panels at once. */
  readonly panel: string;
  /** When the page asked for it, on the given clock: by the browser's own account, for on a busy machine we hear of it late. */
  readonly atMs: number;
  readonly status: number;
  /** Why there is none, in the server's words. */
  readonly error?: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** The status of the page itself: of the document, or of what its script was told when it asked for the dashboard. */
  status(): number;
  /** What the page was given: asking alone renews nothing. */
  readonly data: readonly DataAnswer[];
  readonly complaints: readonly string[];
}

export interface BoardPlace {
  readonly url: string;
  /** Of the page, with its first slash. */
  readonly path: string;
  readonly flavour: 'grafana' | 'liveproof';
  /** Nobody in particular when left out. */
  readonly person: Credentials | undefined;
  /** How high the window is; Grafana's panels ask for nothing while they are out of sight. */
  readonly heightPx?: number | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const widthPx = 1_600;
const lowestPx = 1_400;
const highestPx = 12_000;

/** A gate that opens all its boards at once takes the machine away from everything else that it proves. */
const inTurn = atMost(2);

/** Opens a board's page as a person, or as nobody, and closes the browser whatever comes of it; two at a time. */
export async function withBoardPage<Result>(place: BoardPlace, look: (opened: OpenedPage) => Promise<Result>): Promise<Result> {
  return inTurn(place.signal, () => openPage(place, look));
}

async function openPage<Result>(
  { url, path, flavour, person, heightPx = lowestPx, signal, clock }: BoardPlace,
  look: (opened: OpenedPage) => Promise<Result>,
): Promise<Result> {
  const { chromium } = await import('playwright');
  const { browser, close } = await openChromium(chromium, undefined, signal);
  try {
    const basic =
      person === undefined ? {} : { httpCredentials: { username: person.email, password: person.password, origin: new URL(url).origin } };
    const viewport = { width: widthPx, height: Math.min(highestPx, Math.max(lowestPx, heightPx)) };
    // Numbers are read as they are written there.
    const options = { viewport, locale: 'en-US', ...(flavour === 'liveproof' ? basic : {}) };
    const context = await abortable(browser.newContext(options), signal);
    if (flavour === 'grafana' && person !== undefined) await signIn(context, url, person.email, person.password, signal);
    const page = await abortable(context.newPage(), signal);
    const data: DataAnswer[] = [];
    const offsetMs = clock.monotonicMs() - clock.now().getTime();
    const complaints: string[] = [];
    let refusedWith: number | undefined;
    page.on('response', (answer) => {
      const panel = panelOf(answer.request());
      if (panel !== undefined) void noteData(answer, panel, answer.request().timing().startTime + offsetMs, data);
      if (isDashboard(answer) && answer.status() >= 400) refusedWith = answer.status();
    });
    page.on('pageerror', (error) => void complaints.push(shortened(error.message, 300)));
    const opened = await abortable(page.goto(`${url}${path}`, { waitUntil: 'domcontentloaded' }), signal).catch((error: unknown) => {
      signal.throwIfAborted();
      // Whoever has the path of a public link gets in: it is told to nobody.
      throw new Fault('probe/cannot-run', `the page of the board cannot be opened: ${oneLine(error).replaceAll(path, '/…')}`);
    });
    // Grafana sends whoever has not signed in to the form, with a 200.
    const isSignIn = (): boolean => flavour === 'grafana' && new URL(page.url()).pathname.startsWith('/login');
    const status = (): number => refusedWith ?? (isSignIn() ? 401 : (opened?.status() ?? 0));
    return await look({ page, status, data, complaints });
  } finally {
    await close();
  }
}

const publicQuery = /\/api\/public\/dashboards\/[^/]+\/panels\/([^/]+)\/query$/;

/** Whose data a request is for; undefined when it is for something else. Grafana asks panel by panel, and for each data source of a panel. */
function panelOf(request: Request): string | undefined {
  if (request.method() !== 'POST') return undefined;
  const { pathname } = new URL(request.url());
  const [, ofPublic] = publicQuery.exec(pathname) ?? [];
  if (ofPublic !== undefined) return ofPublic;
  if (!pathname.endsWith('/api/ds/query')) return undefined;
  const { 'x-panel-id': panel = '', 'x-datasource-uid': source = '' } = request.headers();
  return source === '' ? panel : `${panel} ${source}`;
}

async function noteData(answer: Response, panel: string, atMs: number, into: DataAnswer[]): Promise<void> {
  const status = answer.status();
  const error = answer.ok() && status !== 207 ? undefined : errorIn(await answer.text().catch(() => ''));
  into.push({ panel, atMs, status, ...(error === undefined ? {} : { error }) });
}

/** The first error of Grafana's answer: of a query, or of the whole. */
function errorIn(text: string): string | undefined {
  try {
    const { results, message } = JSON.parse(text) as { results?: Record<string, { error?: string }>; message?: string };
    const first = Object.values(results ?? {}).find(({ error }) => error !== undefined)?.error;
    const said = first ?? message;
    return said && shortened(said, 300);
  } catch {
    return undefined;
  }
}

/** Grafana's pages ask for the dashboard after they have been opened; newer versions by another address. */
function isDashboard(answer: Response): boolean {
  return /\/api\/dashboards\/uid\/[^/]+$|\/api\/public\/dashboards\/[^/]+$|\/apis\/dashboard\.grafana\.app\//.test(
    new URL(answer.url()).pathname,
  );
}

/** Grafana's own form posts the same; the session comes back as a cookie. */
async function signIn(context: BrowserContext, url: string, user: string, password: string, signal: AbortSignal): Promise<void> {
  const answer = await abortable(context.request.post(`${url}/login`, { data: { user, password } }), signal);
  if (answer.ok()) return;
  throw new Fault('stack/unauthorized', `${user} cannot sign in: HTTP ${String(answer.status())}`, {
    hint: 'is the password still theirs?',
  });
}
