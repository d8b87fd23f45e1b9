import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stores } from '../../src/stores/index.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { startMs } from './killed/counted.ts';

/** So many are acknowledged before a process is killed, those left out that are killed in their beginning. */
const fewestLines = 40;

const script = path.join(import.meta.dirname, 'killed/write.ts');

/** Lets a process write and kills it: at a random moment after a random number of acknowledgements or, every tenth time, after a random while from its very beginning. */
async function writeAndKill(file: string, first: number, fromTheBeginning: boolean): Promise<readonly number[]> {
  const child = spawn(process.execPath, [script, file, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const enough = Promise.withResolvers<undefined>();
  const lines = fewestLines + Math.random() * 500;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) enough.resolve(undefined);
  });
  const closed = once(child, 'close');
  // One that ends by itself is seen by the signal that it did not get.
  if (!fromTheBeginning) await Promise.race([enough.promise, closed]);
  await delay(Math.random() * (fromTheBeginning ? 400 : 10));
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  // A line that was cut by the end is no acknowledgement.
  return said
    .slice(0, said.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map(Number);
}

it('kill -9 at 100 random moments loses no result that was acknowledged, and counts none twice', async () => {
  const kind = stores.get('sqlite');
  const oneAfterTheOther = async (kills: number): Promise<number> => {
    await using folder = await createTempFolder('killed');
    const file = path.join(folder.path, 'results.db');
    const acknowledged = new Set<number>();
    let next = 0;
    for (let kill = 0; kill < kills; kill++) {
      const numbers = await writeAndKill(file, next, kill % 10 === 9);
      for (const number of numbers) acknowledged.add(number);
      // Well beyond what it may have stored without a word.
      next = Math.max(next, ...numbers) + 1_000;
    }
    await using store = await kind?.open(kind.options.parse({ file }));
    const span = { fromMs: 0, toMs: startMs + 1e11 };
    const found: number[] = [];
    for await (const { dueAtMs } of store?.results(span) ?? []) found.push((dueAtMs - startMs) / 1000);
    const there = new Set(found);
    expect([...acknowledged].filter((number) => !there.has(number))).toEqual([]);
    expect(there.size).toBe(found.length);
    expect((await store?.summaries(span))?.map(({ passed }) => passed)).toEqual([found.length]);
    expect(acknowledged.size).toBeGreaterThanOrEqual((kills - Math.floor(kills / 10)) * fewestLines);
    return acknowledged.size;
  };
  const all = await Promise.all([34, 33, 33].map(oneAfterTheOther));
  expect(all.length).toBe(3);
});
