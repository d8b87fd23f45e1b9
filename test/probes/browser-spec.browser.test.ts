import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { sha256 } from '../../src/base/digest.ts';
import { readZip } from '../../src/base/zip.ts';
import { onDemand } from '../../src/check/check.ts';
import type { Kept } from '../../src/check/probe.ts';
import { runCheck, type CheckRun } from '../../src/check/run.ts';
import browser from '../../src/probes/browser.ts';
import { browserObservation, type BrowserObservation } from '../../src/probes/browser/observation.ts';
import { markProcesses, type Marked } from './browser-processes.ts';
import { keepParts } from './kept.ts';
import { serveHttp, type Loopback } from './loopback.ts';

const root = join(import.meta.dirname, '../..');

let marked: Marked;
beforeAll(async () => {
  marked = await markProcesses();
});
afterAll(async () => {
  await marked[Symbol.asyncDispose]();
});

interface Run extends CheckRun {
  readonly seen: BrowserObservation | undefined;
  readonly keptBytes: readonly Uint8Array[];
}

interface Around {
  readonly kept?: Kept;
  readonly signal?: AbortSignal;
}

async function run(spec: string, options: object = {}, { kept, signal = new AbortController().signal }: Around = {}): Promise<Run> {
  const keptBytes: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): Promise<string> => Promise.resolve(sha256(keptBytes[keptBytes.push(bytes) - 1] ?? ''));
  const script = spec.startsWith('/') ? spec : join(import.meta.dirname, 'specs', `${spec}.spec.ts`);
  const parsed = browser.options.parse({ script, ...options });
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: 'browser', timeoutMs: 120_000, options: parsed };
  const done = await runCheck(check, browser, { clock: systemClock, signal, keep, kept });
  return { ...done, keptBytes, seen: done.observation === undefined ? undefined : browserObservation.parse(done.observation) };
}

function page(extra = ''): Promise<Loopback> {
  const html = `<!doctype html><title>Login</title>${extra}<form onsubmit="document.body.innerHTML = '<h1>Welcome</h1>'; return false">
    <label>Password <input type="password"></label><button>Sign in</button></form>`;
  return serveHttp((request, response) => {
    if (request.url?.startsWith('/page') === true) response.setHeader('content-type', 'text/html').end(html);
    else response.writeHead(request.url === '/waiting' ? 204 : 404).end();
  });
}

/** The spec that never ends has told the server that it waits. */
async function waiting(server: Loopback): Promise<void> {
  for await (const [request] of on(server.server, 'request', { signal: AbortSignal.timeout(60_000) })) {
    if ((request as IncomingMessage).url === '/waiting') return;
  }
}

const secrets = { PASSWORD: 'correct horse' };

describe('a spec', () => {
  it('passes as it is, run after run by one worker with one browser, and leaves nothing heavy', async () => {
    await using server = await page();
    await using kept = keepParts();
    const options = { variables: { URL: `${server.url}/page?token=abc` }, secrets };
    const first = await run('sign-in', options, { kept });
    expect(first.outcome).toEqual({ status: 'pass', reasons: [] });
    expect(first.seen).toMatchObject({
      browser: expect.stringMatching(/^chrom\S+ \d+\./),
      way: 'kept worker',
      tests: [{ title: 'a person signs in', status: 'passed', ok: true }],
      title: 'Login',
      url: `${server.url}/page`,
      consoleErrorCount: 0,
      failedRequestCount: 0,
    });
    const processes = await marked.processes();
    const second = await run('sign-in', options, { kept });
    expect(second.outcome).toEqual({ status: 'pass', reasons: [] });
    // Those of a page that was closed are seen for a moment longer.
    expect(await marked.waitFor((pids) => pids.every((pid) => processes.includes(pid)))).toBe(true);
    expect([...first.keptBytes, ...second.keptBytes]).toEqual([]);
  });

  it('gives readings to assertions', async () => {
    await using server = await page('<img src="/missing.png">');
    const { seen } = await run('sign-in', { variables: { URL: `${server.url}/page` }, secrets });
    const readings = browser.readings?.(browser.options.parse({ script: 'x.spec.ts' }), seen) ?? new Map<string, never>();
    const inMs = ['total', 'step open the page', 'step sign in', 'step see the greeting', 'first byte', 'lcp'];
    for (const name of inMs) expect(readings.get(name), name).toEqual({ value: expect.any(Number), unit: 'ms' });
    expect(readings.get('cls')).toEqual({ value: expect.any(Number) });
    expect(readings.get('failed requests')).toEqual({ value: 1 });
    expect(readings.get('console errors')).toEqual({ value: 1 });
  });

  it('fails with the step and what was expected, with a picture and a trace in which no secret stands, and is tried anew after it', async () => {
    await using server = await page();
    await using kept = keepParts();
    const options = { variables: { URL: `${server.url}/page`, GREETING: 'Good day' }, secrets };
    const { outcome, seen, keptBytes } = await run('sign-in', options, { kept });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([
      expect.stringMatching(
        /^step "see the greeting": expect\(locator\)\.toHaveText\(expected\) failed; .*Expected: "Good day"; Received: "Welcome"/,
      ),
    ]);
    expect(keptBytes.map(sha256)).toEqual([seen?.screenshot, seen?.trace]);
    const texts = (readZip(keptBytes[1] ?? new Uint8Array(), 50_000_000) ?? []).map(({ bytes }) => Buffer.from(bytes).toString());
    expect(texts.some((text) => text.includes('fill'))).toBe(true);
    expect(texts.some((text) => text.includes('[redacted]'))).toBe(true);
    expect(texts.filter((text) => text.includes(secrets.PASSWORD))).toEqual([]);
    expect((await run('sign-in', options, { kept })).outcome.status).toBe('fail');
  });

  it('fails when a test of it takes longer than it may, with the step and what it waited for', async () => {
    const { outcome } = await run('several', { grep: 'takes longer' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(
      /^step "wait for a heading": Test timeout of 20000ms exceeded\. .*waiting for getByRole\('heading'\)/,
    );
  });

  it('of several tests names the one that failed', async () => {
    const { outcome, seen } = await run('several', { grep: 'one that (passes|fails$)' });
    expect(outcome).toMatchObject({
      status: 'fail',
      reasons: [expect.stringMatching(/^test "several › one that fails": expect\(received\)\.toBe/)],
    });
    expect(seen?.tests?.map(({ status }) => status)).toEqual(['passed', 'failed']);
  });

  it('passes when a test fails of which its author expects it', async () => {
    const { outcome } = await run('several', { grep: 'as it should' });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
  });
});

describe('what was not tried says nothing', () => {
  it.each([
    ['a spec whose only test is skipped', 'several', 'is skipped', /^the test "several › one that is skipped" was skipped: what was not/],
    ['one skipped test among others', 'several', 'is skipped|passes', /^the test "several › one that is skipped" was skipped/],
    ['a spec without a test of that name', 'several', 'no such test', /^the spec has no test/],
    ['a spec without tests', 'empty', undefined, /^the spec has no test/],
  ])('%s', async (_name, spec, grep, reason) => {
    const { outcome } = await run(spec, grep === undefined ? {} : { grep });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(reason);
  });
});

describe('what says nothing about the target is an error', () => {
  it.each([
    ['a page whose process crashes', 'page crashes', /^the page's process crashed in the middle of the flow/],
    ['a worker that ends', 'ends its worker', /^the worker ended \(exit code 0\)/],
  ])('%s', async (_name, grep, reason) => {
    const { outcome } = await run('several', { grep });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(reason);
  });

  it('a spec that cannot be loaded', async () => {
    const { outcome } = await run('broken');
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^the script .*broken\.spec\.ts cannot be loaded: .*this file cannot be loaded/);
  });

  it('a spec where there is no @playwright/test', async () => {
    const spec = join(marked.folder, 'lonely.spec.ts');
    await writeFile(spec, '');
    const { outcome } = await run(spec);
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(
      /needs @playwright\/test, which is not installed where it stands \(npm install --save-dev @playwright\/test\)$/,
    );
  });

  it('a Chromium that does not start', async () => {
    const { outcome } = await run('sign-in', { executable: '/bin/false' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^false did not start/);
  });

  it('a Chromium that is killed in the middle; the next run has another one', async () => {
    await using server = await page();
    await using kept = keepParts();
    const options = { variables: { URL: `${server.url}/page` } };
    const running = run('never-ends', options, { kept });
    await waiting(server);
    await marked.signalAll('SIGKILL', /headless|chromium/);
    const controller = new AbortController();
    const ended = running.then(({ outcome }) => outcome);
    expect(await ended).toMatchObject({
      status: 'error',
      reasons: [expect.stringMatching(/^(Chromium ended|the page's process crashed) in the/)],
    });
    const again = run('never-ends', options, { kept, signal: controller.signal });
    await waiting(server);
    controller.abort(new Error('stopped'));
    await expect(again).rejects.toThrow('stopped');
  });

  it.each([
    ['a Chromium that is frozen', undefined, 'Chromium did not answer any more in the middle of the flow (still running'],
    ['a worker that computes for ever', 'worker', "Playwright's worker did not answer any more in the middle of the flow (still running"],
  ])('%s', async (_name, busy, says) => {
    await using server = await page();
    const freeze = () => (busy === undefined ? marked.signalAll('SIGSTOP', /headless|chromium/) : Promise.resolve());
    await expect(outOfTime(server, busy, freeze)).rejects.toMatchObject({ message: expect.stringContaining(says) });
    expect(await marked.waitFor((pids) => pids.length === 0)).toBe(true);
  });
});

describe('when the time of the check is up', () => {
  it.each([undefined, 'page'])('a spec that never ends fails in the step where it was (busy: %s)', async (busy) => {
    await using server = await page();
    const seen = await inTime(() => outOfTime(server, busy, () => Promise.resolve()));
    const options = browser.options.parse({ script: 'never-ends.spec.ts' });
    expect(browser.judge(options, seen)).toEqual({
      status: 'fail',
      reasons: ['step "wait for ever": still running when the time of the check was up'],
    });
    expect(await marked.waitFor((pids) => pids.length === 0)).toBe(true);
  });
});

/** A worker or a browser that a busy machine keeps from answering in the little time that is left says nothing: that is tried again. */
async function inTime(attempt: () => Promise<BrowserObservation>, tries = 10): Promise<BrowserObservation> {
  try {
    return await attempt();
  } catch (error) {
    if (tries === 1 || !(error as Error).message.includes('did not answer any more in the middle of the flow (still running')) throw error;
    return inTime(attempt, tries - 1);
  }
}

async function outOfTime(server: Loopback, busy: string | undefined, first: () => Promise<void>): Promise<BrowserObservation> {
  const controller = new AbortController();
  const variables = { URL: `${server.url}/page`, ...(busy === undefined ? {} : { BUSY: busy }) };
  const options = browser.options.parse({ script: join(import.meta.dirname, 'specs/never-ends.spec.ts'), variables });
  const running = browser.observe(options, { clock: systemClock, signal: controller.signal, keep: () => Promise.resolve('') });
  running.catch(() => undefined);
  await waiting(server);
  await first();
  controller.abort(new DOMException('time is up', 'TimeoutError'));
  return browserObservation.parse(await running);
}

/** A project of its own, whose packages are those of this one. */
async function project(name: string): Promise<string> {
  const folder = join(marked.folder, name);
  await mkdir(folder);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{}');
  return folder;
}

describe('a spec file that changes', () => {
  it('is run as it is now, and so is what it imports and the configuration', async () => {
    await using kept = keepParts();
    const folder = await project('changes');
    const spec = join(folder, 'a.spec.ts');
    const step = async (name: string): Promise<void> => writeFile(join(folder, 'step.ts'), `export const step = '${name}';`);
    const title = async (text: string): Promise<void> =>
      writeFile(
        spec,
        `import { test } from '@playwright/test'; import { step } from './step.ts';
        test('${text}', async () => { await test.step(step + ' ' + test.info().project.use.locale, () => undefined); });`,
      );
    const config = async (locale: string): Promise<void> =>
      writeFile(join(folder, 'playwright.config.ts'), `export default { use: { locale: '${locale}' } };`);
    const now = async (): Promise<unknown> => {
      const { seen } = await run(spec, {}, { kept });
      return [seen?.tests?.map((test) => test.title), seen?.steps.map(({ name }) => name), seen?.way];
    };
    await Promise.all([title('old'), step('old'), config('en')]);
    expect(await now()).toEqual([['old'], ['old en'], 'kept worker']);
    await step('new');
    expect(await now()).toEqual([['old'], ['new en'], 'kept worker']);
    await title('new');
    expect(await now()).toEqual([['new'], ['new en'], 'kept worker']);
    await config('fr');
    expect(await now()).toEqual([['new'], ['new fr'], 'kept worker']);
  });
});

describe('where the worker cannot do it, `playwright test` does', () => {
  it('a configuration with a global set-up', async () => {
    await using server = await page();
    const folder = await project('set-up');
    await cp(join(import.meta.dirname, 'specs/sign-in.spec.ts'), join(folder, 'a.spec.ts'));
    await writeFile(join(folder, 'set-up.ts'), "export default () => { process.env['GREETING'] = 'Good day'; };");
    await writeFile(join(folder, 'playwright.config.ts'), "export default { globalSetup: './set-up.ts' };");
    const options = { variables: { URL: `${server.url}/page` }, secrets, trace: 'actions' };
    const { outcome, seen, keptBytes } = await run(join(folder, 'a.spec.ts'), options);
    expect(outcome).toMatchObject({ status: 'fail', reasons: [expect.stringMatching(/^step "see the greeting": .*Expected: "Good day"/)] });
    expect(seen).toMatchObject({ way: 'playwright test', because: 'the configuration has a globalSetup', title: 'Login' });
    expect(seen?.browser).toMatch(/^chrom\S+ \d+\./);
    expect(keptBytes.map(sha256)).toEqual([seen?.screenshot, seen?.trace]);
  });

  it.each([
    ['answers nonsense', 'nonsense', /says something else than messages/],
    ['says that it is done without having run anything', 'done', /did not run what it listed/],
  ])('a worker that %s', async (_name, FAKE, because) => {
    await using server = await page();
    const { outcome, seen } = await run(await otherPlaywright(), { variables: { URL: `${server.url}/page`, FAKE }, secrets });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen).toMatchObject({ way: 'playwright test', because: expect.stringMatching(because) });
  });

  it('a worker that talks nonsense in the middle of a test: nothing is run twice, and the next run goes the other way', async () => {
    await using server = await page();
    await using kept = keepParts();
    const options = { variables: { URL: `${server.url}/page`, FAKE: 'middle' }, secrets };
    const spec = await otherPlaywright();
    const first = await run(spec, options, { kept });
    expect(first.outcome).toEqual({
      status: 'error',
      reasons: [expect.stringMatching(/tells of stepBegin in another way \(from now on it is run by playwright test\)$/)],
    });
    expect((await run(spec, options, { kept })).seen?.way).toBe('playwright test');
  });
});

/** A project with a Playwright whose worker speaks otherwise, as FAKE says, to whoever keeps it; its own command finds it as it was. */
let other: Promise<string> | undefined;
function otherPlaywright(): Promise<string> {
  return (other ??= makeOther());
}

async function makeOther(): Promise<string> {
  const folder = join(marked.folder, 'other');
  const packages = join(folder, 'node_modules');
  await mkdir(join(packages, '@playwright'), { recursive: true });
  for (const name of ['playwright', '@playwright/test'])
    await cp(join(root, 'node_modules', name), join(packages, name), { recursive: true });
  await symlink(join(root, 'node_modules/playwright-core'), join(packages, 'playwright-core'));
  const worker = join(packages, 'playwright/lib/worker');
  await cp(join(worker, 'workerProcessEntry.js'), join(worker, 'real.js'));
  await writeFile(
    join(worker, 'workerProcessEntry.js'),
    `const { isKept } = JSON.parse(process.env.LIVEPROOF_SPEC ?? '{}');
    const tell = (method, params) => process.send({ method: '__dispatch__', params: { method, params } });
    const answers = {
      nonsense: () => process.send('nonsense'),
      done: () => tell('done', { fatalErrors: [] }),
      middle: ({ params }) => { tell('testBegin', { testId: params.entries[0].testId }); tell('stepBegin', { name: 'step' }); },
    };
    if (isKept) {
      process.on('message', ({ method, params }) => method === '__dispatch__' && answers[process.env.FAKE](params));
      process.send({ method: 'ready' });
    } else require('./real.js');`,
  );
  await cp(join(import.meta.dirname, 'specs/sign-in.spec.ts'), join(folder, 'a.spec.ts'));
  await writeFile(join(folder, 'package.json'), '{}');
  return join(folder, 'a.spec.ts');
}

describe('a process that is killed with a warm browser', () => {
  it.each([undefined, 'page', 'command', 'flow'])('leaves none (busy: %s)', async (busy) => {
    await using server = await page();
    const url = `${server.url}/page`;
    // What is left of the flow's browser: files in the folder for temporary ones.
    const folder = await mkdtemp(join(marked.folder, 'killed-'));
    const holder = fork(join(import.meta.dirname, 'hold-warm.ts'), [url, busy ?? ''], { env: { ...process.env, TMPDIR: folder } });
    const [[said]] = await Promise.all([once(holder, 'message'), waiting(server)]);
    expect(said).toBe('warm');
    expect((await marked.commands()).filter((command) => /headless|chromium/.test(command)).length).toBeGreaterThan(1);
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    expect(await marked.waitFor((pids) => pids.length === 0)).toBe(true);
  });
});

it('after all of this no process and no file of a spec is left', async () => {
  expect(await marked.waitFor((pids) => pids.length === 0)).toBe(true);
  expect((await readdir(marked.folder)).filter((name) => name.startsWith('liveproof-'))).toEqual([]);
});
