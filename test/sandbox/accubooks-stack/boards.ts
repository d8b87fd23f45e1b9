import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { channels } from '../../../src/channels/index.ts';
import { loadGate } from '../../../src/config/load-gate.ts';
import type { Gate } from '../../../src/gate/gate.ts';
import { probes } from '../../../src/probes/index.ts';
import { proofs } from '../../../src/proofs/index.ts';
import { startBoardServer, type RunningBoardServer } from '../../../src/web/server.ts';

/** The passwords of those who use AccuBooks' boards. */
export const people = { ADA_PASSWORD: 'sandbox-ada', GRACE_PASSWORD: 'sandbox-grace', MARY_PASSWORD: 'sandbox-mary' };

/** What the server believes of boards, people and Prometheus, in place of what the gate declares. */
export type BoardSabotage = (gate: Gate) => Gate;

export interface RunningBoards extends AsyncDisposable {
  readonly url: string;
  /** Serves other boards at the same address; the declared ones without a sabotage. */
  sabotage(change: BoardSabotage | undefined): Promise<void>;
}

const gateFile = path.join(import.meta.dirname, '../../../gates/accubooks/gate.yaml');

/** Serves AccuBooks' boards with liveproof's own server, as `liveproof boards` does; an environment says how quickly they refresh. */
export async function startBoards(variables: Readonly<Record<string, string>>, environment: string): Promise<RunningBoards> {
  const loaded = await loadGate({ file: gateFile, environment, env: variables, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const start = (gate: Gate, port: number): Promise<RunningBoardServer> =>
    startBoardServer({ gate, host: '127.0.0.1', port, clock: systemClock, toolVersion: 'test' });
  let server = await start(loaded.gate, 0);
  let inForce: BoardSabotage | undefined;
  return {
    url: server.url,
    sabotage: async (change) => {
      if (change === inForce) return;
      inForce = change;
      await server.stop();
      server = await start(change === undefined ? loaded.gate : change(loaded.gate), Number(new URL(server.url).port));
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
