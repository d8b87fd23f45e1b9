import type { Page } from 'playwright';
import type { BrowserObservation } from './observation.ts';
import { shortened } from '../../base/shortened.ts';

const mostKept = 20;
const longest = 500;

type Noticed = Pick<BrowserObservation, 'consoleErrors' | 'consoleErrorCount' | 'failedRequests' | 'failedRequestCount'>;

/** Collects what goes wrong in a page besides the flow itself. */
export function watchPage(page: Page): () => Noticed {
  const consoleErrors: string[] = [];
  const failedRequests: { method: string; url: string; says: string }[] = [];
  const counts = { console: 0, requests: 0 };
  const consoleError = (text: string): void => {
    counts.console += 1;
    if (consoleErrors.length < mostKept) consoleErrors.push(shortened(text, longest));
  };
  const failedRequest = (method: string, url: string, says: string): void => {
    counts.requests += 1;
    if (failedRequests.length < mostKept) failedRequests.push({ method, url: withoutQuery(url), says });
  };
  page.on('console', (message) => {
    if (message.type() === 'error') consoleError(message.text());
  });
  page.on('pageerror', (error) => consoleError(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    const says = request.failure()?.errorText ?? 'failed';
    // Leaving a page aborts what it still loads: that is no failure.
    if (says !== 'net::ERR_ABORTED') failedRequest(request.method(), request.url(), says);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) failedRequest(response.request().method(), response.url(), `HTTP ${String(response.status())}`);
  });
  return () => ({
    consoleErrors: [...consoleErrors],
    consoleErrorCount: counts.console,
    failedRequests: [...failedRequests],
    failedRequestCount: counts.requests,
  });
}

/** Queries carry tokens, and data URLs whole files. */
export function withoutQuery(url: string): string {
  return shortened(/^[^?#]*/.exec(url)?.[0] ?? '', longest);
}
