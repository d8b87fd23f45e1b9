import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/check/outcome.ts';
import {
  judgeMachine,
  machineObservation,
  type MachineObservation,
  type MachineState,
  type MachineTrouble,
} from '../../src/schedule/machine.ts';
import { wellMachine as well } from './well-machine.ts';
import { outcomeOn, type FailedRun } from '../../src/schedule/outcome-on.ts';

const mebibyte = 1024 * 1024;

function judged(changes: Partial<MachineObservation>): MachineState {
  return judgeMachine([machineObservation.parse({ ...well, ...changes })]);
}

function says(changes: Partial<MachineObservation>): readonly string[] {
  return judged(changes).troubles.map((trouble) => `${trouble.kind}: ${trouble.says}`);
}

describe('a machine', () => {
  test('on which all is as it should be is well, and so is one of which nothing is known', () => {
    expect(judged({})).toEqual({ troubles: [], doubts: [] });
    expect(judgeMachine([])).toEqual({ troubles: [], doubts: [] });
    expect(says({ cpu: { loadPerCore: 1 }, disks: [], files: undefined, network: { answered: 0, unanswered: 0, references: [] } })).toEqual(
      [],
    );
  });

  test.each<[string, Partial<MachineObservation>, string]>([
    ['whose event loop stood still', { lostMs: 600 }, 'starved: this process could not run for 600ms of 1s'],
    ['that slept', { sleptMs: 60_000 }, 'slept: this machine slept for 1m'],
    [
      'on which work waits for a processor',
      { cpu: { waiting: 0.6, loadPerCore: 1 } },
      'busy: work waited for a processor for 60% of the last ten seconds',
    ],
    ['that tells its load only', { cpu: { loadPerCore: 4.2 } }, 'busy: 4.2 processes share each processor'],
    [
      'whose disk is full',
      { disks: [{ holds: 'the store', freeBytes: 99 * mebibyte, totalBytes: 10_000 * mebibyte }] },
      'disk-full: the disk of the store is full: 99.0 MiB are left',
    ],
    [
      'whose disk has no room for more files',
      { disks: [{ holds: 'the store', freeBytes: 900 * mebibyte, totalBytes: 10_000 * mebibyte, freeFiles: 0.009 }] },
      'disk-full: the disk of the store has no room for more files',
    ],
    [
      'whose disk is gone',
      { disks: [{ holds: 'the store', trouble: 'ENOENT' }] },
      'disk-full: the disk of the store cannot be looked at: ENOENT',
    ],
    [
      'that has used up its files',
      { files: { open: 973, limit: 1_024 } },
      'files-used-up: this process has 973 of 1024 files and sockets open',
    ],
    ['without a way out', { network: { ...well.network, routes: 0 } }, 'no-network: this machine has no way out: no network that is up'],
    [
      'that cannot open a socket',
      { network: { ...well.network, loopback: 'EADDRNOTAVAIL' } },
      'no-network: no socket can be opened even within this machine: EADDRNOTAVAIL',
    ],
    [
      'that reaches neither targets nor what has nothing to do with them',
      { network: { routes: 1, answered: 0, unanswered: 3, references: [{ address: '192.0.2.1:443', reached: false }] } },
      'no-network: none of 3 targets answers, and neither does 192.0.2.1:443, which has nothing to do with them',
    ],
  ])('%s is in trouble, and says why', (_which, changes, reason) => {
    expect(says(changes)).toEqual([reason]);
  });

  test.each<[string, Partial<MachineObservation>]>([
    ['a short stall', { lostMs: 199 }],
    ['a stall that is little of a long time', { lostMs: 400, fromMs: 0 }],
    ['processors that are used', { cpu: { waiting: 0.59, loadPerCore: 9 } }],
    ['a small disk with room', { disks: [{ holds: 'the store', freeBytes: mebibyte, totalBytes: 16 * mebibyte }] }],
    [
      'a disk that makes room for files as it needs it',
      { disks: [{ holds: 'the store', freeBytes: 900 * mebibyte, totalBytes: 1_000 * mebibyte }] },
    ],
    ['many open files', { files: { open: 972, limit: 1_024 } }],
    [
      'two targets that do not answer',
      { network: { routes: 1, answered: 0, unanswered: 2, references: [{ address: 'a:1', reached: false }] } },
    ],
    ['many targets that do not answer, and one that does', { network: { routes: 1, answered: 1, unanswered: 50, references: [] } }],
    [
      'targets that do not answer while a reference does',
      {
        network: {
          routes: 1,
          answered: 0,
          unanswered: 50,
          references: [
            { address: 'a:1', reached: false },
            { address: 'b:1', reached: true },
          ],
        },
      },
    ],
  ])('with %s is well', (_which, changes) => {
    expect(judged(changes)).toEqual({ troubles: [], doubts: [] });
  });

  test('that reaches no target is in doubt when no reference is named', () => {
    expect(judged({ network: { routes: 1, answered: 0, unanswered: 3, references: [] } })).toEqual({
      troubles: [],
      doubts: ["none of 3 targets answers: it may be this machine's network, and no reference is named that could tell"],
    });
  });

  test('is judged over the whole time of a run: trouble that is over still counts, and stalls add up', () => {
    const [first, second] = [
      { ...well, lostMs: 150, network: { ...well.network, routes: 0 } },
      { ...well, fromMs: 11_000, toMs: 12_000, lostMs: 150 },
    ];
    expect(judgeMachine([first, second]).troubles.map(({ kind }) => kind)).toEqual(['starved', 'no-network']);
    expect(judgeMachine([second])).toEqual({ troubles: [], doubts: [] });
  });
});

describe('a failure', () => {
  const fail: Outcome = { status: 'fail', reasons: ['no answer within 10s'] };
  const troubles: Readonly<Record<MachineTrouble['kind'], MachineTrouble>> = {
    starved: { kind: 'starved', says: 'it starved', lostMs: 2_000 },
    slept: { kind: 'slept', says: 'it slept', lostMs: 60_000 },
    busy: { kind: 'busy', says: 'it was busy' },
    'disk-full': { kind: 'disk-full', says: 'its disk was full' },
    'files-used-up': { kind: 'files-used-up', says: 'it had no files' },
    'no-network': { kind: 'no-network', says: 'it had no network' },
  };
  const run = { durationMs: 10_000, weight: 'light', way: 'no-answer', isLocal: false } as const satisfies FailedRun;

  function turned(changes: Partial<FailedRun>): string[] {
    return Object.values(troubles)
      .filter((trouble) => outcomeOn({ troubles: [trouble], doubts: [] }, fail, { ...run, ...changes }).status === 'error')
      .map(({ kind }) => kind);
  }

  test.each<[string, Partial<FailedRun>, MachineTrouble['kind'][]]>([
    ['without an answer', {}, ['starved', 'slept', 'files-used-up', 'no-network']],
    ['without an answer from this machine itself', { isLocal: true }, ['starved', 'slept', 'files-used-up']],
    ['of an answer that took too long', { way: 'too-slow' }, ['starved', 'slept', 'no-network']],
    ['of a browser, of which nobody knows', { way: 'unknown', weight: 'heavy' }, Object.values(troubles).map(({ kind }) => kind)],
    ['of a browser that took too long', { way: 'too-slow', weight: 'heavy' }, ['starved', 'slept', 'busy', 'no-network']],
    ['with a wrong answer', { way: 'wrong-answer' }, []],
    ['with a wrong answer in a browser', { way: 'wrong-answer', weight: 'heavy' }, []],
    ['that took much longer than the machine stood still', { durationMs: 10_001 }, ['slept', 'files-used-up', 'no-network']],
  ])('%s is an error for these troubles, and for no other', (_which, changes, kinds) => {
    expect(turned(changes)).toEqual(kinds);
  });

  test('that is turned says what the trouble was, and what was seen', () => {
    expect(outcomeOn({ troubles: [troubles['no-network']], doubts: [] }, fail, run)).toEqual({
      status: 'error',
      reasons: ['we could not tell: it had no network', 'seen meanwhile: no answer within 10s'],
    });
  });

  test('on a well machine stays one', () => {
    expect(outcomeOn({ troubles: [], doubts: [] }, fail, run)).toEqual(fail);
  });

  test('in doubt stays one, and says the doubt; a wrong answer leaves none', () => {
    const doubtful = { troubles: [], doubts: ['it may be us'] };
    expect(outcomeOn(doubtful, fail, run)).toEqual({ status: 'fail', reasons: ['no answer within 10s', 'it may be us'] });
    expect(outcomeOn(doubtful, fail, { ...run, way: 'wrong-answer' })).toEqual(fail);
    expect(outcomeOn(doubtful, fail, { ...run, isLocal: true })).toEqual(fail);
  });

  test('is all that is turned: what passed has passed, whatever the machine', () => {
    const all = { troubles: Object.values(troubles), doubts: ['it may be us'] };
    const [pass, error] = [
      { status: 'pass', reasons: [] },
      { status: 'error', reasons: ['no browser'] },
    ] satisfies Outcome[];
    expect([outcomeOn(all, pass as Outcome, run), outcomeOn(all, error as Outcome, run)]).toEqual([pass, error]);
  });
});
