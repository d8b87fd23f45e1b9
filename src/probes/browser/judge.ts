import type { Outcome } from '../../check/outcome.ts';
import type { BrowserObservation, Failure } from './observation.ts';
import type { BrowserOptions } from './options.ts';

/** What Chromium says when this machine has no network, which is not the target's fault. */
const ours = /net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|INSUFFICIENT_RESOURCES)/;

export function judgeBrowser(options: BrowserOptions, seen: BrowserObservation): Outcome {
  const noted = [
    ...(seen.consoleErrorCount > 0 ? [{ weight: options.consoleErrors, says: consoleErrors(seen) }] : []),
    ...(seen.failedRequestCount > 0 ? [{ weight: options.failedRequests, says: failedRequests(seen) }] : []),
  ];
  const reasons = [...(seen.failure === undefined ? [] : [describe(seen.failure)]), ...noted.map(({ says }) => says)];
  if (seen.failure !== undefined) return { status: ours.test(seen.failure.says) ? 'error' : 'fail', reasons };
  return { status: noted.some(({ weight }) => weight === 'fail') ? 'fail' : 'pass', reasons };
}

function describe({ step, says }: Failure): string {
  return step === undefined ? `outside of any step: ${says}` : `step "${step}": ${says}`;
}

function consoleErrors({ consoleErrors: [first = ''], consoleErrorCount: count }: BrowserObservation): string {
  return `the page reported ${count === 1 ? 'an error' : `${String(count)} errors, the first of them`}: ${first.replace(/\s+/g, ' ')}`;
}

function failedRequests({ failedRequests: [first], failedRequestCount: count }: BrowserObservation): string {
  const which = first === undefined ? '' : `: ${first.method} ${first.url} (${first.says})`;
  return `${count === 1 ? 'a request' : `${String(count)} requests`} of the page failed${count === 1 ? '' : ', the first of them'}${which}`;
}
