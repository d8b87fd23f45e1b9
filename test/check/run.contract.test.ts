import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ranOutOfTime } from '../../src/base/abortable.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { Fault } from '../../src/base/fault.ts';
import { defineProbe, type ProbeContext } from '../../src/check/probe.ts';
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
  const check = { name: 'c', ref: [], statement: 'c', probe: 'p', timeoutMs, options: {} };
  return runCheck(check, probe, { clock, signal, keep: () => Promise.resolve('') });
}

describe('a run of a check', () => {
  it('is judged, and says when it was and how long it took', async () => {
    let nowMs = 5;
    const clock: Clock = { ...systemClock, now: () => new Date(0), monotonicMs: () => (nowMs += 10) };
    expect(await run(() => Promise.resolve({ well: true }), { clock })).toEqual({
      startedAt: '1970-01-01T00:00:00.000Z',
      durationMs: 10,
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
