import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { ranOutOfTime } from '../../base/abortable.ts';
import { decoded } from '../../base/decoded.ts';
import { formatDuration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { SqlObservation, SqlTrouble } from './observation.ts';
import { mostRowsKept, type SqlOptions } from './options.ts';
import type { Task } from './session.ts';
import { sqlTroubleOf } from './trouble.ts';
import type { Report } from './worker.ts';
import { workersFor } from './workers.ts';

/** More rows are not read. */
const mostRows = 1_000;
/** What a server may need to notice that a statement's time is up, before we stop waiting for it. */
const lastWordsMs = 1_000;
const startWithinMs = 10_000;

/**
 * Asks in a thread of its own. A client of a database believes what the server says about lengths: one that lies makes it
 * read for ever, and only a thread can be ended then. Starting one takes time: where runs follow each other, it is used again.
 */
export async function observeSql(options: SqlOptions, { signal, kept }: ProbeContext): Promise<SqlObservation> {
  const task = await taskOf(options);
  signal.throwIfAborted();
  const workers = await workersFor(kept);
  const worker = workers.take();
  let isDone = false;
  try {
    worker.postMessage(task);
    return await listen(worker, task, options, signal, () => {
      isDone = true;
    });
  } finally {
    // One that did not come to an end by itself may never do so.
    if (isDone) await workers.giveBack(worker);
    else await worker.terminate();
  }
}

function listen(worker: Worker, { server }: Task, options: SqlOptions, signal: AbortSignal, done: () => void): Promise<SqlObservation> {
  const { promise, resolve, reject } = Promise.withResolvers<SqlObservation>();
  let seen: SqlObservation = { server };
  let phase: SqlTrouble['phase'] = 'connect';
  let isReady = false;
  const endWith = (trouble: Omit<SqlTrouble, 'phase'>): void => resolve({ ...seen, trouble: { phase, ...trouble } });
  const outOfTime = (ms: number): void => endWith({ kind: 'timed-out', says: `no answer within ${formatDuration(ms)}` });
  const cannotStart = (cause?: unknown): void =>
    reject(new Fault('probe/cannot-run', 'the thread that asks the database did not start', { cause }));
  let timer = setTimeout(cannotStart, startWithinMs);
  const wait = (ms: number, extraMs = 0): void => {
    clearTimeout(timer);
    timer = setTimeout(() => outOfTime(ms), ms + extraMs);
  };
  const onAbort = (): void => {
    if (ranOutOfTime(signal)) endWith({ kind: 'timed-out', says: 'no answer before the time of the check was up' });
    else reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const onMessage = (said: Report): void => {
    if (said.type === 'ready') {
      isReady = true;
      wait(options.connectTimeout);
    }
    if (said.type === 'connected') {
      seen = { ...seen, connectMs: said.connectMs };
      phase = 'query';
      wait(options.statementTimeout, lastWordsMs);
    }
    if (said.type === 'answered' || said.type === 'trouble') done();
    if (said.type === 'answered') resolve({ ...seen, queryMs: said.queryMs, answer: said.answer });
    if (said.type === 'trouble') {
      const { kind, says } = said.trouble;
      const given = kind === 'timed-out' && phase === 'query' ? `; it is given ${formatDuration(options.statementTimeout)}` : '';
      endWith({ kind, says: `${says}${given}` });
    }
  };
  // What a client throws outside of any promise comes from bytes that are not what it expects.
  const onError = (error: unknown): void => (isReady ? endWith(sqlTroubleOf(error)) : cannotStart(error));
  const onExit = (): void => (isReady ? endWith({ kind: 'not-the-protocol', says: 'the client gave up without a word' }) : cannotStart());
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
  });
}

async function taskOf({ url, password, tls, ca, query, expect, statementTimeout }: SqlOptions): Promise<Task> {
  const parsed = new URL(url);
  const server = serverOf(parsed.protocol);
  return {
    server,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? (server === 'PostgreSQL' ? 5432 : 3306) : Number(parsed.port),
    user: decoded(parsed.username),
    password: password ?? decoded(parsed.password),
    database: decoded(parsed.pathname.slice(1)),
    tls,
    ca: ca === undefined ? undefined : await readCertificates(ca),
    query,
    statementTimeoutMs: Math.max(1, Math.round(statementTimeout)),
    wantsTime: expect.fresh !== undefined,
    mostRows,
    mostRowsKept,
  };
}

function serverOf(scheme: string): Task['server'] {
  if (scheme === 'mysql:') return 'MySQL';
  return scheme === 'mariadb:' ? 'MariaDB' : 'PostgreSQL';
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
