import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { isAlive, processTree } from './process-tree.ts';
import { startProcess } from './process.ts';
import { createTempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

const shell = (script: string) => ({ name: 'sh', command: '/bin/sh', args: ['-c', script] });

test('a process is handed over only when its condition holds', async () => {
  let looks = 0;
  await using running = await startProcess({ ...shell('echo hello; sleep 60'), ready: () => ++looks === 3 });
  expect(looks).toBe(3);
  expect(isAlive(running.pid)).toBe(true);
  await waitUntil('its words are in the log', () => running.log() === 'hello');
});

test('a stopped process is gone, and stopping it twice is stopping it once', async () => {
  const running = await startProcess({ ...shell('exec sleep 60'), ready: () => true });
  await Promise.all([running.stop(), running.stop()]);
  await running.stop();
  expect(isAlive(running.pid)).toBe(false);
});

test('a process that ignores SIGTERM is killed', async () => {
  const stubborn = `trap '' TERM; echo ready; while true; do sleep 0.1; done`;
  const running = await startProcess({ ...shell(stubborn), ready: () => true, killAfterMs: 200 });
  await waitUntil('it ignores SIGTERM by now', () => running.log() === 'ready');
  await running.stop();
  expect(isAlive(running.pid)).toBe(false);
});

test('children that outlive their parent are ended with it', async () => {
  const running = await startProcess({ ...shell('sleep 60 & echo $!; exec sleep 60'), ready: () => true });
  const child = await waitUntil('its child has started', () => Number(running.log()) > 0 && Number(running.log()));
  expect(isAlive(child)).toBe(true);
  await running.stop();
  expect(isAlive(child)).toBe(false);
});

test('a process that ends before it is ready is an error with its last words', async () => {
  const start = startProcess({ ...shell('echo cannot read the configuration >&2; exit 3'), ready: () => false });
  await expect(start).rejects.toThrow(/sh did not start: it ended: .*exit code 3[^]*cannot read the configuration/);
});

test('a process that is never ready is an error with the reason, and is not left behind', async () => {
  const nobodyThere = () => {
    throw new Error('connection refused');
  };
  const start = startProcess({ ...shell('echo $$; exec sleep 61'), ready: nobodyThere, readyWithinMs: 300 });
  const error = await start.catch((failure: unknown) => failure as Error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toContain('connection refused');
  const pid = Number((error as Error).message.split('\n').at(-1));
  expect(pid).toBeGreaterThan(0);
  expect(isAlive(pid)).toBe(false);
});

test('a command that does not exist is an error that names it', async () => {
  const start = startProcess({ name: 'ghost', command: '/no/such/ghost', args: [], ready: () => false });
  await expect(start).rejects.toThrow(/ghost did not start[^]*no\/such\/ghost/);
});

/** Runs `start` (a statement that makes `pid`) in a process of its own, kills that one by kill -9, and returns what had come from `pid` once it is gone. */
async function killParentOf(start: string): Promise<number[]> {
  const script = `${start}; console.log(pid); setInterval(() => undefined, 1000);`;
  // What is killed cannot tidy up: its folders go with this one.
  await using folder = await createTempFolder('killed');
  const environment = { ...process.env, TMPDIR: folder.path };
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  expect(processTree(parent.pid ?? 0)).toContain(Number(line));
  const tree = processTree(Number(line));
  parent.kill('SIGKILL');
  await waitUntil('every process of it is gone', () => !tree.some(isAlive));
  return tree;
}

test('when the process that started it is killed by kill -9, the child ends too', async () => {
  const tree = await killParentOf(`
    import { startProcess } from ${JSON.stringify(import.meta.resolve('./process.ts'))};
    const { pid } = await startProcess({ name: 'sleep', command: '/bin/sleep', args: ['60'], ready: () => true });
  `);
  expect(tree).toHaveLength(1);
  expect(tree.filter(isAlive)).toEqual([]);
});

test('when the process that started it is killed by kill -9, nothing is left of a mail server', async () => {
  const tree = await killParentOf(`
    import { startMail } from ${JSON.stringify(import.meta.resolve('./mail.ts'))};
    const { imapPid: pid } = await startMail();
  `);
  expect(tree.length).toBeGreaterThan(1);
  expect(tree.filter(isAlive)).toEqual([]);
});
