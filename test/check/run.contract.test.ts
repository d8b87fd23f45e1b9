import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ranOutOfTime } from '../../src/base/abortable.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import { parseAssertion } from '../../src/check/assertion/parse.ts';
import type { Assertion } from '../../src/check/assertion.ts';
import { onDemand, type Check } from '../../src/check/check.ts';
import { defineProbe, type ProbeContext } from '../../src/check/probe.ts';
import type { Reading } from '../../src/check/reading.ts';
import { runCheck } from '../../src/check/run.ts';

const observation = z.strictObject({ well: z.boolean() });

function run(
  observe: (context: ProbeContext) => Promise<z.infer<typeof observation>>,
  { timeoutMs = 5_000, signal = new AbortController().signal, clock = systemClock } = {},
) {
  const probe = defineProbe({
    kind: 'p',
    summary: 'P.',
    options: z.strictObject({}),
    observation,
    observe: (_options, context) => observe(context),
    judge: (_options, { well }) => (well ? { status: 'pass', reasons: [] } : { status: 'fail', reasons: ['not well'] }),
  });
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: 'p', timeoutMs, options: {} };
  return runCheck(check, probe, { clock, signal, keep: () => Promise.resolve('') });
}

describe('a run of a check', () => {
  it('is judged, and says when it was and how long it took', async () => {
    let nowMs = 5;
    const clock: Clock = { ...systemClock, now: () => new Date(0), monotonicMs: () => (nowMs += 10) };
    expect(await run(() => Promise.resolve({ well: true }), { clock })).toEqual({
      startedAt: '1970-01-01T00:00:00.000Z',
      durationMs: 10,
      attempts: 1,
      readings: new Map(),
      observation: { well: true },
      outcome: { status: 'pass', reasons: [] },
    });
    expect((await run(() => Promise.resolve({ well: false }))).outcome).toEqual({ status: 'fail', reasons: ['not well'] });
  });

  it('is an error, with the hint, when the probe could not run', async () => {
    const { outcome, observation: seen } = await run(() =>
      Promise.reject(new Fault('probe/cannot-run', 'no Chromium', { hint: 'install one' })),
    );
    expect(outcome).toEqual({ status: 'error', reasons: ['no Chromium (install one)'] });
    expect(seen).toBeUndefined();
  });

  it('is an error when the probe gives up because the time of the check is up', async () => {
    const wait = ({ clock, signal }: ProbeContext) => clock.sleep(60_000, signal).then(() => ({ well: true }));
    expect((await run(wait, { timeoutMs: 20 })).outcome).toEqual({ status: 'error', reasons: ['no result within 20ms'] });
  });

  it('is judged when the probe takes the time being up for an observation', async () => {
    const wait = ({ clock, signal }: ProbeContext) => clock.sleep(60_000, signal).catch(() => ({ well: !ranOutOfTime(signal) }));
    const { outcome } = await run(async (context) => (await wait(context)) ?? { well: true }, { timeoutMs: 20 });
    expect(outcome.status).toBe('fail');
  });

  it('rejects when the caller stops it, even if the probe took that for an observation', async () => {
    const controller = new AbortController();
    const running = run(
      ({ clock, signal }) =>
        clock.sleep(60_000, signal).then(
          () => ({ well: true }),
          () => ({ well: false }),
        ),
      { signal: controller.signal },
    );
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });

  it('rejects on a bug of ours', async () => {
    await expect(run(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
  });
});

describe('a run of a check with assertions', () => {
  const seen = z.strictObject({ status: z.int(), ms: z.number().optional() });

  async function outcomeOf(
    facts: z.infer<typeof seen>,
    assertions: readonly string[],
    { asked }: { readonly asked?: (names: readonly string[]) => void } = {},
  ) {
    const probe = defineProbe({
      kind: 'p',
      summary: 'P.',
      options: z.strictObject({}),
      observation: seen,
      observe: (_options, { wanted = [] }) => {
        asked?.(wanted);
        return Promise.resolve(facts);
      },
      judge: (_options, { status }) =>
        status === 0 ? { status: 'fail', reasons: ['connection refused'] } : { status: 'pass', reasons: [] },
      readings: (_options, { status, ms }) => {
        const read: [string, Reading][] = status === 0 ? [] : [['status', { value: status }]];
        return new Map(ms === undefined ? read : [...read, ['total', { value: ms, unit: 'ms' }]]);
      },
    });
    const check = {
      name: 'c',
      ...onDemand,
      assertions: assertions.map(assertion),
      ref: [],
      statement: 'c',
      probe: 'p',
      timeoutMs: 5_000,
      options: {},
    };
    const { outcome } = await runCheck(check, probe, {
      clock: systemClock,
      signal: new AbortController().signal,
      keep: () => Promise.resolve(''),
    });
    return outcome;
  }

  it('passes when all of them hold, and tells the probe what they name', async () => {
    const wanted: (readonly string[])[] = [];
    const asked = (names: readonly string[]): void => void wanted.push(names);
    const outcome = await outcomeOf({ status: 200, ms: 80 }, ['status is 200', 'total < 1s', 'total > 0'], { asked });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(wanted).toEqual([['status', 'total']]);
  });

  it('fails with the reason of each that does not hold', async () => {
    const outcome = await outcomeOf({ status: 503, ms: 812 }, ['status is 200', 'total < 500ms']);
    expect(outcome).toEqual({ status: 'fail', reasons: ['status 503, expected 200', 'total 812ms, expected < 500ms'] });
  });

  it('is an error when one names what the probe does not have, unless another one fails', async () => {
    const untold = '"totl < 1s" cannot be told: there is no reading "totl"; did you mean "total"? (the readings are: status, total)';
    expect(await outcomeOf({ status: 200, ms: 80 }, ['status is 200', 'totl < 1s'])).toEqual({ status: 'error', reasons: [untold] });
    expect(await outcomeOf({ status: 503, ms: 80 }, ['status is 200', 'totl < 1s'])).toEqual({
      status: 'fail',
      reasons: ['status 503, expected 200', untold],
    });
  });

  it('fails for the reason of the probe when the target is down, not for what could then not be read', async () => {
    expect(await outcomeOf({ status: 0 }, ['status is 200', 'total < 1s'])).toEqual({ status: 'fail', reasons: ['connection refused'] });
    expect(await outcomeOf({ status: 0, ms: 9_000 }, ['status is 200', 'total < 1s'])).toEqual({
      status: 'fail',
      reasons: ['connection refused', 'total 9s, expected < 1s'],
    });
  });
});

describe('a run of a check with retries', () => {
  const statuses = z.enum(['pass', 'fail', 'error']);

  async function tried(outcomes: readonly z.infer<typeof statuses>[], retries: Check['retries']) {
    let made = 0;
    const slept: number[] = [];
    const probe = defineProbe({
      kind: 'p',
      summary: 'P.',
      options: z.strictObject({}),
      observation: z.strictObject({ seen: statuses }),
      observe: () => Promise.resolve({ seen: statuses.parse(outcomes[made++] ?? 'pass') }),
      judge: (_options, { seen }) => ({ status: seen, reasons: seen === 'pass' ? [] : [`run ${String(made)}`] }),
    });
    const clock: Clock = { ...systemClock, sleep: (ms) => Promise.resolve(void slept.push(ms)) };
    const check = { name: 'c', ...onDemand, retries, ref: [], statement: 'c', probe: 'p', timeoutMs: 5_000, options: {} };
    const { attempts, outcome } = await runCheck(check, probe, {
      clock,
      signal: new AbortController().signal,
      keep: () => Promise.resolve(''),
    });
    return { attempts, outcome, slept };
  }

  it('is tried again after a pause, and the last attempt counts', async () => {
    const retries: Check['retries'] = { times: 2, afterMs: 700, on: ['fail', 'error'] };
    expect(await tried(['fail', 'error', 'pass'], retries)).toEqual({
      attempts: 3,
      outcome: { status: 'pass', reasons: [] },
      slept: [700, 700],
    });
    expect(await tried(['fail', 'fail', 'fail', 'pass'], retries)).toEqual({
      attempts: 3,
      outcome: { status: 'fail', reasons: ['run 3'] },
      slept: [700, 700],
    });
    expect(await tried(['pass'], retries)).toMatchObject({ attempts: 1, slept: [] });
  });

  it('is tried again only after outcomes that its retries name', async () => {
    expect(await tried(['error', 'fail', 'pass'], { times: 5, afterMs: 0, on: ['error'] })).toMatchObject({
      attempts: 2,
      outcome: { status: 'fail', reasons: ['run 2'] },
    });
    expect(await tried(['fail', 'pass'], { times: 0, afterMs: 0, on: [] })).toMatchObject({ attempts: 1, outcome: { status: 'fail' } });
  });

  it('is not tried again by somebody who stops it', async () => {
    const controller = new AbortController();
    const failing = defineProbe({
      kind: 'p',
      summary: 'P.',
      options: z.strictObject({}),
      observation,
      observe: () => Promise.resolve({ well: false }),
      judge: () => ({ status: 'fail' as const, reasons: ['not well'] }),
    });
    const retries: Check['retries'] = { times: 9, afterMs: 60_000, on: ['fail'] };
    const check = { name: 'c', ...onDemand, retries, ref: [], statement: 'c', probe: 'p', timeoutMs: 5_000, options: {} };
    const running = runCheck(check, failing, { clock: systemClock, signal: controller.signal, keep: () => Promise.resolve('') });
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });
});

function assertion(text: string): Assertion {
  const parsed = parseAssertion(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return parsed.assertion;
}
