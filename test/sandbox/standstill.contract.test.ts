import { execa } from 'execa';
import { expect, test } from 'vitest';
import { waitUntil } from './wait-until.ts';

const watcher = `
const { watchForStandstill } = await import(${JSON.stringify(new URL('standstill.ts', import.meta.url).href)});
const standstill = watchForStandstill();
setInterval(() => console.log(standstill.lostMs()), 50);
`;

test('A process that was held sees for how long', async () => {
  await using watching = new AsyncDisposableStack();
  const child = execa(process.execPath, ['--input-type=module', '--eval', watcher], { reject: false });
  watching.defer(async () => {
    child.kill('SIGKILL');
    await child;
  });
  let said: readonly number[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    said = [...said, ...chunk.toString().trim().split('\n').map(Number)];
  });
  await waitUntil('it watches', () => said.length > 10);
  const lostBefore = said.at(-1) ?? 0;
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  child.kill('SIGCONT');
  const before = said.length;
  await waitUntil('it goes on', () => said.length > before + 10);
  expect((said.at(-1) ?? 0) - lostBefore).toBeGreaterThan(1_000);
});
