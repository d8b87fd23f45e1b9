import { randomUUID } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { sha256 } from '../../src/base/digest.ts';
import { onDemand } from '../../src/check/check.ts';
import type { Kept } from '../../src/check/probe.ts';
import { runCheck, type CheckRun } from '../../src/check/run.ts';
import browser from '../../src/probes/browser.ts';
import type { WarmBrowser } from '../../src/probes/browser/warm-browser.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { markProcesses, type Marked } from './browser-processes.ts';
import { keepParts } from './kept.ts';
import { serveHttp, type Loopback } from './loopback.ts';

let marked: Marked;
beforeAll(async () => {
  marked = await markProcesses();
});
afterAll(async () => {
  await marked[Symbol.asyncDispose]();
});

interface Around {
  readonly kept?: Kept;
  readonly timeoutMs?: number;
}

function run(flow: string, options: object, { kept, timeoutMs = 60_000 }: Around): Promise<CheckRun> {
  const parsed = browser.options.parse({ script: scriptOf(flow), ...options });
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: 'browser', timeoutMs, options: parsed };
  const keep = (bytes: Uint8Array): Promise<string> => Promise.resolve(sha256(bytes));
  return runCheck(check, browser, { clock: systemClock, signal: new AbortController().signal, keep, kept });
}

function scriptOf(flow: string): string {
  return flow.startsWith('/') ? flow : join(import.meta.dirname, 'flows', `${flow}.ts`);
}

interface Site extends Loopback {
  title: string;
}

async function site(): Promise<Site> {
  const server = await serveHttp((request, response) => {
    const html = `<!doctype html><title>${served.title}</title><link rel="icon" href="data:,">`;
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(html);
    else response.writeHead(request.url === '/waiting' ? 204 : 404).end();
  });
  const served: Site = Object.assign(server, { title: 'Busy' });
  return served;
}

interface SharedBrowser {
  readonly pid: number | undefined;
  readonly pages: number;
}

/** The browser that all flows share. */
async function sharedBrowser(kept: Kept): Promise<SharedBrowser> {
  const warm = await kept.get<WarmBrowser>('browser: Chromium', () => Promise.reject(new Error('there is no warm browser')));
  const { opened, release } = await warm.lease(new AbortController().signal);
  const session = await opened.browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  await release(true);
  return { pid: opened.pid, pages: targetInfos.filter(({ type }) => type === 'page').length };
}

/** It is the one that it was, and what a flow opened there is closed. */
async function isAsItWas(kept: Kept, before: SharedBrowser): Promise<void> {
  await waitUntil('no page is left in the browser', async () => (await sharedBrowser(kept)).pages === 0);
  expect((await sharedBrowser(kept)).pid).toBe(before.pid);
}

const passed = { status: 'pass', reasons: [] };

interface Looping {
  readonly controller: AbortController;
  readonly run: Promise<unknown>;
  /** While it loops it writes this file, again and again. */
  readonly marker: string;
}

/** A flow that loops, from when it has begun to. */
async function startLooping(server: Loopback, kept: Kept | undefined): Promise<Looping> {
  const controller = new AbortController();
  const marker = join(marked.folder, `loops-${randomUUID()}`);
  const options = browser.options.parse({ script: scriptOf('loops'), variables: { url: `${server.url}/`, marker } });
  const keep = (): Promise<never> => Promise.reject(new Error('keeps nothing'));
  const looping = browser.observe(options, { clock: systemClock, signal: controller.signal, keep, kept });
  looping.catch(() => undefined);
  await waitUntil('the flow loops', async () => (await stat(marker)).isFile());
  return { controller, run: looping, marker };
}

/** Lets the time be up, and tells what it was given up with. */
async function outOfTime({ controller, run: looping }: Looping): Promise<unknown> {
  controller.abort(new DOMException('time is up', 'TimeoutError'));
  return looping.catch((error: unknown) => error);
}

/** Nobody writes its file any more. */
async function loopsNoMore({ marker }: Looping): Promise<void> {
  await waitUntil('the flow loops no more', async () => {
    const { mtimeMs } = await stat(marker);
    await delay(200);
    return (await stat(marker)).mtimeMs === mtimeMs;
  });
}

const givenUp = {
  code: 'probe/cannot-run',
  message: 'step "compute": the flow did not give back control when the time of the check was up',
  hint: 'does it loop without waiting for anything?',
};

describe('a flow that loops for ever', () => {
  it('is an error when its time is up, holds nobody up, leaves the browser as it was, and is tried anew', async () => {
    await using server = await site();
    await using kept = keepParts();
    const variables = { url: `${server.url}/` };
    expect((await run('open', { variables }, { kept })).outcome).toEqual(passed);
    const before = await sharedBrowser(kept);
    const looping = await startLooping(server, kept);
    let isOver = false;
    void looping.run.catch(() => undefined).then(() => (isOver = true));
    expect((await run('open', { variables }, { kept })).outcome).toEqual(passed);
    expect(isOver).toBe(false);
    expect(await outOfTime(looping)).toMatchObject(givenUp);
    await loopsNoMore(looping);
    await isAsItWas(kept, before);
    server.title = 'Calm';
    expect((await run('loops', { variables }, { kept })).outcome).toEqual(passed);
  });

  it('is an error where runs do not follow each other, too', async () => {
    await using server = await site();
    const looping = await startLooping(server, undefined);
    expect(await outOfTime(looping)).toMatchObject(givenUp);
    await loopsNoMore(looping);
  });

  it('ends when it is stopped', async () => {
    await using server = await site();
    await using kept = keepParts();
    const looping = await startLooping(server, kept);
    looping.controller.abort(new Error('stopped'));
    await expect(looping.run).rejects.toThrow('stopped');
    await loopsNoMore(looping);
  });
});

describe('a flow that waits for something before it makes it happen', () => {
  it('fails with what it tried in vain, and not with the wait that failed for it', async () => {
    await using server = await site();
    await using kept = keepParts();
    const options = { variables: { url: `${server.url}/` }, actionTimeout: '500ms' };
    const { outcome } = await run('opens-a-popup', options, { kept });
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [expect.stringMatching(/^step "open the help": locator\.click: Timeout 500ms exceeded/)],
    });
  });
});

describe('a flow that takes its thread away is an error', () => {
  it.each([
    ['exit', 'step "go too far": the flow called process.exit(3) (let it return or throw instead)'],
    ['memory', 'step "go too far": the flow ended its thread: it ran out of memory'],
    ['stray', 'something that the flow did not wait for failed: nobody waited for this (is there an await missing?)'],
  ])('%s; the next run has another one and the same browser', async (way, says) => {
    await using kept = keepParts();
    expect((await run('ends-its-thread', {}, { kept })).outcome).toEqual(passed);
    const before = await sharedBrowser(kept);
    expect((await run('ends-its-thread', { variables: { way } }, { kept })).outcome).toEqual({ status: 'error', reasons: [says] });
    await isAsItWas(kept, before);
    expect((await run('ends-its-thread', {}, { kept })).outcome).toEqual(passed);
  });

  it.each([
    ['for (;;);', 'it did not come to its end before the time of the check was up (does it loop?)'],
    ['process.exit(0);', 'it ends the process that loads it'],
    ['throw new Error("there is no such thing");', 'there is no such thing'],
  ])('also while it is loaded: %s', async (text, says) => {
    const script = join(marked.folder, 'at-load.ts');
    await writeFile(script, `${text}\nexport default async (): Promise<void> => undefined;\n`);
    const { outcome } = await run(script, {}, { timeoutMs: text.startsWith('for') ? 3_000 : 60_000 });
    expect(outcome).toEqual({ status: 'error', reasons: [`the script ${script} cannot be loaded: ${says}`] });
  });
});

it('a flow that changes is run as it is now, and so is what it imports', async () => {
  await using kept = keepParts();
  const [script, part] = [join(marked.folder, 'changes.ts'), join(marked.folder, 'part.ts')];
  await writeFile(script, `import { says } from './part.ts';\nexport default async () => { throw new Error(says); };\n`);
  for (const says of ['before', 'after']) {
    await writeFile(part, `export const says: string = '${says}';\n`);
    expect((await run(script, {}, { kept })).outcome.reasons).toEqual([`outside of any step: ${says}`]);
  }
});

it('after all of this no process and no file of a flow is left', async () => {
  expect(await marked.waitFor((pids) => pids.length === 0)).toBe(true);
  expect((await readdir(marked.folder)).filter((name) => /^(liveproof|playwright)-/.test(name))).toEqual([]);
});
