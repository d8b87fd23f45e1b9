import type { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { SqlAnswer, SqlTrouble } from './observation.ts';
import { boundedSocket, type Session, type Task } from './session.ts';
import { sqlTroubleOf } from './trouble.ts';

/** What a worker reports on its task, in this order; the last is an answer or trouble. */
export type Report =
  /** The client is loaded: from now on the time counts. */
  | { readonly type: 'ready' }
  | { readonly type: 'connected'; readonly connectMs: number }
  | { readonly type: 'answered'; readonly queryMs: number; readonly answer: SqlAnswer }
  | { readonly type: 'trouble'; readonly trouble: Omit<SqlTrouble, 'phase'> };

const report = (said: Report): void => parentPort?.postMessage(said);

/** Asks once. The connection is cut: a server that is slow to say goodbye would only hold us. */
async function ask(task: Task): Promise<void> {
  const open = await clientFor(task);
  const socket = boundedSocket();
  report({ type: 'ready' });
  try {
    const startedMs = performance.now();
    const session = await open(task, socket);
    report({ type: 'connected', connectMs: performance.now() - startedMs });
    const askedMs = performance.now();
    const answer = await session.query(task.query);
    const queryMs = performance.now() - askedMs;
    const databaseTime = task.wantsTime && !answer.more ? { databaseTime: await session.time() } : {};
    socket.destroy();
    report({ type: 'answered', queryMs, answer: { ...answer, ...databaseTime } });
  } catch (error) {
    socket.destroy();
    report({ type: 'trouble', trouble: sqlTroubleOf(error) });
  }
}

async function clientFor({ server }: Task): Promise<(task: Task, socket: Socket) => Promise<Session>> {
  return server === 'PostgreSQL' ? (await import('./postgres.ts')).openPostgres : (await import('./mariadb.ts')).openMariadb;
}

parentPort?.on('message', (task: Task) => void ask(task));
