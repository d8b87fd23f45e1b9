import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { sha256 } from '../../src/base/digest.ts';
import { eventually } from '../../src/base/eventually.ts';
import { onDemand } from '../../src/check/check.ts';
import { runCheck, type CheckRun } from '../../src/check/run.ts';
import browser from '../../src/probes/browser.ts';
import { browserObservation, type BrowserObservation } from '../../src/probes/browser/observation.ts';
import { pictureOf } from '../../src/report/picture.ts';
import { freePort, serveHttp, serveSilence, type Loopback } from './loopback.ts';

// Every process that a browser starts inherits this, and every file that it leaves would be in there.
const mark = randomUUID();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liveproof-browser-'));
  process.env['LIVEPROOF_TEST_MARK'] = mark;
  process.env['TMPDIR'] = folder;
});
afterAll(async () => {
  delete process.env['LIVEPROOF_TEST_MARK'];
  delete process.env['TMPDIR'];
  await rm(folder, { recursive: true, force: true });
});

/** Processes with our mark, this one left out. */
async function browserProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => '')));
  return pids.filter((_pid, index) => environments[index]?.includes(mark));
}

async function signalAll(signal: NodeJS.Signals): Promise<void> {
  for (const pid of await browserProcesses()) {
    try {
      process.kill(pid, signal);
    } catch {
      // One that ended because another one did.
    }
  }
}

function flowFile(flow: string): string {
  return join(import.meta.dirname, 'flows', `${flow}.ts`);
}

interface Run extends CheckRun {
  readonly seen: BrowserObservation | undefined;
  readonly kept: readonly Uint8Array[];
}

async function run(flow: string, options: object, { timeoutMs = 60_000, signal = new AbortController().signal } = {}): Promise<Run> {
  const kept: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): Promise<string> => Promise.resolve(sha256(kept[kept.push(bytes) - 1] ?? ''));
  const parsed = browser.options.parse({ script: flowFile(flow), ...options });
  const check = { name: 'c', ...onDemand, ref: [], statement: 'c', probe: 'browser', timeoutMs, options: parsed };
  const done = await runCheck(check, browser, { clock: systemClock, signal, keep });
  return { ...done, kept, seen: done.observation === undefined ? undefined : browserObservation.parse(done.observation) };
}

function page(greeting: string, extra = ''): Promise<Loopback> {
  const html = `<!doctype html><title>Login</title>${extra}<form onsubmit="document.body.innerHTML = '<h1>${greeting}</h1>'; return false">
    <label>Password <input type="password"></label><button>Sign in</button></form>`;
  return serveHttp((request, response) => {
    if (request.url?.startsWith('/page') === true) response.setHeader('content-type', 'text/html').end(html);
    else response.writeHead(request.url === '/waiting' ? 204 : 404).end();
  });
}

const secrets = { password: 'correct horse' };

describe('a flow', () => {
  it('passes when every step does, and the end is kept as a picture', async () => {
    await using server = await page('Welcome');
    const { outcome, seen, kept } = await run('sign-in', { variables: { url: `${server.url}/page?token=abc` }, secrets });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(seen).toMatchObject({
      title: 'Login',
      url: `${server.url}/page`,
      screenshot: sha256(kept[0] ?? ''),
      consoleErrorCount: 0,
      failedRequestCount: 0,
    });
    expect(seen?.steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['open the page', true],
      ['sign in', true],
      ['see the greeting', true],
    ]);
    expect(pictureOf(kept[0] ?? new Uint8Array())).toEqual({ type: 'image/jpeg', widthPx: 1280, heightPx: 720 });
  });

  it('fails with the step and what was expected when an assertion does not hold, in one line', async () => {
    await using server = await page('Go away');
    const { outcome, seen, kept } = await run('sign-in', {
      variables: { url: `${server.url}/page`, patienceMs: '3000' },
      secrets,
      trace: 'actions',
    });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toHaveLength(1);
    expect(outcome.reasons[0]).toMatch(
      /^step "see the greeting": expect\(locator\)\.toHaveText\(expected\) failed; .*Expected: "Welcome"; Received: "Go away"/,
    );
    expect(outcome.reasons[0]).not.toMatch(/\p{Cc}| at /u);
    expect(seen?.steps.at(-1)).toMatchObject({ name: 'see the greeting', ok: false });
    expect(kept.map(sha256)).toEqual([seen?.screenshot, seen?.trace]);
  });

  it('fails when the page refuses the connection', async () => {
    const { outcome } = await run('open', { variables: { url: `http://127.0.0.1:${String(await freePort())}/` } });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^step "open the page": page.goto: net::ERR_CONNECTION_REFUSED/);
  });

  it('fails when the page never loads', async () => {
    await using server = await serveSilence();
    const { outcome } = await run('open', { variables: { url: server.url }, actionTimeout: '300ms' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toMatch(/^step "open the page": page.goto: Timeout 300ms exceeded/);
  });

  it('fails outside of any step with its own words', async () => {
    const { outcome } = await run('throws', { variables: { says: 'no url was given' } });
    expect(outcome).toEqual({ status: 'fail', reasons: ['outside of any step: no url was given'] });
  });

  it('that never ends fails in the step where it was when the time of the check was up', async () => {
    await using server = await page('Welcome');
    const { outcome, seen, kept } = await inTime(() => outOfTime(server, () => Promise.resolve()));
    expect(outcome).toEqual({ status: 'fail', reasons: ['step "wait for ever": still running when the time of the check was up'] });
    expect(seen.steps.map(({ ok }) => ok)).toEqual([true, false]);
    // A trace is kept when it was asked for, or where runs follow each other.
    expect([kept.map(sha256), seen.trace]).toEqual([[seen.screenshot], undefined]);
  });
});

describe('what goes wrong beside the flow', () => {
  const broken =
    '<img src="/missing.png?token=abc"><script>console.error("first"); setTimeout(() => { throw new Error("second") })</script>';

  it('is said and lets the flow pass', async () => {
    await using server = await page('Welcome', broken);
    const { outcome, seen } = await run('sign-in', { variables: { url: `${server.url}/page` }, secrets });
    expect(outcome.status).toBe('pass');
    expect(outcome.reasons[0]).toMatch(/^the page reported 3 errors, the first of them: /);
    expect(outcome.reasons[1]).toBe(`a request of the page failed: GET ${server.url}/missing.png (HTTP 404)`);
    expect(seen?.consoleErrors).toContain('first');
    expect(seen?.consoleErrors).toContain('uncaught: second');
  });

  it.each(['consoleErrors', 'failedRequests'])('fails the check when it asks for it with %s', async (option) => {
    await using server = await page('Welcome', broken);
    const { outcome } = await run('sign-in', { variables: { url: `${server.url}/page` }, secrets, [option]: 'fail' });
    expect(outcome.status).toBe('fail');
  });
});

describe('what says nothing about the target is an error', () => {
  it('no Chromium where one was named', async () => {
    const { outcome } = await run('open', { executable: '/no/such/chromium' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^there is no Chromium at \/no\/such\/chromium \(install one/);
  });

  it('a Chromium that does not start', async () => {
    const { outcome } = await run('open', { executable: '/bin/false' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^Chromium \(\/bin\/false\) did not start: /);
  });

  it('a page whose process crashes', async () => {
    await using server = await page('Welcome');
    const { outcome } = await run('crashes', { variables: { url: `${server.url}/page` } });
    expect(outcome).toMatchObject({ status: 'error', reasons: [expect.stringContaining("the page's process crashed")] });
  });

  it('a Chromium that is killed in the middle', async () => {
    await using server = await page('Welcome');
    const running = run('never-ends', { variables: { url: `${server.url}/page` } });
    await waiting(server);
    await signalAll('SIGKILL');
    const { outcome } = await running;
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^(Chromium ended|the page's process crashed) in the middle of the flow/);
  });

  it('a Chromium that is frozen', async () => {
    await using server = await page('Welcome');
    await expect(outOfTime(server, () => signalAll('SIGSTOP'))).rejects.toMatchObject({
      code: 'probe/cannot-run',
      // On a busy machine it does not even come to know that.
      message: expect.stringMatching(
        /^(Chromium did not answer any more in the middle of the flow \(still running|the last looks at the page did not come)/,
      ),
    });
  });

  it.each([
    ['a script that is not there', 'not-there', /^the script .*not-there.ts cannot be loaded/],
    ['a script without a flow', 'no-flow', /^the script .*no-flow.ts has no flow \(export default/],
  ])('%s', async (_name, flow, reason) => {
    const { outcome } = await run(flow, {});
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(reason);
  });
});

describe('a run that is stopped', () => {
  it('in the middle of a flow ends at once with the reason', async () => {
    await using server = await page('Welcome');
    const controller = new AbortController();
    const running = run('never-ends', { variables: { url: `${server.url}/page` } }, { signal: controller.signal });
    await waiting(server);
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(await browserProcesses()).toEqual([]);
  });

  it('while Chromium starts ends with the reason', async () => {
    const controller = new AbortController();
    const running = run('open', { variables: { url: 'about:blank' } }, { signal: controller.signal });
    await eventually(async () => ((await browserProcesses()).length > 0 ? true : undefined), {
      clock: systemClock,
      signal: new AbortController().signal,
      withinMs: 30_000,
      everyMs: 5,
    });
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(await browserProcesses()).toEqual([]);
  });
});

it('after all of this no process and no file is left', async () => {
  expect(await browserProcesses()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

type OutOfTime = Awaited<ReturnType<typeof outOfTime>>;

/** What a busy machine keeps from being looked at in the little time that is left says nothing: that is tried again. */
async function inTime(attempt: () => Promise<OutOfTime>, tries = 10): Promise<OutOfTime> {
  try {
    const done = await attempt();
    if (done.seen.screenshot !== undefined || tries === 1) return done;
  } catch (error) {
    if (tries === 1 || !/did not (answer any more|come to an end)/.test((error as Error).message)) throw error;
  }
  return inTime(attempt, tries - 1);
}

/** Runs the flow that never ends, and lets the time be up once it waits and `first` has been done. */
async function outOfTime(server: Loopback, first: () => Promise<void>) {
  const kept: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): Promise<string> => Promise.resolve(sha256(kept[kept.push(bytes) - 1] ?? ''));
  const controller = new AbortController();
  const options = browser.options.parse({ script: flowFile('never-ends'), variables: { url: `${server.url}/page` } });
  const running = browser.observe(options, { clock: systemClock, signal: controller.signal, keep });
  running.catch(() => undefined);
  await waiting(server);
  await first();
  controller.abort(new DOMException('time is up', 'TimeoutError'));
  const seen = browserObservation.parse(await running);
  return { seen, kept, outcome: browser.judge(options, seen) };
}

/** The flow that never ends has told the server that it waits. */
async function waiting(server: Loopback): Promise<void> {
  for await (const [request] of on(server.server, 'request', { signal: AbortSignal.timeout(60_000) })) {
    if ((request as IncomingMessage).url === '/waiting') return;
  }
}
