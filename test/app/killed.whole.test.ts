import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { newKeyPair } from '../../src/attest/keys.ts';
import { readJournal } from '../../src/gate/journal/entry.ts';
import { proofs } from '../../src/proofs/index.ts';
import { verifyReport } from '../../src/report/verify.ts';
import { reporters } from '../../src/reporters/index.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { lookForLeft, nothing, type Left } from './killed/left.ts';

const kills = 100;
/** Stacks at a time, and runs side by side on each of them. */
const lanes = 2;
const abreast = 2;
/** Rounds: a run to its end follows instead of --clean. */
const runAfterEvery = 8;
/** Words of what a run of this gate writes into its journal. */
const effects = ['test alert', 'silenced', 'forecasts'] as const;
const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const gateFile = path.join(import.meta.dirname, 'killed/gate.yaml');

it(`leaves nothing behind after ${String(kills)} kills at random moments and the next run, and no report claims more than was proven`, async () => {
  const seed = Number(process.env['LIVEPROOF_SEED'] ?? Date.now() % 2 ** 32);
  const rounds = kills / lanes / abreast;
  const seen = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => killAgainAndAgain(rounds, randomFrom(seed + lane), `LIVEPROOF_SEED=${String(seed)}`)),
  );
  // A run that makes nothing would leave nothing either.
  for (const kind of ['testAlerts', 'silences', 'faults', 'temporary', 'unfinished'] as const) {
    const left = seen.flat().filter((each) => each[kind].length > 0);
    expect(left.length, `rounds after which there were ${kind} before the next run`).toBeGreaterThan(0);
  }
});

/** Kills gate runs on a stack of its own, and returns what each round has left before anything was done about it. */
async function killAgainAndAgain(rounds: number, random: () => number, seed: string): Promise<readonly Left[]> {
  await using stack = await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations, requestsPerSecond: 5 });
  await using folder = await createTempFolder('killed');
  await using temporary = await createTempFolder('killed-temporary');
  const { privatePem, publicPem } = newKeyPair();
  await writeFile(path.join(folder.path, 'gate.pem'), privatePem);
  const reports = path.join(folder.path, 'reports/killed');
  const gate = (...args: readonly string[]) =>
    execa(process.execPath, [main, 'gate', gateFile, ...args], {
      cwd: folder.path,
      env: { ...stack.variables, TMPDIR: temporary.path, NODE_COMPILE_CACHE: path.join(folder.path, 'compiled') },
      reject: false,
      all: true,
      timeout: 120_000,
    });
  const run = () => gate('--key', 'gate.pem', '--allow-paging');
  const underWay = (running: ReturnType<typeof run>): Promise<unknown> => Promise.race([once(running.stdout, 'data'), running]);

  const first = run();
  await underWay(first);
  const began = performance.now();
  const { exitCode, all } = await first;
  const wholeMs = performance.now() - began;
  expect([0, 1, 3], all).toContain(exitCode);
  const verified = new Set<string>();
  await expectHonest(reports, publicPem, verified, seed);
  expect(verified.size).toBe(1);

  const seen: Left[] = [];
  for (let round = 1; round <= rounds; round++) {
    const moments = Array.from({ length: abreast }, () => randomMoment(random, wholeMs));
    const isKilledAgain = random() < 0.3 && round < rounds;
    const what = `${seed}, round ${String(round)}, kills at ${JSON.stringify(moments)} of ${wholeMs.toFixed(0)} ms`;
    await Promise.all(
      moments.map(async ({ begin, afterMs }) => {
        const running = run();
        if (begin === 'under way') await underWay(running);
        else if (begin !== 'start') await Promise.race([hasMade(begin, path.join(reports, '.journal')), running]);
        await Promise.race([delay(afterMs), running]);
        running.kill('SIGKILL');
        await running;
      }),
    );
    seen.push(await lookForLeft(stack, reports, temporary.path));
    await expectHonest(reports, publicPem, verified, what);
    // The next run may be killed as well, perhaps while it cleans.
    if (isKilledAgain) continue;
    const isRun = round % runAfterEvery === 0;
    const cleaned = await (isRun ? run() : gate('--clean'));
    expect(isRun ? [0, 1, 3] : [0], `${what}\n${cleaned.all}`).toContain(cleaned.exitCode);
    await expectNothingLeft(stack, reports, temporary.path, `${what}\n${cleaned.all}`);
  }
  return seen;
}

interface Moment {
  /** The start of the process, its first line of text, or a word of the effect that its journal says is in force. */
  readonly begin: 'start' | 'under way' | (typeof effects)[number];
  readonly afterMs: number;
}

/** Any moment of a run; every third one while an effect is in force: a test alert is ended as soon as it was seen, and few other moments meet one. */
function randomMoment(random: () => number, wholeMs: number): Moment {
  const kind = random();
  if (kind < 0.1) return { begin: 'start', afterMs: random() * 1_000 };
  if (kind < 0.66) return { begin: 'under way', afterMs: random() * wholeMs };
  return { begin: effects[Math.floor(random() * effects.length)] ?? effects[0], afterMs: random() * 5 };
}

/** Waits until a journal tells of such an effect that was made and is not over. */
async function hasMade(effect: string, journals: string): Promise<void> {
  const look = async (): Promise<boolean> => {
    const texts = (await readdir(journals)).map((name) => readFile(path.join(journals, name), 'utf8').catch(() => ''));
    const open = (await Promise.all(texts)).flatMap((text) => readJournal(text, 'a journal').open);
    return open.some(({ made, says }) => made && says.includes(effect));
  };
  // What has ended, or was refused, makes none any more.
  await waitUntil(`${effect} is in force`, look, { withinMs: 15_000, everyMs: 1 }).catch(() => undefined);
}

async function expectNothingLeft(stack: AccubooksStack, reports: string, temporary: string, what: string): Promise<void> {
  let left: Left = nothing;
  const look = async (): Promise<boolean> => {
    left = await lookForLeft(stack, reports, temporary);
    return JSON.stringify(left) === JSON.stringify(nothing);
  };
  // A process that was ended is seen for a moment longer.
  await waitUntil('nothing is left', look, { withinMs: 60_000 }).catch(() => undefined);
  expect(left, what).toEqual(nothing);
}

/** Every folder that bears the name of a report is whole, signed, and decides what its evidence decides. */
async function expectHonest(reports: string, publicKey: string, verified: Set<string>, what: string): Promise<void> {
  for (const name of await readdir(reports).catch(() => [])) {
    if (name.startsWith('.') || verified.has(name)) continue;
    const folder = path.join(reports, name);
    const { checks } = await verifyReport({ folder, publicKey, now: new Date(), proofs, reporters, toolVersion: '0.1.0' });
    expect(
      checks.filter(({ holds }) => holds !== 'yes'),
      `${what}: ${name}`,
    ).toEqual([]);
    verified.add(name);
  }
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
