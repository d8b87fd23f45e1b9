import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import k6 from '../../src/probes/k6.ts';
import { readSummary } from '../../src/probes/k6/summary.ts';
import { isAlive } from '../sandbox/process-tree.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { serveTcp } from './loopback.ts';
import { outOfTime } from './out-of-time.ts';
import { runProbe } from './run-probe.ts';

const script = `${import.meta.dirname}/k6/orders.ts`;
const program = `${import.meta.dirname}/k6/stand-in.mjs`;

const seen = { durationMs: 1_000, ending: { type: 'exited', code: 0 }, thresholds: [], thresholdCount: 0, figures: {} };
const judge = (more: object) => k6.judge(k6.options.parse({ script }), k6.observation.parse({ ...seen, ...more }));

describe('a k6 that cannot be run is an error', () => {
  it('with how to get it when it is missing', async () => {
    const { outcome } = await runProbe(k6, { script, program: '/nowhere/k6' });
    expect(outcome).toEqual({
      status: 'error',
      reasons: [
        'k6 is not on this machine (/nowhere/k6) (install it from https://grafana.com/docs/k6/latest/set-up/install-k6, ' +
          'or say where it is with "program" or LIVEPROOF_K6)',
      ],
    });
  });

  it('when the script is not there', async () => {
    const { outcome } = await runProbe(k6, { script: '/nowhere/a.ts', program });
    expect(outcome).toEqual({
      status: 'error',
      reasons: ["the script /nowhere/a.ts cannot be read: ENOENT: no such file or directory, access '/nowhere/a.ts'"],
    });
  });
});

it('a k6 that does not end is ended with its children when the time is up, which says nothing about the target', async () => {
  await using server = await serveTcp((socket) => socket.resume());
  const asked = once(server.server, 'connection').then(async ([socket]) => once(socket as Socket, 'data'));
  const running = outOfTime(k6, { script, program, variables: { URL: server.url } }, asked);
  const [line] = (await asked) as [Buffer];
  const pids = line.toString().trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  const { outcome } = await running;
  expect(outcome.status).toBe('error');
  expect(outcome.reasons).toEqual([expect.stringMatching(/^k6 was still running after \w+, when the time of the check was up$/)]);
  await waitUntil('both processes have ended', () => !pids.some(isAlive));
});

describe('what k6 came to', () => {
  const crossed = { metric: 'took', expression: 'p(95)<500', met: false, value: 812.4567, sampled: true };
  it.each([
    [
      { thresholds: [crossed], thresholdCount: 1, ending: { type: 'exited', code: 99 } },
      'fail',
      ['took: p(95)<500 is not met, it is 812.457'],
    ],
    [
      { thresholds: [{ ...crossed, value: 0, sampled: false }], thresholdCount: 1, ending: { type: 'exited', code: 99 } },
      'fail',
      ['took: p(95)<500 is not met, nothing was measured'],
    ],
    [{ thresholds: [{ ...crossed, met: true }], thresholdCount: 1 }, 'pass', []],
    [
      { thresholds: [{ ...crossed, met: true, sampled: false }], thresholdCount: 1 },
      'error',
      ['took: p(95)<500 is met only because nothing was measured'],
    ],
    [{}, 'error', ['the script declares no thresholds, so nothing in it could fail']],
    [
      { ending: { type: 'exited', code: 99 }, thresholds: [{ ...crossed, met: true }], thresholdCount: 1, lastError: 'x' },
      'error',
      ['k6 says that thresholds were crossed, and does not say which: x'],
    ],
    [{ ending: { type: 'exited', code: 107 }, lastError: 'Line 1:7' }, 'error', ['k6 ended with exit code 107: Line 1:7']],
    [{ ending: { type: 'killed', signal: 'SIGKILL' } }, 'error', ['k6 was ended by SIGKILL']],
    [
      { thresholds: [{ ...crossed, met: true }], thresholdCount: 1, exceptions: { count: 2, first: 'Error: boom' } },
      'error',
      ['the script threw 2 times, first: Error: boom'],
    ],
  ])('%j is judged as %s', (more, status, reasons) => {
    expect(judge(more)).toEqual({ status, reasons });
  });
});

describe('an exported summary', () => {
  it('calls a threshold true when it was crossed', () => {
    // As k6 1.8 writes it.
    const metrics = {
      bad: { passes: 0, fails: 5, thresholds: { 'rate<0.1': false }, value: 0 },
      took: { 'p(95)': 20, count: 5, thresholds: { 'p(95)<500': false, 'avg<1': true }, avg: 20 },
      never: { count: 0, rate: 0, thresholds: { 'count<1': false } },
    };
    expect(readSummary(JSON.stringify({ metrics }))).toEqual({
      thresholdCount: 4,
      thresholds: [
        { metric: 'took', expression: 'avg<1', met: false, value: 20, sampled: true },
        { metric: 'bad', expression: 'rate<0.1', met: true, value: 0, sampled: true },
        { metric: 'never', expression: 'count<1', met: true, value: 0, sampled: false },
        { metric: 'took', expression: 'p(95)<500', met: true, value: 20, sampled: true },
      ],
      figures: {
        'bad passes': 0,
        'bad fails': 5,
        'bad value': 0,
        'never count': 0,
        'never rate': 0,
        'took p(95)': 20,
        'took count': 5,
        'took avg': 20,
      },
    });
  });

  it.each(['', '{', '[]', '{"metrics":7}'])('that is none is told from one: %j', (text) => {
    expect(readSummary(text)).toBeUndefined();
  });
});
