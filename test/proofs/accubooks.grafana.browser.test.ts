import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grafanaDashboard } from '../../src/board/grafana.ts';
import { systemClock } from '../../src/base/clock.ts';
import { channels } from '../../src/channels/index.ts';
import { runCheck } from '../../src/check/run.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import access from '../../src/proofs/access.ts';
import dashboard from '../../src/proofs/dashboard.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { startGrafana, type RunningGrafana } from '../sandbox/grafana.ts';
import { proveBoard } from './grafana-boards.ts';
import { usersOf } from './lamps.ts';

const file = path.join(import.meta.dirname, '../../gates/accubooks/gate.yaml');
let stack: AccubooksStack;
let grafana: RunningGrafana;
let gate: Gate;

beforeAll(async () => {
  stack = await startAccubooksStack({ monitoring: 'repaired', durations: shortDurations });
  const loaded = await loadGate({ file, environment: 'demo', env: stack.variables, kinds: { proofs, channels, probes } });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  ({ gate } = loaded);
  grafana = await startGrafana({
    dataSources: [
      { uid: 'P1809F7CD0C75ACF3', name: 'AccuBooks', type: 'prometheus', url: stack.prometheus.url, jsonData: { timeInterval: '1s' } },
    ],
    users: usersOf(gate.people),
    minRefreshInterval: '1s',
    folders: [
      { uid: 'engineering', title: 'Engineering', viewers: ['engineering'] },
      { uid: 'business', title: 'Business', viewers: ['product', 'business'] },
    ],
  });
  const folders = { executive: '', operations: 'engineering', business: 'business' };
  for (const board of gate.boards) {
    const answer = await fetch(`${grafana.url}/api/dashboards/db`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${grafana.token}` },
      body: JSON.stringify({
        dashboard: grafanaDashboard(board, 'P1809F7CD0C75ACF3'),
        folderUid: folders[board.board as keyof typeof folders],
      }),
    });
    if (answer.status !== 200) throw new Error(`Grafana does not take ${board.board}: ${await answer.text()}`);
  }
  grafana.publish('executive');
  // A rate needs two values of a counter.
  await forecast();
  await forecast();
});
afterAll(async () => {
  await grafana.stop();
  await stack.stop();
});

/** Has a forecast made, as the gate does, and sees it counted. */
async function forecast(): Promise<void> {
  const check = gate.checks.find(({ name }) => name === 'forecast');
  const probe = check && probes.get(check.probe);
  if (check === undefined || probe === undefined) throw new Error('the gate has lost its forecast');
  const context = { clock: systemClock, signal: AbortSignal.timeout(60_000), keep: () => Promise.resolve('') };
  const { outcome } = await runCheck(check, probe, context);
  if (outcome.status !== 'pass') throw new Error(outcome.reasons.join('; '));
  await stack.prometheus.waitForScrapes(2);
}

const prove = (proof: typeof dashboard, requirement: object) =>
  proveBoard({ proof, requirement, boards: gate.boards, people: gate.people, grafana, prometheus: stack.prometheus.url, check: forecast });

describe("AccuBooks' boards, exported to Grafana", () => {
  it.each([
    [{ board: 'executive', moves: { check: 'forecast', panel: 'forecasts-1h', atLeast: 1 } }, 9, 10],
    [{ board: 'operations', as: 'ada' }, 19, 16],
    [{ board: 'business', as: 'mary', moves: { check: 'forecast', panel: 'forecasts' } }, 14, 14],
  ])('are present, answer, and are seen: %o', async (requirement, queries, panels) => {
    const { state, grade, against, reasons } = await prove(dashboard, requirement);
    expect(against).toEqual([]);
    expect([state, grade]).toEqual(['proven', 'seen']);
    const says = reasons.map((each) => each.says);
    expect(says).toContainEqual(expect.stringContaining(`all ${String(queries)} queries of its panels give values`));
    expect(says).toContainEqual(expect.stringContaining(`all ${String(panels)} panels show values`));
  });

  it.each([
    { board: 'executive', public: true },
    { board: 'operations', onCall: true, refused: ['mary', 'nobody'] },
    { board: 'business', as: ['mary'], refused: ['grace', 'nobody'] },
  ])('are opened by whom they are for, and by nobody else: %o', async (requirement) => {
    const { state, against } = await prove(access, requirement);
    expect(against).toEqual([]);
    expect(state).toBe('proven');
  });
});
