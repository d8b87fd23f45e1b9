import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { channels } from '../../../src/channels/index.ts';
import { loadGate } from '../../../src/config/load-gate.ts';
import { probes } from '../../../src/probes/index.ts';
import { proofs } from '../../../src/proofs/index.ts';
import { startBoardServer, type RunningBoardServer } from '../../../src/web/server.ts';

/** The passwords of those who use AccuBooks' boards. */
export const people = { ADA_PASSWORD: 'sandbox-ada', GRACE_PASSWORD: 'sandbox-grace', MARY_PASSWORD: 'sandbox-mary' };

const gateFile = path.join(import.meta.dirname, '../../../gates/accubooks/gate.yaml');

/** Serves AccuBooks' boards with liveproof's own server, as `liveproof boards` does; in the demo's environment they refresh quickly. */
export async function startBoards(variables: Readonly<Record<string, string>>): Promise<RunningBoardServer & AsyncDisposable> {
  const loaded = await loadGate({ file: gateFile, environment: 'demo', env: variables, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  const server = await startBoardServer({ gate: loaded.gate, host: '127.0.0.1', port: 0, clock: systemClock, toolVersion: 'test' });
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}
