import type { BrowserContext, Page } from 'playwright';
import { shortened } from '../../base/shortened.ts';
import { longestText, type BrowserObservation } from './observation.ts';
import { lookAtPage, observeVitals, worstOf, type Vitals } from './vitals.ts';

const mostKept = 20;

export type Noticed = Pick<BrowserObservation, 'consoleErrors' | 'consoleErrorCount' | 'failedRequests' | 'failedRequestCount' | 'vitals'>;

export interface Looks {
  readonly title?: string;
  readonly url: string;
}

export interface ContextWatch {
  noticed(): Noticed;
  /** Resolves when the process of one of its pages crashes. */
  readonly crashed: Promise<void>;
  /** A last look at its pages, before they are closed; a page that does not answer in time is left out. */
  look(withinMs: number): Promise<Looks | undefined>;
  /** The page that was opened last. */
  lastPage(): Page | undefined;
}

/** Collects what goes wrong in the pages of a context besides the flow itself, and how fast they were. Before its first page is opened. */
export async function watchContext(context: BrowserContext): Promise<ContextWatch> {
  const consoleErrors: string[] = [];
  const failedRequests: { method: string; url: string; says: string }[] = [];
  const counts = { console: 0, requests: 0 };
  const pages: Page[] = [];
  const crash = Promise.withResolvers<void>();
  let vitals: Vitals = {};
  const consoleError = (text: string): void => {
    counts.console += 1;
    if (consoleErrors.length < mostKept) consoleErrors.push(shortened(text, longestText));
  };
  const failedRequest = (method: string, url: string, says: string): void => {
    counts.requests += 1;
    if (failedRequests.length < mostKept) failedRequests.push({ method, url: withoutQuery(url), says });
  };
  context.on('page', (page) => {
    pages.push(page);
    page.on('crash', () => crash.resolve());
  });
  context.on('console', (message) => {
    if (message.type() === 'error') consoleError(message.text());
  });
  context.on('weberror', (error) => consoleError(`uncaught: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    const says = request.failure()?.errorText ?? 'failed';
    // Leaving a page aborts what it still loads: that is no failure.
    if (says !== 'net::ERR_ABORTED') failedRequest(request.method(), request.url(), says);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) failedRequest(response.request().method(), response.url(), `HTTP ${String(response.status())}`);
  });
  await Promise.all([
    context.exposeBinding('liveproofSaid', (_source, said: unknown) => void (vitals = worstOf(vitals, said))),
    context.addInitScript(observeVitals),
  ]);
  return {
    noticed: () => ({
      consoleErrors: [...consoleErrors],
      consoleErrorCount: counts.console,
      failedRequests: [...failedRequests],
      failedRequestCount: counts.requests,
      vitals,
    }),
    crashed: crash.promise,
    lastPage: () => pages.findLast((page) => !page.isClosed()) ?? pages.at(-1),
    look: async (withinMs) => {
      const open = pages.filter((page) => !page.isClosed());
      const looks = await Promise.all(open.map((page) => withTime(page.evaluate(lookAtPage), withinMs)));
      for (const look of looks) vitals = worstOf(vitals, look?.vitals);
      const [last, seen] = [open.at(-1) ?? pages.at(-1), looks.at(-1)];
      if (last === undefined) return undefined;
      return { url: withoutQuery(last.url()), ...(seen === undefined ? {} : { title: shortened(seen.title, longestText) }) };
    },
  };
}

/** Undefined when it fails or takes longer. */
export async function withTime<Result>(work: Promise<Result>, withinMs: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), withinMs)));
  try {
    return await Promise.race([work.catch(() => undefined), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Queries carry tokens, and data URLs whole files. */
export function withoutQuery(url: string): string {
  return shortened(/^[^?#]*/.exec(url)?.[0] ?? '', longestText);
}
