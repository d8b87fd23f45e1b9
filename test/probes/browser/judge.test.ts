import { expect, it } from 'vitest';
import { judgeBrowser } from '../../../src/probes/browser/judge.ts';
import type { BrowserObservation } from '../../../src/probes/browser/observation.ts';
import { browserOptions } from '../../../src/probes/browser/options.ts';
import { readBrowser } from '../../../src/probes/browser/readings.ts';
import { worstOf } from '../../../src/probes/browser/vitals.ts';

const options = browserOptions.parse({ script: 'a.spec.ts' });
const seen: BrowserObservation = {
  browser: 'chromium 1',
  steps: [],
  consoleErrors: [],
  consoleErrorCount: 0,
  failedRequests: [],
  failedRequestCount: 0,
  url: '',
  title: '',
};

it.each([
  ['skipped', 'was skipped'],
  ['not-run', 'was not run'],
  ['interrupted', 'was interrupted'],
] as const)('a test that is %s says nothing', (status, says) => {
  const tests = [{ title: 'a', status: 'passed', ok: true } as const, ...['b', 'c'].map((title) => ({ title, status, ok: false }))];
  expect(judgeBrowser(options, { ...seen, tests })).toEqual({
    status: 'error',
    reasons: [`the test "b" ${says}, and 1 more: what was not tried says nothing`],
  });
});

it('a failure is told before what was not run after it', () => {
  const tests = [{ title: 'b', status: 'not-run', ok: false } as const];
  const failure = { test: 'a', step: 's', kind: 'thrown', says: 'no' } as const;
  expect(judgeBrowser(options, { ...seen, tests, failure })).toEqual({ status: 'fail', reasons: ['test "a", step "s": no'] });
});

it('steps of one name are read together', () => {
  const steps = [1, 2].map((durationMs) => ({ name: 'wait', ok: true, durationMs }));
  expect(readBrowser(options, { ...seen, steps }).get('step wait')).toEqual({ value: 3, unit: 'ms' });
});

it('of what a page says of itself only numbers are taken, the worst of each', () => {
  expect(worstOf({ lcpMs: 5, cls: 0.1 }, { lcpMs: 9, cls: 0.05, inpMs: '7', firstByteMs: -1, other: 3 })).toEqual({ lcpMs: 9, cls: 0.1 });
  for (const nonsense of [undefined, null, 'text', 5]) expect(worstOf({ cls: 0 }, nonsense)).toEqual({ cls: 0 });
});
