import { relative } from 'node:path';
import { isLoopback } from '../../alert/listen-address.ts';
import { openWatch } from '../../app/watch.ts';
import { systemClock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { loadProject } from '../../config/load-project.ts';
import type { Project } from '../../config/project.ts';
import { probes } from '../../probes/index.ts';
import { visible } from '../../report/visible.ts';
import { stores } from '../../stores/index.ts';
import { startWatchServer } from '../../web/watch-server.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { watchLine } from '../show-watch.ts';
import { watchSignals } from '../watch-signals.ts';
import { loadProjectForCommand } from './load-project.ts';

export interface WatchCommandOptions {
  readonly project: string;
  /** Allows an address that other machines can reach. */
  readonly exposed?: boolean | undefined;
}

/** Runs the checks of a project until it is stopped. Resolves with the exit code; throws Faults for usage. */
export async function watchCommand({ project: file, exposed }: WatchCommandOptions, io: Io, toolVersion: string): Promise<number> {
  const loaded = await loadProjectForCommand(file, io);
  if (typeof loaded === 'number') return loaded;
  const { project } = loaded;
  mayListen(project, exposed === true);
  const storeKind = stores.get('sqlite');
  if (storeKind === undefined) throw new Error('there is no store kind sqlite');

  const signals = watchSignals();
  try {
    await using watch = await openWatch({
      loaded,
      probes,
      storeKind,
      clock: systemClock,
      signal: signals.stop,
      toolVersion,
      tell: (event) => {
        const line = watchLine(event, io);
        if (line !== undefined) io.stdout.write(`${io.now().toISOString()}  ${line}\n`);
      },
    });
    // Which project runs is known only later, and runs of an earlier one may be under way: all secrets stay hidden.
    const secrets = new Set(loaded.secrets);
    // A reload waits for the one before.
    let reloading: Promise<void> = Promise.resolve();
    const reload = async (): Promise<void> => {
      const next = await loadProject({ file, env: io.env, probes, signal: signals.stop });
      if (signals.stop.aborted) return;
      if (next.ok) for (const secret of next.secrets) secrets.add(secret);
      io.hide?.([...secrets]);
      watch.reload(next);
    };
    signals.onReload(() => void (reloading = reloading.then(reload)));
    const server = await startWatchServer({ watch, host: project.listen.host, port: project.listen.port });
    io.stdout.write(greeting(project, watch.checks(), server.url, io));
    try {
      await watch.run();
    } finally {
      await reloading;
      await server.stop();
    }
    io.stdout.write(`${io.now().toISOString()}  stopped\n`);
    return exitCodes.pass;
  } finally {
    signals.release();
  }
}

function mayListen({ listen: { host, port } }: Project, exposed: boolean): void {
  const address = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  if (isLoopback(address) || exposed) return;
  throw new Fault('usage/bad-argument', `listen ${address} can be reached from other machines`, {
    hint: 'say --exposed as well, and put TLS in front: tokens of heartbeats are sent with every request',
  });
}

function greeting({ name, place, store }: Project, checks: number, url: string, io: Io): string {
  const shown = relative(io.cwd, store.path);
  return [
    `${visible(name)}: ${checks === 1 ? '1 check' : `${String(checks)} checks`} at ${place}, results in ${shown.startsWith('..') ? store.path : shown}`,
    `  ${url}/metrics  for Prometheus`,
    `  ${url}/healthz  how it is itself`,
    'What changes is told here, and every five minutes how things stand. Stop with Ctrl-C.',
    '',
  ].join('\n');
}
