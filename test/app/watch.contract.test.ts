import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWatch, type Watch } from '../../src/app/watch.ts';
import type { WatchEvent } from '../../src/app/watch/event.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Probe } from '../../src/check/probe.ts';
import type { Result } from '../../src/check/result.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { LoadedProject } from '../../src/config/project.ts';
import { probes } from '../../src/probes/index.ts';
import { stores } from '../../src/stores/index.ts';
import type { MachineObservation } from '../../src/schedule/machine.ts';
import { wellMachine } from '../schedule/well-machine.ts';
import type { StoreKind } from '../../src/store/store.ts';
import { projectFolder, startTarget, writeFiles } from '../cli/project.ts';
import { seriesOf } from '../metrics/sample.ts';
import type { TempFolder } from '../sandbox/temp-folder.ts';
import { waitUntil } from '../sandbox/wait-until.ts';

const sqlite = stores.get('sqlite') as StoreKind;
let target: Awaited<ReturnType<typeof startTarget>>;
let folder: TempFolder;

beforeEach(async () => {
  target = await startTarget();
  folder = await projectFolder({
    'liveproof.yaml': 'name: shop\n',
    'checks/home.yaml': `check: home\nprobe: http\ninterval: 100ms\nfailAfter: 2\nrecoverAfter: 2\nsteps: [{ url: '${target.url}/' }]\n`,
  });
});
afterEach(async () => {
  await target.stop();
  await folder[Symbol.asyncDispose]();
});

async function load(): Promise<LoadedProject> {
  const loaded = await loadProject({ file: `${folder.path}/liveproof.yaml`, env: { TOKEN: 'a-token-of-sixteen-letters' }, probes });
  if (!loaded.ok) throw new Error(loaded.faults.map(({ message }) => message).join('\n'));
  return loaded;
}

const justNow = (): Pick<MachineObservation, 'fromMs' | 'toMs'> => ({
  fromMs: systemClock.monotonicMs() - 1_000,
  toMs: systemClock.monotonicMs(),
});

/** A daemon that runs until the end of the test. */
async function start(machine: MachineObservation = wellMachine, kinds: ReadonlyMap<string, Probe> = probes) {
  const stop = new AbortController();
  const events: WatchEvent[] = [];
  const loaded = await load();
  const watch = await openWatch({
    loaded,
    probes: kinds,
    storeKind: sqlite,
    clock: systemClock,
    signal: stop.signal,
    toolVersion: '0',
    machine: { observe: () => Promise.resolve({ ...machine, ...justNow() }), [Symbol.dispose]: () => undefined },
    tell: (event) => events.push(event),
  });
  const ended = watch.run();
  const told = async <Type extends WatchEvent['type']>(type: Type, after = 0): Promise<WatchEvent & { type: Type }> =>
    await waitUntil(`told: ${type}`, () => events.slice(after).find((event): event is WatchEvent & { type: Type } => event.type === type));
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
    await watch[Symbol.asyncDispose]();
  };
  return { watch, events, told, end, file: loaded.project.store.path };
}

async function storedIn(file: string): Promise<readonly Result[]> {
  await using store = await sqlite.open({ file }, { readOnly: true });
  return await Array.fromAsync(store.results({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }));
}

const series = async (watch: Watch, name: string): Promise<readonly string[]> =>
  seriesOf(await watch.metrics.text(), name).map((line) => line.split(' ').at(-1) ?? '');

describe('the daemon', () => {
  it('says when a target begins to fail and when it has recovered, by the thresholds, and stores every result', async () => {
    const { watch, events, told, end, file } = await start();
    await told('result');
    expect(await series(watch, 'liveproof_check_failing')).toEqual(['0']);
    target.status = 503;
    const { check, result } = await told('failed');
    expect(check.name).toBe('home');
    expect(result.reasons).toEqual([expect.stringMatching(/^step 1 GET http:.*: status 503, expected 2xx$/)]);
    expect(await series(watch, 'liveproof_check_failing')).toEqual(['1']);
    expect(await series(watch, 'probe_success')).toEqual(['0']);
    expect(await series(watch, 'probe_http_status_code')).toEqual(['503']);
    target.status = 200;
    await told('recovered');
    expect(await series(watch, 'liveproof_check_failing')).toEqual(['0']);
    expect(watch.health()).toEqual({ status: 'ok', troubles: [], checks: { well: 1, failing: 0, unknown: 0 } });
    await end();
    const results = events.flatMap((event) => (event.type === 'result' ? [event.result] : []));
    const stored = await storedIn(file);
    expect(stored.map(({ dueAtMs, status, reasons }) => ({ dueAtMs, status, reasons }))).toEqual(
      results.map(({ dueAtMs, status, reasons }) => ({ dueAtMs, status, reasons })),
    );
    expect(stored.every(({ observation }) => observation !== undefined)).toBe(true);
    const fails = results.map(({ status }) => status);
    expect(fails.slice(0, fails.indexOf('fail') + 2).slice(-2)).toEqual(['fail', 'fail']);
  });

  it('tells how things stand as soon as every check has run', async () => {
    await writeFiles(folder.path, { 'checks/home.yaml': `check: home\nprobe: http\ninterval: 5s\nsteps: [{ url: '${target.url}/' }]\n` });
    const { told, end } = await start();
    const { summary } = await told('summary');
    expect(summary).toEqual({ well: 1, failing: 0, unknown: 0, passed: 1, failed: 0, errored: 0, missed: 0, waitingResults: 1 });
    await end();
  });

  it('tells how things stand when every check has ended once, though one cannot be told', async () => {
    const http = probes.get('http') as Probe;
    const broken: Probe = { ...http, observe: () => Promise.reject(new TypeError('no steps')) };
    await writeFiles(folder.path, { 'checks/home.yaml': `check: home\nprobe: http\ninterval: 5s\nsteps: [{ url: '${target.url}/' }]\n` });
    const { told, end } = await start(wellMachine, new Map([...probes, ['http', broken]]));
    expect((await told('summary')).summary).toMatchObject({ unknown: 1, errored: 1 });
    await end();
  });

  it('tells which checks have no interval, at the start and after a reload, and waits for none of them', async () => {
    const without = (name: string): string => `check: ${name}\nprobe: http\nsteps: [{ url: '${target.url}/' }]\n`;
    await writeFiles(folder.path, { 'checks/never.yaml': without('never') });
    const { watch, events, told, end } = await start();
    expect(events[0]).toEqual({ type: 'without-interval', checks: ['never'] });
    expect((await told('summary')).summary).toMatchObject({ well: 1, unknown: 1 });
    await writeFiles(folder.path, { 'checks/nor-this.yaml': without('nor-this') });
    const before = events.length;
    watch.reload(await load());
    expect((await told('without-interval', before)).checks).toEqual(['never', 'nor-this']);
    await end();
  });

  it('does not begin where the folder of its store cannot be made', async () => {
    await writeFiles(folder.path, { plain: 'a file', 'liveproof.yaml': 'name: shop\nstore: { path: plain/x.sqlite }\n' });
    await expect(start()).rejects.toMatchObject({
      code: 'store/unwritable',
      message: expect.stringMatching(/^the store \S+\/plain\/x\.sqlite has no folder, and none can be made: EEXIST: .*\/plain'$/),
    });
  });

  it('tells once that its metrics are not taken, and once that they are again', async () => {
    const receiver = await startTarget(403);
    await writeFiles(folder.path, { 'liveproof.yaml': `name: shop\notlp: { endpoint: '${receiver.url}', every: 2s }\n` });
    const { told, events, end } = await start();
    const { because } = await told('otlp-failed');
    expect(because).toContain(`${receiver.url} did not take the metrics`);
    const { asked } = receiver;
    await waitUntil('more pushes', () => receiver.asked > asked + 2);
    receiver.status = 200;
    await told('otlp-well-again');
    await end();
    await receiver.stop();
    expect(events.filter(({ type }) => type.startsWith('otlp')).map(({ type }) => type)).toEqual(['otlp-failed', 'otlp-well-again']);
  });

  it('knows after a restart what it believed before, and runs no slot twice', async () => {
    target.status = 503;
    const first = await start();
    await first.told('failed');
    await first.end();
    target.status = 200;
    const second = await start();
    expect(await series(second.watch, 'liveproof_check_failing')).toEqual(['1']);
    await second.told('recovered');
    expect(second.events.some(({ type }) => type === 'failed')).toBe(false);
    await second.end();
    const due = (await storedIn(second.file)).map(({ dueAtMs }) => dueAtMs);
    expect(new Set(due).size).toBe(due.length);
  });

  it('lets no other daemon use its store, until it has ended', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'store/locked' });
    await first.end();
    await (await start()).end();
  });

  it('goes on with a changed project, and keeps the old one when the new one has faults', async () => {
    const { watch, events, told, end } = await start();
    await told('result');
    await writeFiles(folder.path, {
      'checks/shop.yaml': `check: shop\nprobe: http\ninterval: 100ms\nsteps: [{ url: '${target.url}/shop' }]\n`,
      'liveproof.yaml': 'name: shop\nlimits: { checks: 7 }\n',
    });
    watch.reload(await load());
    expect(await told('reloaded')).toEqual({ type: 'reloaded', checks: 2, needsRestart: ['limits'] });
    await waitUntil('the new check has run', () => events.some((event) => event.type === 'result' && event.check.name === 'shop'));
    watch.reload({ ok: false, faults: [] });
    await told('refused');
    const after = events.length;
    await waitUntil('it goes on', () => events.slice(after).some((event) => event.type === 'result' && event.check.name === 'shop'));
    expect(await series(watch, 'liveproof_reloads_total')).toEqual(['1', '1']);
    await end();
  });

  it.each([
    [
      'waits for heartbeats that nobody could send',
      'check: backup\nprobe: heartbeat\nname: nightly\nexpectEvery: 1d\n',
      'the check backup waits for heartbeats, and the project has no token for their senders',
    ],
    [
      'has no check for its place',
      "check: far\nprobe: http\nplaces: [tokyo]\nsteps: [{ url: 'http://127.0.0.1:9/' }]\n",
      'the project shop has no checks for the place local: all 1 are for other places',
    ],
  ])('keeps the old project when the new one loads but %s', async (_, check, message) => {
    const { watch, events, told, end } = await start();
    await told('result');
    await writeFiles(folder.path, { 'checks/home.yaml': check });
    watch.reload(await load());
    expect((await told('refused')).faults.map((fault) => fault.message)).toEqual([message]);
    const after = events.length;
    await told('result', after);
    expect(watch.checks()).toBe(1);
    expect(watch.heartbeatToken()).toBeUndefined();
    expect(events.some(({ type }) => type === 'reloaded')).toBe(false);
    expect(await series(watch, 'liveproof_reloads_total')).toEqual(['0', '1']);
    expect(seriesOf(await watch.metrics.text(), 'probe_success')).toEqual([expect.stringContaining('check="home"')]);
    await end();
  });

  it('does not go on to say that all is well when a bug of ours ends the runs', async () => {
    const http = probes.get('http') as Probe;
    let isBroken = false;
    const broken: Probe = {
      ...http,
      observe: (options, context) =>
        isBroken ? Promise.reject(new TypeError(`no steps in\n${target.url}/?a-token-of-sixteen-letters`)) : http.observe(options, context),
    };
    await writeFiles(folder.path, { 'liveproof.yaml': "name: shop\nheartbeats: { token: '${TOKEN}' }\n" });
    const { watch, events, told, end, file } = await start(wellMachine, new Map([...probes, ['http', broken]]));
    await told('result');
    expect(await series(watch, 'probe_success')).toEqual(['1']);
    isBroken = true;
    expect((await told('threw')).error).toBeInstanceOf(TypeError);
    const { check, result } = await told('untold');
    expect(check.name).toBe('home');
    expect(result).toMatchObject({ check: 'home', status: 'error', attempts: 1 });
    expect(result.reasons).toEqual([
      expect.stringMatching(/^a bug in liveproof ended this run: TypeError: no steps in http:\S+\?(?!.*a-token)\S+$/),
    ]);
    expect(await series(watch, 'probe_success')).toEqual([]);
    expect(await series(watch, 'liveproof_check_error')).toEqual(['1']);
    await end();
    const results = events.flatMap((event) => (event.type === 'result' ? [event.result] : []));
    expect((await storedIn(file)).map(({ dueAtMs, status }) => [dueAtMs, status])).toEqual(
      results.map(({ dueAtMs, status }) => [dueAtMs, status]),
    );
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['pass', 'error']));
  });

  it('takes heartbeats, and tells of those that are late', async () => {
    await writeFiles(folder.path, {
      'liveproof.yaml': "name: shop\nheartbeats: { token: '${TOKEN}' }\n",
      'checks/home.yaml': 'check: backup\nprobe: heartbeat\ninterval: 100ms\nname: nightly\nexpectEvery: 5s\n',
    });
    const { watch, events, told, end } = await start();
    expect(await watch.heartbeat('unheard-of', 'ok')).toBe(false);
    expect(await watch.heartbeat('nightly', 'ok')).toBe(true);
    await waitUntil('it passes', () => events.some((event) => event.type === 'result' && event.result.status === 'pass'));
    const { result: late } = await told('failed');
    expect(late.reasons).toEqual([expect.stringMatching(/^the last heartbeat "nightly" came .* ago; one is expected every 5s$/)]);
    await watch.heartbeat('nightly', 'failed', 'disk full');
    await end();
  });

  it('does not begin when a check waits for heartbeats that nobody could send', async () => {
    await writeFiles(folder.path, { 'checks/home.yaml': 'check: backup\nprobe: heartbeat\nname: nightly\nexpectEvery: 1d\n' });
    await expect(start()).rejects.toMatchObject({
      code: 'config/missing-key',
      message: 'the check backup waits for heartbeats, and the project has no token for their senders',
    });
  });

  it('runs only the checks of its place, and does not begin without any', async () => {
    await writeFiles(folder.path, {
      'liveproof.yaml': 'name: shop\nplace: paris\n',
      'checks/home.yaml': `check: home\nprobe: http\nplaces: [tokyo]\nsteps: [{ url: '${target.url}/' }]\n`,
    });
    await expect(start()).rejects.toThrow('the project shop has no checks for the place paris: all 1 are for other places');
  });

  it('waits for what runs when it is stopped, and stores it', async () => {
    const held = Promise.withResolvers<void>();
    target.hold = held.promise;
    const { end, file } = await start();
    await waitUntil('a run is under way', () => target.asked === 1);
    const ending = end();
    held.resolve();
    await ending;
    expect((await storedIn(file)).map(({ status }) => status)).toEqual(['pass']);
  });
});

/** A name server that knows no name (RFC 1035, section 4.1), and a check that asks it: this machine's own may not answer at all. */
async function serveNoNames(): Promise<{ readonly check: string } & AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (question: Buffer, { port, address }) => {
    const answer = Buffer.from(question.subarray(0, question.indexOf(0, 12) + 5));
    answer.writeUInt16BE(0x8183, 2);
    [1, 0, 0, 0].forEach((count, index) => answer.writeUInt16BE(count, 4 + 2 * index));
    socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolver = `127.0.0.1:${String(socket.address().port)}`;
  return {
    check: `check: home\nprobe: http\ninterval: 100ms\nresolver: ${resolver}\nsteps: [{ url: 'http://app.test/' }]\n`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

describe('a machine that is in trouble', () => {
  const silent = createServer((socket) => socket.destroy());
  const cut: MachineObservation = { ...wellMachine, network: { ...wellMachine.network, routes: 0 } };

  it('turns the failures that it explains into errors, and the daemon says so', async () => {
    await using names = await serveNoNames();
    await writeFiles(folder.path, { 'checks/home.yaml': names.check });
    const { watch, told, end } = await start(cut);
    const { result } = await told('result');
    expect(result.status).toBe('error');
    expect(result.reasons[0]).toBe('we could not tell: this machine has no way out: no network that is up');
    expect(result.reasons[1]).toContain('seen meanwhile: ');
    expect(await told('machine')).toEqual({
      type: 'machine',
      troubles: [{ kind: 'no-network', says: 'this machine has no way out: no network that is up' }],
    });
    expect(watch.health()).toMatchObject({ status: 'troubled', troubles: ['this machine has no way out: no network that is up'] });
    expect(seriesOf(await watch.metrics.text(), 'liveproof_self_trouble')).toEqual(['liveproof_self_trouble{trouble="no-network"} 1']);
    await end();
  });

  it('leaves wrong answers, and targets on this machine, what they are', async () => {
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await writeFiles(folder.path, {
      'checks/home.yaml': `check: home\nprobe: http\ninterval: 100ms\nsteps: [{ url: '${target.url}/', expect: { status: 418 } }]\n`,
      'checks/local.yaml': `check: local\nprobe: http\ninterval: 100ms\nsteps: [{ url: 'http://127.0.0.1:${String(port)}/' }]\n`,
    });
    const { events, end } = await start(cut);
    const seen = await waitUntil('both have run', () => {
      const results = events.flatMap((event) => (event.type === 'result' ? [event.result] : []));
      const names = new Set(results.map(({ check }) => check));
      return names.size === 2 ? results : undefined;
    });
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['fail']));
    await end();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('that is well hides nothing', async () => {
    await using names = await serveNoNames();
    await writeFiles(folder.path, { 'checks/home.yaml': names.check });
    const { told, end } = await start();
    expect((await told('result')).result.status).toBe('fail');
    await end();
  });
});
