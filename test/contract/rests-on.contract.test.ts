import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Basis } from '../../src/base/basis.ts';
import { locate } from '../../src/config/locate.ts';
import { valueOf } from '../../src/config/node.ts';
import { fieldsOf, metaOf } from '../../src/config/schema-walk.ts';
import type { BasisContext } from '../../src/gate/proof.ts';
import { proofs } from '../../src/proofs/index.ts';
import { connectAlertmanager } from '../../src/stack/alertmanager.ts';
import { connectBoardServer } from '../../src/stack/board-server.ts';
import { connectDeadManSwitch } from '../../src/stack/dead-man.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { serveHttp, serveSilence } from '../probes/loopback.ts';
import { contextWith } from '../proofs/context.ts';
import { sampleOptions } from './samples.ts';

const rule = (name: string) => ({
  type: 'alerting',
  name,
  query: 'vector(1)',
  duration: 0,
  labels: {},
  state: 'firing',
  health: 'ok',
  lastEvaluation: '2026-03-01T09:00:00Z',
});
const target = { labels: { job: 'app' }, scrapePool: 'app', scrapeUrl: 'http://app/metrics', health: 'up', lastError: '', lastScrape: '' };

/** What a healthy world says, as far as these kinds ask it. */
const answers: Readonly<Record<string, unknown>> = {
  '/api/v1/rules': { data: { groups: [{ name: 'g', file: 'f', interval: 1, rules: [rule('HighErrorRate'), rule('Watchdog')] }] } },
  '/api/v1/alertmanagers': { data: { activeAlertmanagers: [{ url: 'http://alertmanager' }] } },
  '/api/v1/targets': { data: { activeTargets: [target] } },
  '/api/v1/status/buildinfo': { data: { version: '3' } },
  '/api/v1/status/runtimeinfo': { data: { storageRetention: '15d', reloadConfigSuccess: true } },
  '/api/v1/status/flags': { data: {} },
  '/metrics': '# a page\n',
  '/api/v2/status': {
    versionInfo: { version: '0' },
    cluster: { status: 'ready' },
    config: { original: 'route: { receiver: a }\nreceivers: [{ name: a }]\n' },
  },
  '/api/v2/alerts': [],
  '/api/v3/checks/c': { name: 'switch', status: 'up', grace: 60, n_pings: 1 },
};

function serveWorld() {
  return serveHttp((request, response) => {
    const answer = answers[new URL(request.url ?? '', 'http://world').pathname];
    response.writeHead(answer === undefined ? 404 : 200).end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}));
  });
}

/** Notes what of the gate was named. */
function contextOf(grade: BasisContext['grade'], port: number, signal: AbortSignal, named: string[] = []): BasisContext {
  const declare = (family: string, name: string): Basis => {
    named.push(`${family} ${name}`);
    return { what: `the ${family} ${name}`, value: null };
  };
  const url = `http://127.0.0.1:${String(port)}`;
  const prometheus = connectPrometheus({ name: 'Prometheus', url });
  const alertmanager = connectAlertmanager({ name: 'Alertmanager', url });
  return {
    ...contextWith({
      grade,
      signal,
      prometheus: () => prometheus,
      alertmanager: () => alertmanager,
      prometheuses: () => [prometheus],
      alertmanagers: () => [alertmanager],
      boardServer: () => connectBoardServer({ name: 'the board server', url }),
      deadMan: () => connectDeadManSwitch({ name: "the dead-man's switch", url }, { apiKey: 'key', check: 'c' }),
      people: ['ada', 'mary'].map((name) => ({ name, email: `${name}@app.test`, roles: [], password: 'a-password' })),
    }),
    declared: {
      channel: (name) => declare('channel', name),
      check: (name) => Promise.resolve([declare('check', name)]),
      board: (name) => declare('board', name),
      person: (name) => declare('person', name),
    },
  };
}

describe.each([...proofs.values()])('what the proof $kind rests on', (proof) => {
  const sampleAt = (port: number): unknown => (sampleOptions(port).proofs as Readonly<Record<string, unknown>>)[proof.kind];
  const highest = proof.ladder.at(-1) ?? proof.defaultGrade;
  const restsOn = proof.restsOn?.bind(proof);
  if (restsOn === undefined) throw new Error(`${proof.kind} does not tell what it rests on`);

  it('is told, the same each time, and has in it whatever of the gate the requirement names', async () => {
    await using world = await serveWorld();
    const named: string[] = [];
    const requirement = proof.requirement.parse(sampleAt(world.port));
    const read = () => restsOn(requirement, contextOf(highest, world.port, new AbortController().signal, named));
    const found = await read();
    expect(found).not.toEqual([]);
    expect(await read()).toEqual(found);

    const located = locate('sample', JSON.stringify(sampleAt(world.port)));
    if (!located.ok) throw new Error('the sample cannot be read');
    const references = fieldsOf(proof.requirement, located.root).flatMap(({ schema, node }) => {
      const family = metaOf(schema)['reference'];
      return typeof family === 'string' && node.type === 'scalar' ? [`${family} ${String(valueOf(node))}`] : [];
    });
    expect([...new Set(references)].filter((each) => !named.includes(each) && each !== 'person nobody')).toEqual([]);
  });

  it('is a fault when the servers cannot be read, where it asks them', async () => {
    await using world = await serveHttp((_request, response) => response.writeHead(500).end());
    const named: string[] = [];
    const requirement = proof.requirement.parse(sampleAt(world.port));
    const context = contextOf(highest, world.port, new AbortController().signal, named);
    const asksNobody = ['channel', 'check'].includes(proof.kind);
    const reading = restsOn(requirement, context);
    if (asksNobody) expect(await reading).not.toEqual([]);
    else await expect(reading).rejects.toMatchObject({ name: 'Fault' });
  });

  it('is no longer read within a second after it is stopped', async () => {
    await using silent = await serveSilence();
    const stop = new AbortController();
    const requirement = proof.requirement.parse(sampleAt(silent.port));
    const asked = once(silent.server, 'connection', { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
    const reading = restsOn(requirement, contextOf(highest, silent.port, stop.signal)).then(
      () => 'read',
      (error: unknown) => String(error),
    );
    await Promise.race([asked, reading]);
    stop.abort(new Error('stopped'));
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve('late'), 1_000);
    expect(await Promise.race([reading, late])).toMatch(/^read$|stopped/);
    clearTimeout(timer);
  });
});
