import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { channels } from '../../src/channels/index.ts';
import { onDemand } from '../../src/check/check.ts';
import { outcome } from '../../src/check/outcome.ts';
import { runCheck } from '../../src/check/run.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { finding } from '../../src/gate/finding.ts';
import { ladders, rungOf } from '../../src/gate/grade.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { board } from '../../src/board/board.ts';
import { connectBoardServer } from '../../src/stack/board-server.ts';
import { connectDeadManSwitch } from '../../src/stack/dead-man.ts';
import { connectAlertmanager } from '../../src/stack/alertmanager.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { projectFolder } from '../cli/project.ts';
import { serveSilence } from '../probes/loopback.ts';
import { contextWith } from '../proofs/context.ts';
import { anyValue, jsonSchemaOf, schemasIn } from './any-value.ts';
import { sampleBoard, sampleOptions } from './samples.ts';

const never = new AbortController().signal;

interface Kind {
  readonly room: 'channels' | 'probes' | 'proofs';
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
}

const kinds: readonly Kind[] = [
  ...[...channels.values()].map((each) => ({ room: 'channels' as const, ...each })),
  ...[...probes.values()].map((each) => ({ room: 'probes' as const, ...each })),
  ...[...proofs.values()].map((each) => ({ room: 'proofs' as const, ...each, options: each.requirement })),
];

function sampleOf({ room, kind }: Pick<Kind, 'room' | 'kind'>, port = 9): unknown {
  const samples: Readonly<Record<string, unknown>> = sampleOptions(port)[room];
  return samples[kind];
}

/** Judges twice, years apart: what is pure comes to the same, and leaves what it was given as it is. */
function judgedTwice<Result>(judge: (seen: unknown) => Result, seen: unknown): Result {
  const before = canonicalJson(seen);
  vi.useFakeTimers({ now: 0, toFake: ['Date'] });
  const first = judge(seen);
  vi.setSystemTime('2100-01-01');
  expect(judge(seen)).toEqual(first);
  expect(canonicalJson(seen)).toBe(before);
  return first;
}
afterEach(() => void vi.useRealTimers());

describe.each(kinds)('$room: $kind', (each) => {
  it('stands in its list under its own name, and says in one line what it is', () => {
    expect({ channels, probes, proofs }[each.room].get(each.kind)?.kind).toBe(each.kind);
    expect(each.kind).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(each.summary).toMatch(/^\S.{8,128}\S$/);
  });

  it('accepts the options of the sample, and no key that it does not know, at any depth', () => {
    expect(each.options.safeParse(sampleOf(each)).error).toBeUndefined();
    const unknown = each.options.safeParse({ ...Object(sampleOf(each)), unheardOf: 1 });
    expect(unknown.error?.issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys', keys: ['unheardOf'] }));
    for (const schema of schemasIn(jsonSchemaOf(each.options, 'input'))) {
      if (schema.properties !== undefined) expect(schema).toHaveProperty('additionalProperties', false);
    }
  });

  it('marks what holds a secret', () => {
    const fields = schemasIn(jsonSchemaOf(each.options, 'input')).flatMap(({ properties }) => Object.entries(properties ?? {}));
    const unmarked = fields.filter(
      ([name, schema]) => /password|token|secret/i.test(name) && !schemasIn(schema).some(({ secret }) => secret === true),
    );
    expect(unmarked.map(([name]) => name)).toEqual([]);
  });
});

describe.each([...proofs.values()])('the proof $kind', (proof) => {
  it('climbs a known ladder, and asks by default for more than a declaration', () => {
    expect(Object.values(ladders)).toContainEqual(proof.ladder);
    expect(rungOf(proof.ladder, proof.defaultGrade)).toBeGreaterThan(0);
  });

  it('judges whatever its facts may be, purely, and speaks of rungs of its ladder only', () => {
    const requirement = proof.requirement.parse(sampleOf({ room: 'proofs', kind: proof.kind }));
    fc.assert(
      fc.property(anyValue(proof.facts), (facts) => {
        const findings = judgedTwice((seen) => proof.judge(requirement, seen), facts);
        for (const each of findings) {
          expect(finding.safeParse(each).error).toBeUndefined();
          expect(rungOf(proof.ladder, each.grade)).toBeGreaterThanOrEqual(0);
          expect(each.says).not.toBe('');
        }
      }),
    );
  });

  it('ends within a second when it is stopped, whatever it waits for', async () => {
    await using silent = await serveSilence();
    const requirement = proof.requirement.parse(sampleOf({ room: 'proofs', kind: proof.kind }, silent.port));
    const highest = proof.ladder.at(-1) ?? proof.defaultGrade;
    const ended = endAfterStop(silent.server, (signal) => proof.observe(requirement, contextOf(highest, silent.port, signal)));
    await expect(ended).rejects.toThrow('stopped');
  });
});

describe.each([...probes.values()])('the probe $kind', (probe) => {
  it('judges whatever its observations may be, purely, and gives a reason when it does not pass', () => {
    const options = probe.options.parse(sampleOf({ room: 'probes', kind: probe.kind }));
    fc.assert(
      fc.property(anyValue(probe.observation), (observation) => {
        const judged = judgedTwice((seen) => probe.judge(options, seen), observation);
        expect(outcome.safeParse(judged).error).toBeUndefined();
        if (judged.status !== 'pass') expect(judged.reasons.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a check file', () => {
  it.each([...probes.keys()])('declares a check of the kind %s', async (kind) => {
    const sample = sampleOf({ room: 'probes', kind }) as Readonly<Record<string, unknown>>;
    await using folder = await projectFolder({
      'liveproof.yaml': 'name: samples\n',
      'checks/sample.yaml': JSON.stringify({ check: 'sample', probe: kind, ...sample }),
    });
    const loaded = await loadProject({ file: `${folder.path}/liveproof.yaml`, env: {}, probes });
    expect(loaded.ok ? [] : loaded.faults.map(({ message }) => message)).toEqual([]);
  });
});

describe('a probe that is stopped', () => {
  // The browser's is shown with a real Chromium, in test/probes/browser.browser.test.ts.
  it.each([...probes.values()].filter(({ kind }) => kind !== 'browser'))('$kind ends within a second', async (probe) => {
    await using silent = await serveSilence();
    const options = probe.options.parse(sampleOf({ room: 'probes', kind: probe.kind }, silent.port));
    const keep = (): Promise<string> => Promise.resolve('');
    const heartbeats = { last: () => silenceOf(silent.port) };
    const ended = endAfterStop(silent.server, (signal) => probe.observe(options, { clock: systemClock, signal, keep, heartbeats }));
    await expect(ended).rejects.toThrow('stopped');
  });
});

describe.each([...channels.values()])('the channel $kind', (kind) => {
  it('ends within a second when it is stopped, and is closed in time', async () => {
    await using silent = await serveSilence();
    const options = kind.options.parse(sampleOf({ room: 'channels', kind: kind.kind }, silent.port));
    const channel = await kind.open('c', options, { clock: systemClock, signal: never });
    expect(channel).toMatchObject({ name: 'c', kind: kind.kind });
    expect(channel.readBackEveryMs).toBeGreaterThan(0);
    const ended = endAfterStop(silent.server, (signal) => channel.send({ nonce: 'n', subject: 's', text: 't' }, signal));
    await expect(ended).rejects.toThrow('stopped');
    await expect(withinASecond(channel.readBack('n', AbortSignal.abort(new Error('stopped'))))).rejects.toThrow('stopped');
    await withinASecond(channel.close());
  });
});

/** Starts something that waits for a silent server, stops it once it has turned to it, and gives what comes of it within a second. */
async function endAfterStop(server: Server, start: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  const asked = once(server, 'connection', { signal: AbortSignal.timeout(30_000) });
  const running = start(controller.signal);
  running.catch(() => undefined);
  const datagram = once(server, 'datagram', { signal: controller.signal });
  datagram.catch(() => undefined);
  await Promise.race([asked, datagram, running]);
  controller.abort(new Error('stopped'));
  return withinASecond(running);
}

function withinASecond<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('not within a second')), 1_000);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** Turns to a silent server, and never comes to anything. */
async function silenceOf(port: number): Promise<never> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'close');
  return new Promise(() => undefined);
}

/** A world in which everything is there and nothing answers. */
function contextOf(grade: (typeof ladders)[keyof typeof ladders][number], port: number, signal: AbortSignal) {
  const server = { url: `http://127.0.0.1:${String(port)}`, place: undefined };
  return contextWith({
    grade,
    signal,
    prometheus: () => connectPrometheus({ name: 'Prometheus', ...server }),
    alertmanager: () => connectAlertmanager({ name: 'Alertmanager', ...server }),
    alertmanagers: () => [connectAlertmanager({ name: 'Alertmanager', ...server })],
    prometheuses: () => [connectPrometheus({ name: 'Prometheus', ...server })],
    boardServer: () => connectBoardServer({ name: 'the board server', ...server }),
    deadMan: () => connectDeadManSwitch({ name: "the dead-man's switch", ...server }, { apiKey: 'key', check: 'c' }),
    boards: [board.parse(sampleBoard)],
    people: ['ada', 'mary'].map((name) => ({ name, email: `${name}@app.test`, roles: [], password: 'a-password' })),
    channel: (name) => webhookTo(name, port),
    runCheck: (name) => {
      const http = probes.get('http');
      if (http === undefined) throw new Error('no http probe');
      const options = http.options.parse(sampleOf({ room: 'probes', kind: 'http' }, port));
      return runCheck({ name, ...onDemand, ref: [], statement: name, probe: 'http', timeoutMs: 60_000, options }, http, {
        clock: systemClock,
        signal,
        keep: () => Promise.resolve(''),
      });
    },
  });
}

async function webhookTo(name: string, port: number) {
  const kind = channels.get('webhook');
  if (kind === undefined) throw new Error('no webhook channel');
  return kind.open(name, kind.options.parse(sampleOf({ room: 'channels', kind: 'webhook' }, port)), { clock: systemClock, signal: never });
}

it('lets those in apart from the others whose work programs of their own do', () => {
  const heavy = [...probes.values()].filter(({ weight }) => weight === 'heavy').map(({ kind }) => kind);
  expect(heavy.toSorted()).toEqual(['browser', 'k6']);
});
