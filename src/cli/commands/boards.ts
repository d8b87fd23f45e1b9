import { once } from 'node:events';
import { hostOf, isLoopback, listenAddress, portOf } from '../../alert/listen-address.ts';
import { systemClock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { visible } from '../../report/visible.ts';
import { startBoardServer } from '../../web/server.ts';
import type { Io } from '../io.ts';
import { loadForCommand } from './load.ts';
import { needBoards } from './need-boards.ts';

export interface BoardsCommandOptions {
  readonly file: string;
  readonly env?: string | undefined;
  /** `host:port` */
  readonly listen: string;
  readonly exposed?: boolean | undefined;
}

/** Serves a gate's boards until it is stopped. Resolves with the exit code. */
export async function boardsCommand({ file, env, listen, exposed }: BoardsCommandOptions, io: Io, toolVersion: string): Promise<number> {
  const { host, port } = addressOf(listen, exposed === true);
  const loaded = await loadForCommand(file, env, io);
  if (typeof loaded === 'number') return loaded;
  const { gate } = loaded;
  needBoards(gate);
  const server = await startBoardServer({ gate, secrets: loaded.secrets, host, port, clock: systemClock, toolVersion });
  io.stdout.write(
    `${gate.boards.length === 1 ? '1 board' : `${String(gate.boards.length)} boards`} of ${visible(gate.title)}, read-only:\n`,
  );
  for (const { board, title, access } of gate.boards) {
    const who = access === 'public' ? 'everybody' : access.roles.join(', ');
    io.stdout.write(`  ${server.url}/d/${board}  ${visible(title)} (${who})\n`);
  }
  io.stdout.write('Stop with Ctrl-C.\n');
  const stopping = new AbortController();
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal, { signal: stopping.signal })));
  stopping.abort();
  await server.stop();
  return 0;
}

function addressOf(listen: string, exposed: boolean): { readonly host: string; readonly port: number } {
  if (!listenAddress.safeParse(listen).success) {
    throw new Fault('usage/bad-argument', `--listen is "${listen}"`, { hint: 'write host:port, as in 127.0.0.1:9096' });
  }
  if (!isLoopback(listen) && !exposed) {
    throw new Fault('usage/bad-argument', `--listen ${listen} can be reached from other machines`, {
      hint: 'say --exposed as well, and put TLS in front: passwords are sent with every request',
    });
  }
  return { host: hostOf(listen), port: portOf(listen) };
}
