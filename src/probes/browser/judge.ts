import type { Outcome } from '../../check/outcome.ts';
import type { BrowserObservation, Failure, SpecTest } from './observation.ts';
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
  const untold = seen.tests === undefined ? undefined : untoldOf(seen.tests);
  if (untold !== undefined) return { status: 'error', reasons: [untold, ...reasons] };
  return { status: noted.some(({ weight }) => weight === 'fail') ? 'fail' : 'pass', reasons };
}

/** What was not run says nothing, so it never passes. */
function untoldOf(tests: readonly SpecTest[]): string | undefined {
  if (tests.length === 0) return 'the spec has no test, or none that matches `grep`: nothing was tried';
  const [first, ...others] = tests.filter(({ ok }) => !ok);
  if (first === undefined) return undefined;
  const how = { skipped: 'was skipped', 'not-run': 'was not run', interrupted: 'was interrupted' };
  const says = first.status in how ? how[first.status as keyof typeof how] : 'did not do what was expected of it';
  const rest = others.length === 0 ? '' : `, and ${String(others.length)} more`;
  return `the test "${first.title}" ${says}${rest}: what was not tried says nothing`;
}

function describe({ test, step, says }: Failure): string {
  const where = [...(test === undefined ? [] : [`test "${test}"`]), ...(step === undefined ? [] : [`step "${step}"`])].join(', ');
  return `${where === '' ? 'outside of any step' : where}: ${says}`;
}

function consoleErrors({ consoleErrors: [first = ''], consoleErrorCount: count }: BrowserObservation): string {
  return `the page reported ${count === 1 ? 'an error' : `${String(count)} errors, the first of them`}: ${first.replace(/\s+/g, ' ')}`;
}

function failedRequests({ failedRequests: [first], failedRequestCount: count }: BrowserObservation): string {
  const which = first === undefined ? '' : `: ${first.method} ${first.url} (${first.says})`;
  return `${count === 1 ? 'a request' : `${String(count)} requests`} of the page failed${count === 1 ? '' : ', the first of them'}${which}`;
}
